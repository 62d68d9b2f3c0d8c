"""Job events as server-sent events."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Final

from datalab.contracts.errors import InvalidInput, PlatformError
from datalab.contracts.jobs import JobEvent

MEDIA_TYPE: Final = "text/event-stream"
HEADERS: Final = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
RETRY_MS: Final = 1000


async def as_events(events: AsyncIterator[JobEvent], heartbeat_s: float) -> AsyncGenerator[bytes]:
    """Each event under its sequence as id, a comment whenever nothing happened for ``heartbeat_s`` seconds.

    The reader resumes by giving the last id back (``Last-Event-ID``). The last event before the stream's own end tells
    that the job has ended; a stream without it was cut off.
    """
    yield f"retry: {RETRY_MS}\n\n".encode()
    waiting: asyncio.Task[JobEvent | None] | None = None
    try:
        while True:
            waiting = waiting or asyncio.ensure_future(_next(events))
            done, _ = await asyncio.wait({waiting}, timeout=heartbeat_s)
            if not done:
                yield b": alive\n\n"
                continue
            event, waiting = waiting.result(), None
            if event is None:
                return
            yield f"id: {event.sequence}\nevent: {event.kind.value}\ndata: {event.model_dump_json()}\n\n".encode()
    except PlatformError:
        # The reader connects anew and is told then what is wrong, or goes on.
        return
    finally:
        if waiting is not None:
            waiting.cancel()
            with contextlib.suppress(asyncio.CancelledError, PlatformError):
                await waiting


async def _next(events: AsyncIterator[JobEvent]) -> JobEvent | None:
    return await anext(events, None)


def resume_after(last_event_id: str | None, after: int | None) -> int:
    """The sequence to go on from: the stream's header, else the query's ``after``, else the beginning.

    Raises:
        InvalidInput: The header holds no id that a stream gave.
    """
    if last_event_id is None or not last_event_id.strip():
        return after or 0
    text = last_event_id.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004 # more than any job has events
        raise InvalidInput(f"Last-Event-ID: {text[:40]!r} is no id of this stream; give back the last one that came")
    return int(text)
