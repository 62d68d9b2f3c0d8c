"""Profiles remembered: a version never changes, and so doesn't what is in it."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable

from datalab.kernel.turns import Turns
from datalab.services.data.model.profiling import Profiled

VersionKey = tuple[str, int]
"""A dataset's id and a version of it."""


class Profiles:
    """Those asked for last, together of at most ``max_columns``; who asks while one is being made waits for it."""

    def __init__(self, max_columns: int = 20_000) -> None:
        self._max_columns = max_columns
        self._columns = 0
        self._known: OrderedDict[VersionKey, Profiled] = OrderedDict()
        self._making = Turns()

    async def of(self, key: VersionKey, make: Callable[[], Awaitable[Profiled]]) -> Profiled:
        """The version's profile."""
        async with self._making.of(key):
            if key not in self._known:
                self._keep(key, await make())
            self._known.move_to_end(key)
            return self._known[key]

    def _keep(self, key: VersionKey, found: Profiled) -> None:
        self._known[key] = found
        self._columns += len(found.columns)
        while self._columns > self._max_columns and len(self._known) > 1:
            _, oldest = self._known.popitem(last=False)
            self._columns -= len(oldest.columns)
