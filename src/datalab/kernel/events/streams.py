"""The words of Redis Streams that the bus needs, typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pydantic import ValidationError
from redis.exceptions import ResponseError

from datalab.kernel.events.event import Event

FIELD = b"event"
KEPT = 10_000
"""About how many events a topic's stream holds; who falls behind further misses some."""


@dataclass(frozen=True)
class Entry:
    """One place in a topic's stream; ``event`` is missing where what stands there is none."""

    topic: str
    position: bytes
    event: Event | None


def stream_of(topic: str) -> str:
    """The key of a topic's stream."""
    return f"datalab:events:{topic}"


class Streams:
    """Streams on one Redis. Every method raises :class:`redis.exceptions.RedisError` or :class:`OSError`."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def append(self, events: Sequence[Event]) -> None:
        """All of the events, or, after an error, perhaps some."""
        async with self._client.pipeline(transaction=False) as pipe:
            for event in events:
                pipe.xadd(stream_of(event.topic), {FIELD: event.model_dump_json()}, maxlen=KEPT, approximate=True)
            await pipe.execute()

    async def ensure_group(self, topics: Sequence[str], group: str) -> None:
        """Make the group where it isn't; a new one begins with the oldest event that is kept."""
        for topic in topics:
            try:
                await self._client.xgroup_create(stream_of(topic), group, id="0", mkstream=True)
            except ResponseError as error:
                if not str(error).startswith("BUSYGROUP"):
                    raise

    async def ends(self, topics: Sequence[str]) -> dict[str, bytes]:
        """The id of the newest event of each topic."""
        newest = [await self._client.xrevrange(stream_of(topic), count=1) for topic in topics]
        return {topic: found[0][0] if found else b"0-0" for topic, found in zip(topics, newest, strict=True)}

    async def next_of_group(self, topics: Sequence[str], group: str, member: str, block_ms: int) -> list[Entry]:
        """Events that no member of the group has been given."""
        wanted = {stream_of(topic): ">" for topic in topics}
        return _entries(await self._client.xreadgroup(group, member, wanted, count=100, block=block_ms))

    async def next_after(self, positions: Mapping[str, bytes], block_ms: int) -> list[Entry]:
        """Events after a position in each topic."""
        wanted = {stream_of(topic): position for topic, position in positions.items()}
        return _entries(await self._client.xread(wanted, count=100, block=block_ms))

    async def abandoned(self, topics: Sequence[str], group: str, member: str, idle_ms: int) -> list[Entry]:
        """Events given to a member that has not handled them in ``idle_ms``; they are this member's now."""
        found: list[Entry] = []
        for topic in topics:
            answer = await self._client.xautoclaim(stream_of(topic), group, member, idle_ms, count=100)
            found += _entries([(stream_of(topic).encode(), answer[1])])
        return found

    async def handled(self, entry: Entry, group: str) -> None:
        """Tell that the group is done with an event."""
        await self._client.xack(stream_of(entry.topic), group, entry.position)

    async def leave(self, topics: Sequence[str], group: str, member: str) -> None:
        """Take a member without unfinished events off the group's list."""
        for topic in topics:
            if not await self._client.xpending_range(stream_of(topic), group, "-", "+", 1, consumername=member):
                await self._client.xgroup_delconsumer(stream_of(topic), group, member)


def _entries(answer: Any) -> list[Entry]:
    pairs = cast("list[tuple[bytes, list[tuple[bytes, dict[bytes, bytes] | None]]]]", answer or [])
    return [
        Entry(stream.decode().removeprefix(stream_of("")), position, _event(fields))
        for stream, entries in pairs
        for position, fields in entries
        if fields is not None  # trimmed since
    ]


def _event(fields: Mapping[bytes, bytes]) -> Event | None:
    """Fields that a newer release added are left out."""
    try:
        return Event.model_validate_json(fields.get(FIELD, b""), extra="ignore")
    except ValidationError:
        return None
