import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from datalab.kernel.database.database import Database
from datalab.kernel.database.migrate import migrate
from datalab.kernel.database.revisions import KERNEL_SCRIPTS
from datalab.kernel.database.url import DatabaseUrl
from datalab.kernel.events.bus import EventBus
from datalab.kernel.events.event import Event, new_event
from datalab.kernel.events.memory import MemoryBus
from datalab.kernel.events.redis import RedisBus


@pytest.fixture
async def database(database_url: DatabaseUrl) -> AsyncIterator[Database]:
    async with Database(database_url, "data") as database:
        await migrate(database, [KERNEL_SCRIPTS])
        yield database


@pytest.fixture(params=["memory", "redis"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[EventBus]:
    bus: EventBus = MemoryBus()
    if request.param == "redis":
        bus = RedisBus(request.getfixturevalue("redis_url"), abandoned_s=0.5)
    yield bus
    await bus.close()


def event(topic: str = "data.published", key: str = "flights", **payload: object) -> Event:
    return new_event("data", topic, key, payload)  # type: ignore[arg-type]


class Heard:
    """A handler that remembers, and fails as often as told."""

    def __init__(self, failures: int = 0) -> None:
        self.events: list[Event] = []
        self.calls = 0
        self._failures = failures
        self._changed = asyncio.Condition()

    async def __call__(self, event: Event) -> None:
        self.calls += 1
        if self._failures > 0:
            self._failures -= 1
            raise RuntimeError("the handler was told to fail")
        async with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    async def until(self, enough: Callable[["Heard"], bool]) -> None:
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(lambda: enough(self)), 30)

    async def until_keys(self, *keys: str) -> None:
        await self.until(lambda heard: set(keys) <= heard.keys)

    @property
    def keys(self) -> set[str]:
        return {event.key for event in self.events}
