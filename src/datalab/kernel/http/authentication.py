"""Recognising the caller before anything of the request is read."""

from pydantic import SecretStr
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from datalab.contracts.errors import PlatformError, Unauthenticated
from datalab.contracts.identity import Caller
from datalab.kernel.auth.verifier import TokenVerifier
from datalab.kernel.http.context import CALLER, REQUEST_ID
from datalab.kernel.http.problems import problem_response
from datalab.kernel.traces.context import current_traceparent


class Authentication:
    """ASGI middleware: everything but what is public needs a valid bearer token. See :func:`is_public`."""

    def __init__(self, app: ASGIApp, *, verifier: TokenVerifier, public_paths: frozenset[str]) -> None:
        self._app = app
        self._verifier = verifier
        self._public = public_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] in ("http", "websocket") and not is_public(scope, self._public):
            try:
                scope[CALLER] = await self._recognise(scope)
            except PlatformError as error:
                await problem_response(error, scope[REQUEST_ID])(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _recognise(self, scope: Scope) -> Caller:
        headers = Headers(scope=scope)
        token = bearer_of(headers)
        return Caller(
            identity=await self._verifier.verify(token),
            token=SecretStr(token),
            request_id=scope[REQUEST_ID],
            address=scope["client"][0] if scope.get("client") else None,
            traceparent=current_traceparent(),
        )


def is_public(scope: Scope, public: frozenset[str]) -> bool:
    """Whether a request needs no credential; ``public`` holds paths, and ``POST /path`` where only that is public."""
    return scope["path"] in public or f"{scope.get('method', 'GET')} {scope['path']}" in public


def bearer_of(headers: Headers) -> str:
    """The bearer token. Raises Unauthenticated when there is none."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise Unauthenticated("this needs an Authorization header with a bearer token; see POST /api/v1/auth/token")
    return token.strip()
