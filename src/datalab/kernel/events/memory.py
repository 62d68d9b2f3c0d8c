"""The bus within one process."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from datalab.contracts.ids import new_id
from datalab.kernel.events.bus import Handler, NotDelivered
from datalab.kernel.events.event import Event, described

log = logging.getLogger(__name__)


@dataclass(eq=False)
class MemorySubscription:
    """One handler in one group."""

    topics: frozenset[str]
    group: str
    handler: Handler
    members: list["MemorySubscription"] = field(repr=False)

    async def close(self) -> None:
        """See :class:`datalab.kernel.events.bus.Subscription`."""
        if self in self.members:
            self.members.remove(self)


class MemoryBus:
    """Publishing waits for the handlers, so an event leaves its outbox only when every group has handled it.

    Groups are served at the same time, the events of one group one after the other. A group that has handled an
    event isn't given it again because another group failed.
    """

    def __init__(self) -> None:
        self._members: list[MemorySubscription] = []
        self._handled: dict[str, set[str]] = {}

    async def publish(self, events: Sequence[Event]) -> None:
        """See :class:`datalab.kernel.events.bus.EventBus`."""
        groups = dict.fromkeys(member.group for member in self._members)
        failures = await asyncio.gather(*(self._serve(group, events) for group in groups))
        failed = {event.id for some in failures for event in some}
        for event in events:
            if event.id not in failed:
                self._handled.pop(event.id, None)
        if failed:
            raise NotDelivered([event for event in events if event.id in failed], "a handler failed; see the log")

    async def subscribe(self, topics: Sequence[str], group: str, handler: Handler) -> MemorySubscription:
        """See :class:`datalab.kernel.events.bus.EventBus`."""
        member = MemorySubscription(frozenset(topics), group, handler, self._members)
        self._members.append(member)
        return member

    async def broadcast(self, topics: Sequence[str], handler: Handler) -> MemorySubscription:
        """See :class:`datalab.kernel.events.bus.EventBus`."""
        return await self.subscribe(topics, f"broadcast-{new_id()}", handler)

    async def ping(self) -> None:
        """Always there."""

    async def close(self) -> None:
        """See :class:`datalab.kernel.events.bus.EventBus`."""
        self._members.clear()

    async def _serve(self, group: str, events: Sequence[Event]) -> list[Event]:
        return [event for event in events if not await self._handle(group, event)]

    async def _handle(self, group: str, event: Event) -> bool:
        member = next((m for m in self._members if m.group == group and event.topic in m.topics), None)
        if member is None or group in self._handled.get(event.id, ()):
            return True
        try:
            await member.handler(event)
        except Exception:
            log.exception("a handler failed; the event comes again", extra=described(event, group))
            return False
        self._handled.setdefault(event.id, set()).add(group)
        return True
