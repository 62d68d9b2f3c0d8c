"""The bus between processes, on Redis Streams."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from redis.exceptions import RedisError

from datalab.contracts.errors import Unavailable
from datalab.kernel.events.bus import Handler, NotDelivered
from datalab.kernel.events.event import Event, described
from datalab.kernel.events.readers import BroadcastReader, GroupReader, Reader
from datalab.kernel.events.streams import Entry, Streams
from datalab.kernel.redis_connection import connect

log = logging.getLogger(__name__)

LONGEST_BLOCK_S = 1.0
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 30.0
READY_TIMEOUT_S = 2.0
MOST_FAILED = 1000
"""With so many events waiting to be tried again, no new ones are fetched."""


@dataclass(frozen=True)
class Failure:
    """An event whose handler failed, how often, and when (by the loop's clock) it is tried again."""

    entry: Entry
    times: int
    due: float


def _failed_again(entry: Entry, before: Failure | None) -> Failure:
    times = before.times + 1 if before else 1
    pause = min(FIRST_PAUSE_S * 2 ** min(times - 1, 16), LONGEST_PAUSE_S)
    return Failure(entry, times, asyncio.get_running_loop().time() + pause)


class RedisBus:
    """An event is published when Redis has it; Redis keeps it for each group until a member has handled it.

    What a died member was handling goes to another after ``abandoned_s``, so a handler that takes longer may run twice
    at once. What Redis acknowledged and then lost (it runs without an append-only file) is lost here too.
    """

    def __init__(self, url: str, *, abandoned_s: float = 30.0) -> None:
        self._client = connect(url)
        self._streams = Streams(self._client)
        self._abandoned_s = abandoned_s
        self._subscriptions: list[RedisSubscription] = []

    async def publish(self, events: Sequence[Event]) -> None:
        """See :class:`datalab.kernel.events.bus.EventBus`."""
        if not events:
            return
        try:
            await self._streams.append(events)
        except (RedisError, OSError) as error:
            raise NotDelivered(events, f"Redis: {error}") from error

    async def subscribe(self, topics: Sequence[str], group: str, handler: Handler) -> "RedisSubscription":
        """See :class:`datalab.kernel.events.bus.EventBus`; with Redis away it begins when Redis is back."""
        reader = GroupReader(self._streams, topics, group, self._abandoned_s)
        return await self._start(RedisSubscription(reader, handler, group))

    async def broadcast(self, topics: Sequence[str], handler: Handler) -> "RedisSubscription":
        """See :class:`datalab.kernel.events.bus.EventBus`; with Redis away it begins when Redis is back."""
        return await self._start(RedisSubscription(BroadcastReader(self._streams, topics), handler, "broadcast"))

    async def ping(self) -> None:
        """See :class:`datalab.kernel.events.bus.EventBus`."""
        try:
            await self._client.ping()
        except (RedisError, OSError) as error:
            raise Unavailable(f"Redis can't be reached: {error}", retry_after_s=1.0) from error

    async def close(self) -> None:
        """See :class:`datalab.kernel.events.bus.EventBus`."""
        await asyncio.gather(*(subscription.close() for subscription in self._subscriptions))
        await self._client.aclose()

    async def _start(self, subscription: "RedisSubscription") -> "RedisSubscription":
        self._subscriptions.append(subscription)
        await subscription.start()
        return subscription


class RedisSubscription:
    """Fetches events and gives them to a handler, one after the other; one that fails comes again after a pause."""

    def __init__(self, reader: Reader, handler: Handler, group: str) -> None:
        self._reader = reader
        self._handler = handler
        self._group = group
        self._ready = asyncio.Event()
        self._failed: dict[tuple[str, bytes], Failure] = {}
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    async def start(self) -> None:
        """Begin; returns when events published from now on will arrive, or with Redis away after 2 s."""
        self._task = asyncio.create_task(self._run(), name=f"subscription of {self._group}")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ready.wait(), READY_TIMEOUT_S)

    async def close(self) -> None:
        """See :class:`datalab.kernel.events.bus.Subscription`."""
        self._closed, task = True, self._task
        if task is not None:
            while not task.done():
                task.cancel()
                await asyncio.wait({task}, timeout=0.1)  # the client may swallow a cancellation
            await self._reader.leave()

    async def _run(self) -> None:
        pause = FIRST_PAUSE_S
        while not self._closed:
            try:
                await self._reader.prepare()
                self._ready.set()
                while not self._closed:
                    await self._turn()
                    pause = FIRST_PAUSE_S
            except (RedisError, OSError) as error:
                log.warning("events wait for Redis: %s", error, extra={"group": self._group})
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE_S)

    async def _turn(self) -> None:
        now = asyncio.get_running_loop().time()
        for failure in [failure for failure in self._failed.values() if failure.due <= now]:
            await self._handle(failure.entry)
        wait = min([LONGEST_BLOCK_S, *(failure.due - now for failure in self._failed.values())])
        if len(self._failed) >= MOST_FAILED:
            await asyncio.sleep(max(wait, 0))
            return
        for entry in await self._reader.fetch(wait):
            if (entry.topic, entry.position) not in self._failed:
                await self._handle(entry)

    async def _handle(self, entry: Entry) -> None:
        key = (entry.topic, entry.position)
        if entry.event is None:
            log.error("what stands in the stream is no event", extra={"topic": entry.topic, "group": self._group})
        else:
            try:
                await self._handler(entry.event)
            except Exception:
                log.exception("a handler failed; the event comes again", extra=described(entry.event, self._group))
                self._failed[key] = _failed_again(entry, self._failed.get(key))
                return
        self._failed.pop(key, None)
        await self._reader.done(entry)
