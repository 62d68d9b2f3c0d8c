"""The gateway put together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from fastapi import FastAPI
from prometheus_client import Counter
from starlette.types import ASGIApp, Receive, Scope, Send

from datalab.catalog import GATEWAY, SERVICES
from datalab.contracts.gateway import GatewayApi
from datalab.contracts.identity import ApiFor, Caller
from datalab.kernel.auth.keys import JWKS_PATH
from datalab.kernel.database.database import Database
from datalab.kernel.database.schema import check_schema
from datalab.kernel.events.bus import EventBus
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.http.app import OPEN_PATHS, AppParts, create_app
from datalab.kernel.http.routes import serve_actions
from datalab.kernel.limits.bucket import Policy, RateLimiter
from datalab.kernel.telemetry.audit import AuditSink
from datalab.services.gateway.actions.api_document import ApiDocument
from datalab.services.gateway.actions.gateway import GatewayActions, GatewayParts
from datalab.services.gateway.actions.issue import Issuer
from datalab.services.gateway.actions.recognise import Recognition
from datalab.services.gateway.actions.registry import Registry
from datalab.services.gateway.actions.sessions import SignIns
from datalab.services.gateway.actions.set_up import FirstRun
from datalab.services.gateway.adapters.accounts import SqlAccounts, SqlSetups
from datalab.services.gateway.adapters.api_keys import SqlApiKeys
from datalab.services.gateway.adapters.api_sources import MountedApi, RemoteApi
from datalab.services.gateway.adapters.audit import SqlAuditLog
from datalab.services.gateway.adapters.bus import Hearing
from datalab.services.gateway.adapters.forwarder import Forwarder
from datalab.services.gateway.adapters.front import Front, Ways
from datalab.services.gateway.adapters.life import Life
from datalab.services.gateway.adapters.news import IdentityNews
from datalab.services.gateway.adapters.passwords import MEMORY_KIB, Argon2Passwords
from datalab.services.gateway.adapters.probes import MountedRoster, RemoteRoster
from datalab.services.gateway.adapters.rate_limits import RateLimits
from datalab.services.gateway.adapters.rotation import SqlRefreshTokens
from datalab.services.gateway.adapters.sessions import SqlSessions
from datalab.services.gateway.adapters.socket_door import SocketDoor, SocketLimits
from datalab.services.gateway.adapters.standings import SqlStandings
from datalab.services.gateway.model.service_secret import ServiceCredentials
from datalab.services.gateway.model.sessions import Terms
from datalab.services.gateway.model.signing import SigningKeys
from datalab.services.gateway.ports import ApiSource, Roster, SetupCode
from datalab.services.gateway.routes import accounts, document, jwks, operations, sessions, token
from datalab.services.gateway.routes.bound import Open, give_open
from datalab.services.gateway.routes.document import OWN_DOCUMENT_PATH
from datalab.services.gateway.routes.jwks import API_JWKS_PATH
from datalab.services.gateway.routes.sessions import SESSION_PATH
from datalab.services.gateway.routes.token import SETUP_PATH, TOKEN_PATH
from datalab.services.gateway.settings import GatewaySettings

ROUTERS = (
    token.router,
    sessions.router,
    accounts.accounts,
    accounts.keys,
    jwks.router,
    operations.router,
    document.router,
)
BROWSER_SIGN_IN = f"POST {SESSION_PATH}"
SIGN_IN_PATHS = frozenset({TOKEN_PATH, SETUP_PATH, BROWSER_SIGN_IN})
PUBLIC_PATHS = SIGN_IN_PATHS | {JWKS_PATH, API_JWKS_PATH, OWN_DOCUMENT_PATH} | {f"/health/{name}" for name in SERVICES}


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What the gateway is given.

    ``upstreams``: each other service's app by the service's name, mounted in this process or a :class:`Forwarder`.
    ``parts.verifier`` verifies by ``signing.public``. ``setup_code`` is where the host finds the code to show.
    ``console`` answers the paths that are not the platform's own. ``password_memory_kib``: what one password's hash costs.
    """

    settings: GatewaySettings
    parts: AppParts
    database: Database
    outbox: Outbox
    bus: EventBus
    limiter: RateLimiter
    signing: SigningKeys
    credentials: ServiceCredentials
    setup_code: SetupCode
    upstreams: Mapping[str, ASGIApp]
    console: ASGIApp | None = None
    password_memory_kib: int = MEMORY_KIB


class Gateway:
    """The ASGI application; ``own`` is the app of its own routes, whose lifespan is the gateway's."""

    def __init__(self, own: FastAPI, front: Front, api: ApiFor[GatewayApi], issuer: Issuer) -> None:
        self.own = own
        self.api = api
        self.issuer = issuer
        self._front = front

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or run the lifespan."""
        await self._front(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document of its own routes."""
        return self.own.openapi()


@dataclass(frozen=True, slots=True)
class _Core:
    """The parts that the gateway makes for itself."""

    issuer: Issuer
    sign_ins: SignIns
    sessions: SqlSessions
    recognition: Recognition
    first_run: FirstRun
    registry: Registry
    audit: SqlAuditLog
    passwords: Argon2Passwords
    api: Callable[[Caller], GatewayActions]


def build(dependencies: Dependencies) -> Gateway:
    """The gateway."""
    core = _core(dependencies)
    kernel = dependencies.parts
    own = create_app(
        GATEWAY,
        kernel,
        lifespan=_life(dependencies, core).lifespan,
        public_paths=PUBLIC_PATHS,
        document_path=OWN_DOCUMENT_PATH,
    )
    keys, document = dependencies.signing.jwks(), _document(dependencies, own)
    give_open(own, Open(core.issuer, core.sign_ins, core.first_run, keys, core.registry.health, document))
    serve_actions(own, core.api, *ROUTERS)
    _watch(dependencies, core.registry, own)
    by_prefix = {SERVICES[name].prefix or "/": app for name, app in dependencies.upstreams.items()}
    settings = dependencies.settings
    limits = RateLimits(
        dependencies.limiter,
        identity=Policy(settings.rate_limit, settings.rate_limit_burst),
        sign_in=Policy(settings.rate_limit_sign_in, settings.rate_limit_sign_in_burst),
    )
    held = SocketLimits(settings.websockets, settings.websockets_per_identity, settings.websocket_check_s)
    sockets = SocketDoor(by_prefix, core.recognition, limits, held, kernel.audit)
    ways = Ways(
        own, sockets, by_prefix, OPEN_PATHS | PUBLIC_PATHS, SIGN_IN_PATHS, BROWSER_SIGN_IN, dependencies.console
    )
    return Gateway(own, Front(ways, core.recognition, limits, kernel.metrics, kernel.audit), core.api, core.issuer)


def audit_sink(database: Database) -> AuditSink:
    """Where the gateway keeps its own entries: at once in the trail itself."""
    return SqlAuditLog(database)


def _core(dependencies: Dependencies) -> _Core:
    database, news = dependencies.database, IdentityNews(dependencies.outbox)
    accounts, keys, standings = SqlAccounts(database, news), SqlApiKeys(database, news), SqlStandings(database, news)
    sessions, audit = SqlSessions(database, news), SqlAuditLog(database)
    passwords = Argon2Passwords(dependencies.password_memory_kib)
    failures = Counter(
        "datalab_sign_in_failures_total",
        "Passwords, API keys, sessions and service credentials that were refused",
        registry=dependencies.parts.metrics.registry,
    )
    issuer = Issuer(
        accounts=accounts,
        keys=keys,
        passwords=passwords,
        signing=dependencies.signing,
        services=dependencies.credentials,
        failed=failures.inc,
        lifetime=timedelta(seconds=dependencies.settings.access_token_s),
    )
    settings = dependencies.settings
    terms = Terms(timedelta(seconds=settings.session_idle_s), timedelta(seconds=settings.session_s))
    sign_ins = SignIns(issuer, sessions, SqlRefreshTokens(database, news), audit, terms)
    recognition = Recognition(dependencies.parts.verifier, issuer, sign_ins, standings)
    registry = Registry(settings.probe_interval_s)
    parts = GatewayParts(accounts, keys, sessions, terms, standings, passwords, audit, registry, recognition)
    first_run = FirstRun(SqlSetups(database), dependencies.setup_code, passwords)
    api = partial(GatewayActions, parts)
    return _Core(issuer, sign_ins, sessions, recognition, first_run, registry, audit, passwords, api)


def _life(dependencies: Dependencies, core: _Core) -> Life:
    forwarders = [app for app in dependencies.upstreams.values() if isinstance(app, Forwarder)]
    return Life(
        database=dependencies.database,
        bus=dependencies.bus,
        hearing=Hearing(core.audit, core.recognition),
        first_run=core.first_run,
        registry=core.registry,
        audit=core.audit,
        audit_days=dependencies.settings.audit_days,
        sessions=core.sessions,
        terms=core.sign_ins.terms,
        closing=[core.passwords.close, *(forwarder.close for forwarder in forwarders)],
    )


def _document(dependencies: Dependencies, own: FastAPI) -> ApiDocument:
    sources = [_api(name, app) for name, app in dependencies.upstreams.items()]
    return ApiDocument(own.openapi, sources, dependencies.parts.version)


def _api(name: str, app: ASGIApp) -> ApiSource:
    return RemoteApi(name, app.where.given) if isinstance(app, Forwarder) else MountedApi(name, app)


def _watch(dependencies: Dependencies, registry: Registry, own: FastAPI) -> None:
    readiness = dependencies.parts.readiness
    readiness.add("database", partial(check_schema, dependencies.database), required=True)
    registry.add(MountedRoster(GATEWAY.name, own))
    for name, app in dependencies.upstreams.items():
        registry.add(_roster(name, app))
        readiness.add(name, partial(registry.check, name), required=False)


def _roster(name: str, app: ASGIApp) -> Roster:
    return RemoteRoster(name, app.where) if isinstance(app, Forwarder) else MountedRoster(name, app)
