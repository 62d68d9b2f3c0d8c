"""Server-sent events (the HTML standard's event stream), read from pieces of bytes."""

from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event; ``id`` is what Last-Event-ID resumes after."""

    id: str
    event: str
    data: str


async def lines(pieces: AsyncIterable[bytes]) -> AsyncIterator[str]:
    """The whole lines in the pieces; what follows the last line's end is dropped, as the standard asks."""
    rest = b""
    async for piece in pieces:
        *whole, rest = (rest + piece).replace(b"\r\n", b"\n").split(b"\n")
        for line in whole:
            yield line.decode(errors="replace")


async def events(pieces: AsyncIterable[bytes]) -> AsyncIterator[ServerEvent]:
    """The events in the pieces; comments (heartbeats) and an event cut off at the end are dropped."""
    last_id, name, data = "", "", list[str]()
    async for line in lines(pieces):
        if line == "":
            if data:
                yield ServerEvent(last_id, name or "message", "\n".join(data))
            name, data = "", []
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            data.append(value)
        elif field == "event":
            name = value
        elif field == "id":
            last_id = value
