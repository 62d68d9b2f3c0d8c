"""The span of each request: what was asked of which service, by its route, and what came of it."""

from http import HTTPStatus

from opentelemetry.context import Context, get_current
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from datalab.kernel.traces.context import TRACEPARENT, context_of, current
from datalab.kernel.traces.spans import SpanKind, Step, note, serving

QUIET = frozenset({"/health", "/ready", "/metrics"})
"""What is asked again and again by machines: neither logged nor traced."""

TRACE = "datalab.trace"
_OWNER = "datalab.traced_by"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Tracing:
    """ASGI middleware: a server span for each request and WebSocket, in the trace that the caller named.

    ``service`` is a deployed name. What encloses another of the same service shares the one span with it.
    """

    def __init__(self, app: ASGIApp, *, service: str) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] not in ("http", "websocket") or scope["path"] in QUIET:
            await self._app(scope, receive, send)
        elif scope.get(_OWNER) == self._service:
            try:
                await self._app(scope, receive, send)
            finally:
                _note_route(scope)
        else:
            await self._trace(scope, receive, send)

    async def _trace(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = _method(scope)
        parent = None if current() else context_of(Headers(scope=scope).get(TRACEPARENT))
        attributes = {"http.request.method": method}
        with serving(self._service, method, attributes, kind=SpanKind.SERVER, parent=parent) as span:
            scope[_OWNER], scope[TRACE] = self._service, get_current()
            try:
                await self._app(scope, receive, _observed(span, send))
            finally:
                _note_route(scope)


def trace_of(scope: Scope) -> Context:
    """The context of a request's span, for code that runs outside of it."""
    found = scope.get(TRACE)
    return found if isinstance(found, Context) else Context()


def note_way(scope: Scope, request_id: str, prefix: str | None) -> None:
    """Say which request the present span is of, and under which prefix its path is, if another service has it."""
    note({"datalab.request_id": request_id})
    if prefix is not None:
        _note(scope, f"{prefix}/{{path}}")


def _observed(span: Step, send: Send) -> Send:
    async def observed(message: Message) -> None:
        status = _status(message)
        if status is not None:
            span.note({"http.response.status_code": status})
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                span.fail(str(status))
        await send(message)

    return observed


def _status(message: Message) -> int | None:
    if message["type"] == "websocket.accept":
        return HTTPStatus.SWITCHING_PROTOCOLS.value
    if message["type"] in ("http.response.start", "websocket.http.response.start"):
        return int(message["status"])
    return None


def _note_route(scope: Scope) -> None:
    route = getattr(scope.get("route"), "path", None)
    if route is not None:
        _note(scope, route)
    if "datalab.request_id" in scope:
        note({"datalab.request_id": scope["datalab.request_id"]})


def _note(scope: Scope, route: str) -> None:
    note({"http.route": route}, f"{_method(scope)} {route}")


def _method(scope: Scope) -> str:
    if scope["type"] == "websocket":
        return "WEBSOCKET"
    return scope["method"] if scope["method"] in _METHODS else "HTTP"
