"""Carries events from a service's outbox to the bus."""

import asyncio
import contextlib
import logging
from datetime import timedelta
from typing import Self

from datalab.contracts.errors import Unavailable
from datalab.kernel.database.changes import ChangeWatch
from datalab.kernel.database.database import Database
from datalab.kernel.events.bus import EventBus, NotDelivered
from datalab.kernel.events.event import Event
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.failpoint import reach

log = logging.getLogger(__name__)

BATCH = 100
LEASE = timedelta(seconds=15)
"""How long the events of a relay that died stay hidden from the others."""

WATCH_S = 0.25
"""How often SQLite's change counter is asked."""

POLL_S = 1.0
"""How often the table is looked at unasked, for events added by other processes or postponed."""

LONGEST_WAIT_S = 30.0


class Relay:
    """A task that runs while the service does: ``async with Relay(database, outbox, bus):``.

    Several may run at once, in several processes too. An event leaves the outbox when the bus has taken it; one that
    the bus refuses is tried again after a growing wait, and holds up no other.
    """

    def __init__(self, database: Database, outbox: Outbox, bus: EventBus) -> None:
        self._database = database
        self._outbox = outbox
        self._bus = bus
        self._added = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self.run(), name=f"relay of {self._database.service}")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def run(self) -> None:
        """Carry events until cancelled; outages of the database or the bus are waited out."""
        unhear = self._outbox.on_added(self._added.set)
        wait = WATCH_S
        try:
            async with self._database.changes() as changes:
                while True:
                    try:
                        if await self.carry() == 0:
                            await self._wait(changes)
                        wait = WATCH_S
                    except Exception as error:  # noqa: BLE001 # reported, and tried again: it must outlive any mishap
                        self._report(error)
                        await asyncio.sleep(wait)
                        wait = min(2 * wait, LONGEST_WAIT_S)
        finally:
            unhear()

    async def carry(self) -> int:
        """Publish one batch of due events; how many there were, delivered or not."""
        self._added.clear()
        claimed = await self._outbox.claim(BATCH, LEASE)
        if not claimed:
            return 0
        reach("events.relay.after_claim")
        events = [event for event, _ in claimed]
        refused = await self._publish(events)
        reach("events.relay.after_publish")
        await self._outbox.remove([event for event in events if event not in refused])
        reach("events.relay.after_removal")
        for event, attempts in claimed:
            if event in refused:
                await self._outbox.postpone([event], pause(attempts))
        return len(claimed)

    def _report(self, error: Exception) -> None:
        where = {"service": self._database.service}
        if isinstance(error, Unavailable):
            log.warning("the relay waits: %s", error.detail, extra=where)
        else:
            log.error("the relay failed and tries again", exc_info=error, extra=where)

    async def _publish(self, events: list[Event]) -> tuple[Event, ...]:
        try:
            await self._bus.publish(events)
        except NotDelivered as error:
            log.warning("%s", error, extra={"service": self._database.service})
            return error.events
        return ()

    async def _wait(self, changes: ChangeWatch) -> None:
        """Until events were added here or by another process, or it is time to look anyhow."""
        loop = asyncio.get_running_loop()
        until = loop.time() + POLL_S
        step = WATCH_S if changes.exact else POLL_S
        while (left := until - loop.time()) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._added.wait(), min(step, left))
                return
            if changes.exact and await changes.changed():
                return


def pause(attempts: int) -> timedelta:
    """How long an event waits that was refused ``attempts`` times before."""
    return timedelta(seconds=min(0.1 * 2 ** min(attempts, 16), LONGEST_WAIT_S))
