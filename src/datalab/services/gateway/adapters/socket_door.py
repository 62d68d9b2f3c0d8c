"""The door for WebSockets: each is recognised, counted and let through, and ends when its credential does."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from pydantic import SecretStr
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from datalab.contracts.errors import NotFound, PlatformError, RateLimited, Unauthenticated, Unavailable
from datalab.contracts.identity import Caller
from datalab.kernel.http.context import CALLER, REQUEST_ID, request_id_of
from datalab.kernel.http.problems import problem_response
from datalab.kernel.http.websocket_context import WebSocketContext
from datalab.kernel.telemetry.audit import AuditTrail
from datalab.services.gateway.actions.issue import Issued
from datalab.services.gateway.actions.recognise import Recognition
from datalab.services.gateway.adapters.headers import check_framing, passed_on
from datalab.services.gateway.adapters.rate_limits import RateLimits
from datalab.services.gateway.adapters.socket_credentials import Credential, credential_of

_POLICY_VIOLATION = 1008
_LEAVING_S = 5.0


@dataclass(frozen=True, slots=True)
class SocketLimits:
    """How many WebSockets at once, in all and of one identity; and how often a credential is looked at again."""

    all: int
    per_identity: int
    check_s: float


class SocketDoor:
    """The ASGI application for WebSockets; ``by_prefix`` are the services that may have some."""

    def __init__(
        self,
        by_prefix: Mapping[str, ASGIApp],
        recognition: Recognition,
        rates: RateLimits,
        limits: SocketLimits,
        audit: AuditTrail,
    ) -> None:
        self._by_prefix = by_prefix
        self._recognition = recognition
        self._rates = rates
        self._limits = limits
        self._audit = audit
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, from its handshake to its end."""
        request_id = request_id_of(Headers(scope=scope))
        issued: Issued | None = None
        try:
            check_framing(scope["headers"])
            app = self._app_of(scope["path"])
            credential = credential_of(scope, self._recognition)
            issued = await credential.recognise()
            (await self._rates.of_identity(issued.identity.subject)).check()
            with self._counted(issued.identity.subject):
                inner = credential.scope_of(scope)
                inner["headers"] = passed_on(inner["headers"], request_id, issued.token)
                inner[REQUEST_ID] = request_id
                await self._guarded(app, credential, inner, receive, credential.choosing(send))
        except PlatformError as error:
            await self._refuse(error, _known(scope, issued, request_id), receive, send)

    def _app_of(self, path: str) -> ASGIApp:
        for prefix, app in self._by_prefix.items():
            if path.startswith(f"{prefix}/"):
                return app
        raise NotFound(f"there is no WebSocket at {path[:200]}")

    @contextmanager
    def _counted(self, subject: str) -> Generator[None]:
        if self._open.total() >= self._limits.all:
            raise Unavailable("too many WebSockets are open; try again in a moment", retry_after_s=5)
        if self._open[subject] >= self._limits.per_identity:
            raise RateLimited(
                f"{self._limits.per_identity} WebSockets are open by one identity, which is as many as may be; close one",
                retry_after_s=5,
            )
        self._open[subject] += 1
        try:
            yield
        finally:
            self._open[subject] -= 1
            self._open += Counter()  # those that have none open are forgotten

    async def _guarded(self, app: ASGIApp, credential: Credential, scope: Scope, receive: Receive, send: Send) -> None:
        ended = asyncio.Event()

        async def until_ended(message: Message) -> None:
            if not ended.is_set():
                await send(message)

        serving = asyncio.ensure_future(app(scope, receive, until_ended))
        watching = asyncio.create_task(self._until_refused(credential), name="credential")
        try:
            await asyncio.wait({serving, watching}, return_when=asyncio.FIRST_COMPLETED)
            if not serving.done():
                ended.set()
                # The server answers the app's next receive with the end of the connection.
                await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": watching.result()})
                await asyncio.wait({serving}, timeout=_LEAVING_S)
        finally:
            for task in (serving, watching):
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await serving
            await asyncio.gather(watching, return_exceptions=True)

    async def _until_refused(self, credential: Credential) -> str:
        while True:
            await asyncio.sleep(self._limits.check_s)
            try:
                await credential.recognise()
            except Unauthenticated:
                return "the credential is no longer good; sign in again"
            except PlatformError:
                # The database is away; a connection that was let in stays until it can be asked.
                continue

    async def _refuse(self, error: PlatformError, scope: Scope, receive: Receive, send: Send) -> None:
        response = problem_response(error, scope[REQUEST_ID])
        await WebSocketContext(response, service="gateway", audit=self._audit)(scope, receive, send)


def _known(scope: Scope, issued: Issued | None, request_id: str) -> Scope:
    headers = passed_on(scope["headers"], request_id, None)
    refused: Scope = {**scope, "headers": headers, REQUEST_ID: request_id}
    if issued is not None:
        client = scope.get("client")
        refused[CALLER] = Caller(
            identity=issued.identity,
            token=SecretStr(issued.token),
            request_id=request_id,
            address=str(client[0]) if client else None,
        )
    return refused
