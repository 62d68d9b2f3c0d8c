"""What surrounds every WebSocket: its request id, its log line and its audit entry, once it has ended."""

import time
from dataclasses import dataclass
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from datalab.contracts.errors import Forbidden, NotFound, PlatformError
from datalab.kernel.http.context import REQUEST_ID, audit_entry, request_id_of
from datalab.kernel.http.problems import problem_response
from datalab.kernel.telemetry.audit import AuditTrail
from datalab.kernel.telemetry.logs import get_logger

LONGEST_MESSAGE = 1024 * 1024
"""Bytes of one message; a longer one ends the connection with the code 1009."""
_log = get_logger("datalab.access")


@dataclass(slots=True)
class _Seen:
    """What became of the handshake, while there is none yet, and of the connection."""

    status: int = 0
    code: int | None = None


class WebSocketContext:
    """ASGI middleware around one service's app."""

    def __init__(self, app: ASGIApp, *, service: str, audit: AuditTrail) -> None:
        self._app = app
        self._service = service
        self._audit = audit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        scope[REQUEST_ID] = request_id_of(Headers(scope=scope))
        seen, started = _Seen(), time.perf_counter()

        async def observed_send(message: Message) -> None:
            if message["type"] == "websocket.accept":
                seen.status = HTTPStatus.SWITCHING_PROTOCOLS.value
                identified = (b"x-request-id", scope[REQUEST_ID].encode())
                message = {**message, "headers": [*message.get("headers", ()), identified]}
            elif message["type"] == "websocket.http.response.start":
                seen.status = message["status"]
            elif message["type"] == "websocket.close" and seen.status == 0:
                await problem_response(_refusal(scope), scope[REQUEST_ID])(scope, receive, observed_send)
                return
            elif message["type"] == "websocket.close":
                seen.code = message.get("code", 1000)
            await send(message)

        async def observed_receive() -> Message:
            message = await receive()
            if message["type"] == "websocket.disconnect" and seen.code is None:
                seen.code = message.get("code", 1005)
            return message

        try:
            await self._app(scope, observed_receive, observed_send)
        finally:
            self._observe(scope, seen, time.perf_counter() - started)

    def _observe(self, scope: Scope, seen: _Seen, elapsed_s: float) -> None:
        status = seen.status or HTTPStatus.INTERNAL_SERVER_ERROR.value
        _log.info(
            "websocket",
            service=self._service,
            path=scope["path"],
            status=status,
            code=seen.code,
            elapsed_ms=round(elapsed_s * 1000, 2),
            request_id=scope[REQUEST_ID],
        )
        self._audit.record(audit_entry(scope, self._service, status, whole=True))


def _refusal(scope: Scope) -> PlatformError:
    """Why an app closes what it hasn't accepted."""
    if scope.get("route") is None:
        return NotFound(f"there is no WebSocket at {scope['path'][:200]}")
    return Forbidden("the connection was refused")
