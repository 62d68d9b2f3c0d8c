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
    ready: bool = True


class Instances:
    """Takes instances in turn; some are passed over, unless all are.

    One that can't be reached is for a growing while, and one that says that it isn't ready until it says otherwise.
    """

    def __init__(self, urls: Sequence[str], clock: Callable[[], float] = time.monotonic) -> None:
        if not urls:
            raise ValueError("a service needs at least one instance's URL")
        self._clock = clock
        self._next = 0
        self._records = {url: _Record() for url in urls}

    @property
    def urls(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(self._records)

    def replace(self, urls: Sequence[str]) -> None:
        """These are all of them from now on; of those that stay is known what was known."""
        self._records = {url: self._records.get(url) or _Record() for url in urls}

    def in_turn(self) -> list[str]:
        """All instances, whose turn it is first, those that aren't ready after them, and those that are away last."""
        urls = self.urls
        start, self._next = self._next % len(urls), (self._next + 1) % len(urls)
        now = self._clock()
        return sorted(urls[start:] + urls[:start], key=lambda url: self._order(url, now))

    def failed(self, url: str) -> None:
        """It could not be reached."""
        record = self._records.get(url)
        if record is None:
            return
        pause = min(FIRST_PAUSE_S * 2 ** min(record.failures, 16), LONGEST_PAUSE_S)
        record.failures += 1
        record.away_until = self._clock() + pause

    def worked(self, url: str) -> None:
        """It answered."""
        if (record := self._records.get(url)) is not None:
            record.failures, record.away_until = 0, 0.0

    def judged(self, url: str, *, ready: bool) -> None:
        """It was asked whether it is ready."""
        if (record := self._records.get(url)) is not None:
            record.ready = ready

    def _order(self, url: str, now: float) -> tuple[float, bool]:
        record = self._records[url]
        return max(0.0, record.away_until - now), not record.ready
