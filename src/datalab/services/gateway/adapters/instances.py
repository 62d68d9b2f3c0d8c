"""Which instance of a service is asked next."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 15.0


@dataclass(slots=True)
class _Record:
    failures: int = 0
    away_until: float = 0.0


class Instances:
    """Takes instances in turn; one that can't be reached is passed over for a growing while, unless all are."""

    def __init__(self, urls: Sequence[str], clock: Callable[[], float] = time.monotonic) -> None:
        if not urls:
            raise ValueError("a service needs at least one instance's URL")
        self.urls = tuple(urls)
        self._clock = clock
        self._records = {url: _Record() for url in self.urls}
        self._next = 0

    def in_turn(self) -> list[str]:
        """All instances, whose turn it is first, those that are away last."""
        start, self._next = self._next, (self._next + 1) % len(self.urls)
        turned = self.urls[start:] + self.urls[:start]
        now = self._clock()
        return sorted(turned, key=lambda url: max(0.0, self._records[url].away_until - now))

    def failed(self, url: str) -> None:
        """It could not be reached."""
        record = self._records[url]
        pause = min(FIRST_PAUSE_S * 2 ** min(record.failures, 16), LONGEST_PAUSE_S)
        record.failures += 1
        record.away_until = self._clock() + pause

    def worked(self, url: str) -> None:
        """It answered."""
        self._records[url] = _Record()
