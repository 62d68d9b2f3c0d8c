"""A bound on JSON bodies, which are held in memory."""

import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from datalab.contracts.errors import TooLarge
from datalab.kernel.http.bodies import check_declared
from datalab.kernel.http.context import REQUEST_ID
from datalab.kernel.http.problems import problem_response

MAX_BYTES = 16 * 2**20


class BodyLimit:
    """ASGI middleware: refuses bodies past :data:`MAX_BYTES` but on the paths that stream theirs."""

    def __init__(self, app: ASGIApp, *, streamed: re.Pattern[str] | None) -> None:
        self._app = app
        self._streamed = streamed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or (self._streamed is not None and self._streamed.fullmatch(scope["path"])):
            await self._app(scope, receive, send)
            return
        try:
            check_declared(Headers(scope=scope).get("content-length"), MAX_BYTES)
        except TooLarge as error:
            await problem_response(error, scope[REQUEST_ID])(scope, receive, send)
            return
        await self._app(scope, _counted(receive), send)


def _counted(receive: Receive) -> Receive:
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MAX_BYTES:
            raise TooLarge(f"body: more than the {MAX_BYTES:,} bytes that are accepted")
        return message

    return counted
