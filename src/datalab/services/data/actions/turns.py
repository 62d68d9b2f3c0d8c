"""One change of a dataset's content at a time."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from datalab.contracts.data import DatasetName


class Turns:
    """Those of one process that change the same dataset wait for each other, in the order in which they came.

    Who waits here holds no connection to a database and meets no conflict; with other processes both can happen still.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[DatasetName, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, name: DatasetName) -> AsyncGenerator[None]:
        """Wait for the turn and have it."""
        lock = self._locks.setdefault(name, asyncio.Lock())
        async with lock:
            yield
