"""Noticing that the caller has gone while an answer is being prepared."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from starlette.requests import Request

from datalab.contracts.errors import Cancelled


@asynccontextmanager
async def while_on_the_line(request: Request) -> AsyncGenerator[None]:
    """Cancels the block when the caller hangs up. The request's body must have been read.

    Raises:
        Cancelled: The caller has hung up; nobody will read the answer.
    """
    task = asyncio.current_task()
    gone = False

    async def watch() -> None:
        nonlocal gone
        while (await request.receive())["type"] != "http.disconnect":
            pass
        gone = True
        if task is not None:
            task.cancel()

    watching = asyncio.create_task(watch())
    try:
        yield
    except asyncio.CancelledError as error:
        if not gone or task is None or task.uncancel() > 0:
            raise
        raise Cancelled("the caller went away before the answer began") from error
    finally:
        watching.cancel()
