"""The port by which events reach their handlers."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from datalab.kernel.events.event import Event

Handler = Callable[[Event], Awaitable[None]]
"""Does what an event asks for; must stand being called again with the same event. Raising asks for it again later."""


class NotDelivered(Exception):
    """Some events could not be handed over and are to be published again; the others were."""

    def __init__(self, events: Sequence[Event], reason: str) -> None:
        super().__init__(f"{len(events)} events not delivered: {reason}")
        self.events = tuple(events)


class Subscription(Protocol):
    """A handler's tie to the bus."""

    async def close(self) -> None:
        """Deliver nothing more to this handler; what it is doing is cut off and will be delivered to its group again."""
        ...


class EventBus(Protocol):
    """Delivers each event at least once to each group that subscribed to its topic."""

    async def publish(self, events: Sequence[Event]) -> None:
        """Hand events over. Raises :class:`NotDelivered` with those that must be published again."""
        ...

    async def subscribe(self, topics: Sequence[str], group: str, handler: Handler) -> Subscription:
        """Have one instance of ``group`` handle each event published from now on.

        A group that is new to a Redis also gets what the bus still holds from before.
        """
        ...

    async def broadcast(self, topics: Sequence[str], handler: Handler) -> Subscription:
        """Have this very instance handle each event published from now on, as caches need it."""
        ...

    async def ping(self) -> None:
        """Raise :class:`datalab.contracts.errors.Unavailable` unless the bus can be used."""
        ...

    async def close(self) -> None:
        """End all subscriptions."""
        ...
