"""The door: every request is recognised and judged here, then handed to one app as it came."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import SecretStr
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from datalab.catalog import GATEWAY
from datalab.contracts.errors import PlatformError
from datalab.contracts.identity import Caller
from datalab.kernel.http.authentication import bearer_of, is_public
from datalab.kernel.http.context import CALLER, REQUEST_ID, Observation, RequestContext, request_id_of
from datalab.kernel.http.problems import problem_response
from datalab.kernel.http.tracing import Tracing, note_way
from datalab.kernel.telemetry.audit import AuditTrail
from datalab.kernel.telemetry.metrics import Metrics
from datalab.kernel.traces.spans import SpanKind, step
from datalab.services.gateway.actions.issue import Issued
from datalab.services.gateway.actions.recognise import Recognition
from datalab.services.gateway.adapters.csrf import check_console, check_origin
from datalab.services.gateway.adapters.headers import check_framing, passed_on, session_secret
from datalab.services.gateway.adapters.rate_limits import Allowance, RateLimits

_PREFIX_PARTS = 4
_HUNG_UP = 499
"""What proxies call the status of a request whose caller went away before an answer."""
_PLATFORM = frozenset({"api", "health", "ready", "metrics", "docs", "openapi", "openapi.json", ".well-known"})


@dataclass(frozen=True, slots=True)
class Ways:
    """Where requests go: to the app under whose prefix their path is, else to the gateway's ``own``.

    Paths that begin as none of the platform's do go to the ``console``, if there is one, unjudged: it holds no data.

    WebSockets all go to ``sockets``.

    ``open_paths`` of its own need no credential; on ``sign_in_paths``, which are among them, addresses are limited;
    ``browser_sign_in`` is the one of these that gives a session. Each is a path, or a method and a path.
    """

    own: ASGIApp
    sockets: ASGIApp
    by_prefix: Mapping[str, ASGIApp]
    open_paths: frozenset[str]
    sign_in_paths: frozenset[str]
    browser_sign_in: str
    console: ASGIApp | None = None

    def to_console(self, path: str) -> ASGIApp | None:
        """The console, when ``path`` is a page of it."""
        return None if path.removeprefix("/").split("/", 1)[0] in _PLATFORM else self.console

    def prefix_of(self, path: str) -> str | None:
        """The prefix under which another service answers ``path``; ``None`` where the gateway does."""
        prefix = "/".join(path.split("/", _PREFIX_PARTS)[:_PREFIX_PARTS])
        return prefix if prefix in self.by_prefix else None


@dataclass(slots=True)
class Passage:
    """What was found of one request on its way in."""

    request_id: str
    issued: Issued | None = None
    allowances: list[Allowance] = field(default_factory=list[Allowance])


class Front:
    """The ASGI application around the gateway's own app and the services."""

    def __init__(
        self,
        ways: Ways,
        recognition: Recognition,
        limits: RateLimits,
        metrics: Metrics,
        audit: AuditTrail,
    ) -> None:
        self._ways = ways
        self._recognition = recognition
        self._limits = limits
        self._metrics = metrics
        self._audit = audit
        self._sockets = Tracing(ways.sockets, service=GATEWAY.deployed_name)
        self._requests = Tracing(self._judge_and_pass, service=GATEWAY.deployed_name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or run the gateway's lifespan."""
        if scope["type"] == "websocket":
            await self._sockets(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._ways.own(scope, receive, send)
            return
        console = self._ways.to_console(scope["path"])
        if console is not None:
            await console(scope, receive, send)
            return
        await self._requests(scope, receive, send)

    async def _judge_and_pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        passage = Passage(request_id_of(Headers(scope=scope)))
        prefix = self._ways.prefix_of(scope["path"])
        note_way(scope, passage.request_id, prefix)
        try:
            await self._admit(scope, passage)
        except PlatformError as error:
            await self._refuse(error, scope, passage, receive, send)
            return
        for allowance in passage.allowances:
            send = allowance.shown(send)
        if prefix is None:
            await self._ways.own(_onward(scope, passage), receive, send)
            return
        with step(f"forward to {prefix}", {}, kind=SpanKind.CLIENT):
            await self._measured(prefix, _onward(scope, passage), receive, send)

    async def _measured(self, prefix: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on. Here too it is measured, for what its caller waits for begins and ends here."""
        seen = Observation()

        async def observed_send(message: Message) -> None:
            seen.see(message)
            await send(message)

        in_flight = self._metrics.in_flight.labels(GATEWAY.name)
        in_flight.inc()
        try:
            await self._ways.by_prefix[prefix](scope, receive, observed_send)
        finally:
            in_flight.dec()
            route, status = f"{prefix}/{{path}}", seen.status or _HUNG_UP
            self._metrics.requests.labels(GATEWAY.name, scope["method"], route, status).observe(seen.seconds)

    async def _admit(self, scope: Scope, passage: Passage) -> None:
        check_framing(scope["headers"])
        if is_public(scope, self._ways.sign_in_paths):
            self._judge(await self._limits.of_sign_in(_address(scope) or "unknown"), passage)
            if is_public(scope, frozenset({self._ways.browser_sign_in})):
                check_origin(scope)
        if is_public(scope, self._ways.open_paths):
            return
        issued = await self._recognise(scope, passage)
        self._judge(await self._limits.of_identity(issued.identity.subject), passage)

    async def _recognise(self, scope: Scope, passage: Passage) -> Issued:
        headers = Headers(scope=scope)
        secret = None if "authorization" in headers else session_secret(scope["headers"], scope["scheme"])
        if secret is None:
            passage.issued = await self._recognition.recognise(bearer_of(headers))
        else:
            passage.issued = await self._recognition.recognise_session(secret)
            check_console(scope)
        return passage.issued

    @staticmethod
    def _judge(allowance: Allowance, passage: Passage) -> None:
        passage.allowances.append(allowance)
        allowance.check()

    async def _refuse(self, error: PlatformError, scope: Scope, passage: Passage, receive: Receive, send: Send) -> None:
        refused = _onward(scope, passage)
        if passage.issued is not None:
            refused[CALLER] = Caller(
                identity=passage.issued.identity,
                token=SecretStr(passage.issued.token),
                request_id=passage.request_id,
                address=_address(scope),
            )
        for allowance in passage.allowances:
            send = allowance.shown(send)
        response = problem_response(error, passage.request_id)
        recorded = RequestContext(response, service="gateway", metrics=self._metrics, audit=self._audit)
        await recorded(refused, receive, send)


def _onward(scope: Scope, passage: Passage) -> Scope:
    bearer = passage.issued.token if passage.issued is not None else None
    headers = passed_on(scope["headers"], passage.request_id, bearer)
    return {**scope, "headers": headers, REQUEST_ID: passage.request_id}


def _address(scope: Scope) -> str | None:
    client = scope.get("client")
    return str(client[0]) if client else None
