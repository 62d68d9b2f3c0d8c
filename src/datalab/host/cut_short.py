"""What a server says to a request that it gives up, because the time that it had to stop is over."""

import asyncio
from collections.abc import Awaitable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from datalab.contracts.errors import Category, PlatformError, Unavailable
from datalab.contracts.gateway import OutcomeUnknown
from datalab.contracts.ids import new_id
from datalab.kernel.http.methods import IDEMPOTENT
from datalab.kernel.http.problems import problem_response
from datalab.kernel.http.stopping import Stopping


class _CutShort(OutcomeUnknown):
    """This process stops before it has answered."""

    category = Category.UNAVAILABLE


async def answer_unless_cut_short(app: ASGIApp, stopping: Stopping, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one HTTP request; one that is cancelled while the process drains gets a problem, if it has no answer yet.

    uvicorn's own answer would be a 500 that looks like a fault of what was asked.
    """
    begun = False

    def watched(message: Message) -> Awaitable[None]:
        nonlocal begun
        begun = True
        return send(message)

    try:
        await app(scope, receive, watched)
    except asyncio.CancelledError:
        if begun or not stopping.draining:
            raise
        await problem_response(_problem(scope["method"]), new_id())(scope, receive, send)


def _problem(method: str) -> PlatformError:
    if method in IDEMPOTENT:
        return Unavailable("stopped before this was answered; ask again", retry_after_s=1)
    return _CutShort("stopped before this was answered, so it may or may not have been done")
