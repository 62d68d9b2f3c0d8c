"""Server-sent events."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

from datalab.contracts.jobs import JobEvent, JobEventKind
from datalab.services.compute.streams import as_events


def line(sequence: int) -> JobEvent:
    return JobEvent(sequence=sequence, at=datetime.now(UTC), kind=JobEventKind.LOG, attempt=1, message="a\nb: c")


async def test_a_silent_stream_says_that_it_is_alive() -> None:
    go_on = asyncio.Event()

    async def slow() -> AsyncGenerator[JobEvent]:
        await go_on.wait()
        yield line(7)

    pieces: list[bytes] = []
    async for piece in as_events(slow(), heartbeat_s=0.001):
        pieces.append(piece)
        if piece == b": alive\n\n":
            go_on.set()
    assert b": alive\n\n" in pieces
    assert pieces[-1].startswith(b"id: 7\nevent: log\ndata: {")


async def test_a_line_break_in_a_message_stays_inside_its_event() -> None:
    async def one() -> AsyncGenerator[JobEvent]:
        yield line(1)

    last = [piece async for piece in as_events(one(), heartbeat_s=10)][-1]
    assert last.count(b"\n") == 4


async def test_a_reader_that_leaves_ends_the_following() -> None:
    left = asyncio.Event()

    async def endless() -> AsyncGenerator[JobEvent]:
        try:
            yield line(1)
            await asyncio.Event().wait()
        finally:
            left.set()

    stream = as_events(endless(), heartbeat_s=0.001)
    async for piece in stream:
        if piece == b": alive\n\n":
            break
    await stream.aclose()
    assert left.is_set()
