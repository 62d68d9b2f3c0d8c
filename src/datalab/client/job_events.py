"""Following a job's events over connections that may break."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus

from datalab.client.call import Call
from datalab.client.problems import parsed
from datalab.client.sse import events
from datalab.client.transport import Transport
from datalab.contracts.errors import DeadlineExceeded, Unavailable
from datalab.contracts.jobs import JobEvent, JobState

_PATIENCE = 6
_SILENCE_S = 45.0
"""Longer than some heartbeats of the server's; a stream that is silent for longer is dead."""

_FIRST_PAUSE_S = 0.2


class JobEvents:
    """A job's events after ``after``, in order and each once, until the job has ended.

    The server ends the stream when the job has ended. A stream that ended before it told of the end was cut, by a
    restart say, and is resumed with Last-Event-ID; after some vain attempts in a row the error is raised.
    """

    def __init__(self, transport: Transport, path: str, after: int) -> None:
        self._transport = transport
        self._path = path
        self._last = after
        self._state: JobState | None = None
        self._vain = 0
        self._over = False

    async def __aiter__(self) -> AsyncIterator[JobEvent]:
        """The events."""
        while True:
            error: Exception | None = None
            try:
                async for event in self._one_stream():
                    yield event
            except (Unavailable, DeadlineExceeded) as broken:
                error = broken
            else:
                if self._over or (self._state is not None and self._state.ended):
                    return
            await self._pause(error)

    async def _one_stream(self) -> AsyncIterator[JobEvent]:
        call = Call(
            "compute",
            "GET",
            self._path,
            headers={"Accept": "text/event-stream", "Last-Event-ID": str(self._last)},
            timeout_s=_SILENCE_S,
        )
        async with self._transport.stream(call) as answer:
            # No content: the job had ended and there is nothing after the last event.
            self._over = answer.status == HTTPStatus.NO_CONTENT
            async for one in events(answer):
                event = parsed(JobEvent, one.data.encode(), self._path)
                if event.sequence <= self._last:
                    continue
                self._last, self._vain = event.sequence, 0
                self._state = event.state or self._state
                yield event

    async def _pause(self, error: Exception | None) -> None:
        self._vain += 1
        if self._vain >= _PATIENCE:
            raise error or Unavailable(f"the events of {self._path} ended before the job had")
        await asyncio.sleep(_FIRST_PAUSE_S * 2 ** (self._vain - 1))
