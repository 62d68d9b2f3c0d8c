"""Noticing that the job table changed, whoever changed it."""

import asyncio
import contextlib
from types import TracebackType
from typing import Final, Self

from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.contracts.errors import Unavailable
from datalab.kernel.database.database import Database
from datalab.kernel.events.bus import EventBus, Subscription
from datalab.kernel.events.event import Event
from datalab.services.compute.adapters.announcing import JOB_CANCELLING, JOB_ENDED, JOB_QUEUED

WATCH_S: Final = 0.03
"""How often SQLite's change counter is asked while somebody waits, as long as other processes do write."""

IDLE_WATCH_S: Final = 0.25
"""How often it comes to be asked when they don't."""

SLOWER: Final = 1.1

OUTAGE_PAUSE_S: Final = 1.0


class TableChanges:
    """Wakes those who wait for the job table to change.

    At once when this process commits; within tens of milliseconds when another one does on SQLite; by the bus's events on
    PostgreSQL. Without a bus there, waiters look for themselves when their time is over.

    Implements the port ``Changes``. Works inside ``async with``, which several may enter, one inside or after the other.
    """

    def __init__(self, database: Database, bus: EventBus | None = None) -> None:
        self._database = database
        self._bus = bus
        self._changed = asyncio.Event()
        self._count = 0
        self._awaited = asyncio.Event()
        self._waiters = 0
        self._users = 0
        self._rings = contextlib.AsyncExitStack()

    def ring(self) -> None:
        """See the port."""
        self._count += 1
        self._changed.set()
        self._changed = asyncio.Event()

    def count(self) -> int:
        """See the port."""
        return self._count

    async def wait(self, since: int, timeout_s: float) -> None:
        """See the port."""
        if since != self._count:
            return
        self._waiters += 1
        self._awaited.set()
        try:
            async with asyncio.timeout(timeout_s):
                await self._changed.wait()
        except TimeoutError:
            return
        finally:
            self._waiters -= 1

    async def __aenter__(self) -> Self:
        self._users += 1
        if self._users > 1:
            return self
        self._rings.callback(self._database.on_commit(self._committed))
        if self._bus is not None:
            heard: Subscription = await self._bus.broadcast([JOB_QUEUED, JOB_CANCELLING, JOB_ENDED], self._heard)
            self._rings.push_async_callback(heard.close)
        if self._database.changes().exact:
            watch = asyncio.create_task(self._watch(), name="job table watch")
            self._rings.push_async_callback(_cancel, watch)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._users -= 1
        if self._users == 0:
            await self._rings.aclose()

    def _committed(self, _connection: AsyncConnection) -> None:
        self.ring()

    async def _heard(self, _event: Event) -> None:
        self.ring()

    async def _watch(self) -> None:
        pause_s = WATCH_S
        async with self._database.changes() as changes:
            while True:
                if self._waiters == 0:
                    self._awaited.clear()
                    await self._awaited.wait()
                try:
                    if await changes.changed():
                        self.ring()
                        pause_s = WATCH_S
                    await asyncio.sleep(pause_s)
                    pause_s = min(pause_s * SLOWER, IDLE_WATCH_S)
                except Unavailable:
                    await asyncio.sleep(OUTAGE_PAUSE_S)


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
