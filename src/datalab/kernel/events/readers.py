"""How a subscription gets its events from Redis: shared with its group, or all of them."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Sequence
from typing import Protocol

from redis.exceptions import RedisError

from datalab.contracts.ids import new_id
from datalab.kernel.events.streams import Entry, Streams


class Reader(Protocol):
    """Where a subscription's events come from. Every method may raise ``RedisError`` or ``OSError``."""

    async def prepare(self) -> None:
        """Called before the first fetch and after each error."""
        ...

    async def fetch(self, wait_s: float) -> list[Entry]:
        """Events that came within ``wait_s``."""
        ...

    async def done(self, entry: Entry) -> None:
        """The handler is through with the event."""
        ...

    async def leave(self) -> None:
        """Nothing more will be fetched; never raises."""
        ...


class GroupReader:
    """One member of a group; takes over what other members left unfinished for ``abandoned_s``."""

    def __init__(self, streams: Streams, topics: Sequence[str], group: str, abandoned_s: float) -> None:
        self._streams = streams
        self._topics = tuple(topics)
        self._group = group
        self._member = f"{socket.gethostname()}-{os.getpid()}-{new_id()}"
        self._abandoned_s = abandoned_s
        self._look_at = 0.0

    async def prepare(self) -> None:
        """A Redis that lost its data has lost its groups."""
        await self._streams.ensure_group(self._topics, self._group)

    async def fetch(self, wait_s: float) -> list[Entry]:
        """New events, or those that others abandoned."""
        now = asyncio.get_running_loop().time()
        if now >= self._look_at:
            self._look_at = now + self._abandoned_s / 2
            idle_ms = round(self._abandoned_s * 1000)
            found = await self._streams.abandoned(self._topics, self._group, self._member, idle_ms)
            if found:
                return found
        return await self._streams.next_of_group(self._topics, self._group, self._member, _milliseconds(wait_s))

    async def done(self, entry: Entry) -> None:
        """Acknowledge it."""
        await self._streams.handled(entry, self._group)

    async def leave(self) -> None:
        """Take the member off the list, which otherwise grows with each restart."""
        with contextlib.suppress(RedisError, OSError):
            await self._streams.leave(self._topics, self._group, self._member)


class BroadcastReader:
    """Gets every event from the moment of :meth:`prepare` on, whatever others do."""

    def __init__(self, streams: Streams, topics: Sequence[str]) -> None:
        self._streams = streams
        self._topics = tuple(topics)
        self._positions: dict[str, bytes] = {}

    async def prepare(self) -> None:
        """Begin at the ends; after an outage go on where it was."""
        if not self._positions:
            self._positions = await self._streams.ends(self._topics)

    async def fetch(self, wait_s: float) -> list[Entry]:
        """The events after those fetched before."""
        found = await self._streams.next_after(self._positions, _milliseconds(wait_s))
        for entry in found:
            self._positions[entry.topic] = entry.position
        return found

    async def done(self, entry: Entry) -> None:
        """Nobody else depends on it."""

    async def leave(self) -> None:
        """Nobody else knows of it."""


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))  # 0 would wait for ever
