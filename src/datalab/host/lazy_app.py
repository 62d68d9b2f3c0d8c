"""An ASGI target that builds its app when the server starts it, inside the running event loop."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from datalab.host.cut_short import answer_unless_cut_short
from datalab.host.farewell import Farewell
from datalab.host.told_to_stop import told_to_stop
from datalab.kernel.config.settings import PlatformSettings
from datalab.kernel.garbage import keep_all, uncollected
from datalab.kernel.http.stopping import Stopping
from datalab.kernel.telemetry.logs import get_logger

_log = get_logger(__name__)
_EVENT_STREAM = b"text/event-stream"
_START, _BODY = "http.response.start", "http.response.body"
_OF_ANSWER = (_START, _BODY)
_CLOSE = (b"connection", b"close")
STOPPING = "datalab.stopping"
"""Where the lifespan's state, which servers hand to their protocols, has the app's :class:`Stopping`."""

Opening = Callable[[Stopping], AbstractAsyncContextManager[ASGIApp]]


class LazyApp:
    """Builds at the lifespan's start, so that importing a target opens nothing and reads no settings.

    Under any server it hears first when the process is told to stop: from then on every answer closes its connection,
    and the server hears of it only when ``DATALAB_LINGER_S`` is over. :meth:`drain` ends the event streams that would
    otherwise hold the server up.
    """

    def __init__(self, opening: Opening) -> None:
        self.stopping = Stopping()
        self._opening = opening
        self._app: ASGIApp | None = None
        self._closing = asyncio.Event()

    def drain(self) -> None:
        """Tell every event stream that its reader is gone; readers resume elsewhere by Last-Event-ID."""
        self.stopping.begun = self.stopping.draining = True
        self._closing.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the lifespan, or one request."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        if self._app is None:
            raise RuntimeError("the server did not run the lifespan: start it with lifespan on")
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _wants_events(scope):
            await self._stream(self._app, scope, receive, self._told(send))
        else:
            await answer_unless_cut_short(self._app, self.stopping, scope, receive, self._told(send))

    def _told(self, send: Send) -> Send:
        def told(message: Message) -> Awaitable[None]:
            if self.stopping.begun and message["type"] == _START:
                message = {**message, "headers": [*message.get("headers", ()), _CLOSE]}
            return send(message)

        return told

    async def _stream(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        open_body = False

        async def watched(message: Message) -> None:
            nonlocal open_body
            if message["type"] in _OF_ANSWER:
                open_body = message["type"] == _START or message.get("more_body", False)
            await send(message)

        await app(scope, self._until_closing(receive), watched)
        if open_body and self._closing.is_set():
            # The app took its reader for gone and left the answer open; the reader is there, and shall see an end.
            await send({"type": _BODY, "body": b"", "more_body": False})

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        async with AsyncExitStack() as stack:
            try:
                farewell = Farewell(self.stopping, PlatformSettings().linger_s, self.drain)
                with uncollected():
                    self._app = await stack.enter_async_context(self._opening(self.stopping))
                keep_all()
            except Exception as error:  # noqa: BLE001 - whatever it is, the server must hear why it can't start
                _log.exception("start failed")
                await send({"type": "lifespan.startup.failed", "message": str(error)})
                return
            stack.callback(farewell.close)
            scope.get("state", {})[STOPPING] = self.stopping
            await send({"type": "lifespan.startup.complete"})
            with told_to_stop(farewell.hear):
                await receive()
            self.drain()
        await send({"type": "lifespan.shutdown.complete"})

    def _until_closing(self, receive: Receive) -> Receive:
        async def wait() -> Message:
            closing = asyncio.ensure_future(self._closing.wait())
            message = asyncio.ensure_future(receive())
            try:
                await asyncio.wait((closing, message), return_when=asyncio.FIRST_COMPLETED)
                return message.result() if message.done() else {"type": "http.disconnect"}
            finally:
                closing.cancel()
                message.cancel()

        return wait


def _wants_events(scope: Scope) -> bool:
    return any(name == b"accept" and _EVENT_STREAM in value for name, value in scope["headers"])
