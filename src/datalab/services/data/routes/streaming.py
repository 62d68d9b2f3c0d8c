"""Answers that flow to the caller as they are made."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Self

from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from datalab.kernel.http.hanging_up import while_on_the_line
from datalab.services.data.actions.ask import Answer
from datalab.services.data.model.formats import MEDIA_TYPES

_LONGEST_HEADER = 2_000  # proxies refuse answers whose headers are long


class AnswerResponse(StreamingResponse):
    """An answer as a response. An error found in mid-stream breaks the connection, so that it can't look whole."""

    def __init__(self, answer: Answer, stack: AsyncExitStack, headers: Mapping[str, str]) -> None:
        super().__init__(answer, headers={**_known(answer), **headers}, media_type=MEDIA_TYPES[answer.format])
        self._stack = stack

    @classmethod
    async def of(cls, request: Request, opening: AbstractAsyncContextManager[Answer]) -> tuple[Answer, AsyncExitStack]:
        """Wait until the answer begins, or the caller hangs up; errors until then are answered as problems."""
        async with while_on_the_line(request), AsyncExitStack() as stack:
            answer = await stack.enter_async_context(opening)
            return answer, stack.pop_all()

    @classmethod
    async def opened(cls, request: Request, opening: AbstractAsyncContextManager[Answer]) -> Self:
        """The response of an answer that needs no further headers."""
        answer, stack = await cls.of(request, opening)
        return cls(answer, stack, {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer, then let go of the worker."""
        async with self._stack:
            await super().__call__(scope, receive, send)


def _known(answer: Answer) -> dict[str, str]:
    headers = {"X-Query-ID": answer.query_id, "X-Cached": "true" if answer.cached else "false"}
    read = ", ".join(f"{one.name}@{one.version}" for one in answer.datasets)
    if 0 < len(read) <= _LONGEST_HEADER:
        headers["X-Datasets"] = read
    if answer.tail is not None:
        headers["X-Row-Count"] = str(answer.tail.row_count)
        headers["X-Truncated"] = "true" if answer.tail.truncated else "false"
    return headers
