"""What surrounds every request: its id, its access log line, its metrics and its audit entry."""

import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from datalab.contracts.gateway import AuditEntry
from datalab.contracts.identity import Caller
from datalab.contracts.ids import new_id
from datalab.kernel.http.tracing import QUIET
from datalab.kernel.telemetry.audit import AuditTrail
from datalab.kernel.telemetry.logs import get_logger
from datalab.kernel.telemetry.metrics import Metrics

REQUEST_ID = "datalab.request_id"
CALLER = "datalab.caller"
_ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
_STREAM = b"text/event-stream"
_AUDITED = "/api/v1/"
_log = get_logger("datalab.access")


def request_id_of(headers: Headers) -> str:
    """The caller's own request id when it is usable, else a new one."""
    given = headers.get("x-request-id", "")
    return given if _ACCEPTED_ID.fullmatch(given) else new_id()


@dataclass(slots=True)
class Observation:
    """What is known of an answer once it has begun."""

    started: float = field(default_factory=time.perf_counter)
    status: int = 0
    ended: bool = False
    streams_after_s: float | None = None

    def see(self, message: Message) -> None:
        """Learn from what is sent."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            if any(name == b"content-type" and kind.startswith(_STREAM) for name, kind in message["headers"]):
                self.streams_after_s = time.perf_counter() - self.started
        elif message["type"] == "http.response.body":
            self.ended = not message.get("more_body", False)

    @property
    def seconds(self) -> float:
        """How long the answer took; a stream of events, which lasts as long as its reader likes, until it began."""
        return time.perf_counter() - self.started if self.streams_after_s is None else self.streams_after_s


class RequestContext:
    """ASGI middleware around one service's app."""

    def __init__(self, app: ASGIApp, *, service: str, metrics: Metrics, audit: AuditTrail) -> None:
        self._app = app
        self._service = service
        self._metrics = metrics
        self._audit = audit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = request_id_of(Headers(scope=scope))
        scope[REQUEST_ID] = request_id
        seen = Observation()

        async def observed_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            seen.see(message)
            await send(message)

        in_flight = self._metrics.in_flight.labels(self._service)
        in_flight.inc()
        try:
            await self._app(scope, receive, observed_send)
        finally:
            in_flight.dec()
            self._observe(scope, seen)

    def _observe(self, scope: Scope, seen: Observation) -> None:
        elapsed_s = seen.seconds
        route = getattr(scope.get("route"), "path", "unknown")
        status = seen.status or HTTPStatus.INTERNAL_SERVER_ERROR.value
        self._metrics.requests.labels(self._service, scope["method"], route, status).observe(elapsed_s)
        if status == HTTPStatus.UNAUTHORIZED:
            self._metrics.refusals.labels(self._service).inc()
        if scope["path"] in QUIET:
            return
        _log.info(
            "request",
            service=self._service,
            method=scope["method"],
            path=scope["path"],
            status=status,
            whole=seen.ended,
            elapsed_ms=round(elapsed_s * 1000, 2),
            request_id=scope[REQUEST_ID],
        )
        if scope["path"].startswith(_AUDITED):
            self._audit.record(audit_entry(scope, self._service, status, whole=seen.ended))


def audit_entry(scope: Scope, service: str, status: int, *, whole: bool) -> AuditEntry:
    """Who called what of ``service`` and what came of it, for the audit trail."""
    caller = scope.get(CALLER)
    identity = caller.identity if isinstance(caller, Caller) else None
    endpoint = getattr(scope.get("route"), "name", "unknown")
    return AuditEntry(
        id=new_id(),
        at=datetime.now(UTC),
        service=service,
        subject=identity.subject if identity else "stranger",
        name=identity.name if identity else "stranger",
        actor=identity.actor if identity else None,
        action=f"{scope.get('method', 'WEBSOCKET')} {endpoint}",
        resource=scope["path"][:1000],
        outcome=_outcome(status, whole=whole),
        status=status,
        address=scope["client"][0] if scope.get("client") else None,
        request_id=scope[REQUEST_ID],
    )


def _outcome(status: int, *, whole: bool) -> str:
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS):
        return "refused"
    if status >= HTTPStatus.BAD_REQUEST:
        return "failed"
    return "done" if whole else "cut short"
