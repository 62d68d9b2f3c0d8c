"""A whole gateway on either database, with a small service mounted in it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request
from pydantic import SecretStr
from starlette.types import ASGIApp

from datalab.catalog import DATA
from datalab.contracts.identity import Role
from datalab.kernel.auth.keys import KeySource, StaticKeys
from datalab.kernel.auth.require import CurrentCaller, requires
from datalab.kernel.auth.verifier import AccessTokenVerifier
from datalab.kernel.config.secrets import LocalSecrets
from datalab.kernel.database.database import Database
from datalab.kernel.database.url import DatabaseUrl
from datalab.kernel.events.memory import MemoryBus
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.http.app import AppParts, create_app
from datalab.kernel.http.readiness import Readiness
from datalab.kernel.limits.memory import MemoryLimiter
from datalab.kernel.telemetry.audit import AuditTrail
from datalab.kernel.telemetry.metrics import Metrics
from datalab.kernel.testing.ports import free_port
from datalab.kernel.testing.schemas import bring_to_head
from datalab.services.gateway.app import Dependencies, Gateway, audit_sink, build
from datalab.services.gateway.local import mint_admin_key
from datalab.services.gateway.model.service_secret import ServiceCredentials
from datalab.services.gateway.model.signing import SigningKeys
from datalab.services.gateway.settings import GatewaySettings

JWT_SECRET = SecretStr("a-secret-of-more-than-thirty-two-bytes-for-tests")
PASSWORD = "correct horse battery"
CHEAP_KIB = 64
"""A password's hash as it is made here costs a thousandth; what it costs outside, a test of its own says."""


@dataclass
class World:
    """A gateway, what it stands on, and a client that talks to it."""

    gateway: Gateway
    database: Database
    bus: MemoryBus
    audit: AuditTrail
    home: Path
    http: httpx.AsyncClient

    async def set_up(self, name: str = "ada") -> dict[str, str]:
        """Make the first administrator; the headers to call as them."""
        code = LocalSecrets(self.home).read("setup_code")
        assert code is not None
        body = {"code": code.get_secret_value(), "name": name, "password": PASSWORD}
        answer = await self.http.post("/api/v1/auth/setup", json=body)
        assert answer.status_code == 201, answer.text
        return await self.sign_in(name)

    async def sign_in(self, name: str, password: str = PASSWORD) -> dict[str, str]:
        answer = await self.http.post(
            "/api/v1/auth/token", data={"grant_type": "password", "username": name, "password": password}
        )
        assert answer.status_code == 200, answer.text
        return bearer(answer.json()["access_token"])

    async def host_key(self, role: Role = Role.ADMIN) -> dict[str, str]:
        return bearer((await mint_admin_key(self.database, role=role)).token)

    async def person(self, admin: dict[str, str], name: str, role: Role) -> dict[str, Any]:
        draft = {"name": name, "password": PASSWORD, "role": role}
        answer = await self.http.post("/api/v1/auth/users", json=draft, headers=admin)
        assert answer.status_code == 201, answer.text
        return answer.json()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def parts_of(signing: SigningKeys, database: Database | None = None) -> AppParts:
    class Nowhere:
        async def keep(self, entries: object) -> None: ...

    return AppParts(
        verifier=AccessTokenVerifier(StaticKeys(signing.public)),
        readiness=Readiness(),
        metrics=Metrics(),
        audit=AuditTrail(audit_sink(database) if database else Nowhere()),
        version="1.2.3",
    )


def small_service(parts: AppParts) -> FastAPI:
    """Stands for the data service."""
    app = create_app(DATA, parts)

    @app.get("/api/v1/data/whoami", **requires(Role.VIEWER, "data:read"))
    async def whoami(request: Request, caller: CurrentCaller) -> dict[str, Any]:
        seen = [(name, value) for name, value in request.headers.items() if name != "authorization"]
        return {"identity": caller.identity.model_dump(mode="json"), "request_id": caller.request_id, "headers": seen}

    @app.post("/api/v1/data/things", **requires(Role.EDITOR, "data:write"))
    async def make_thing(thing: dict[str, Any]) -> dict[str, Any]:
        return thing

    return app


@asynccontextmanager
async def _served(app: ASGIApp) -> AsyncIterator[str]:
    config = uvicorn.Config(app, port=free_port(), lifespan="off", log_config=None, access_log=False, ws="none")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110 # uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{config.port}"
    server.should_exit = server.force_exit = True
    await asyncio.wait_for(task, 10)


@pytest.fixture
def served() -> Callable[[ASGIApp], AbstractAsyncContextManager[str]]:
    """Put an app on uvicorn; gives its URL."""
    return _served


@pytest.fixture
def service_at() -> Callable[[KeySource], FastAPI]:
    """The small service with keys from a source."""

    def make(keys: KeySource) -> FastAPI:
        parts = replace(parts_of(SigningKeys(JWT_SECRET)), verifier=AccessTokenVerifier(keys))
        return small_service(parts)

    return make


MakeWorld = Callable[..., Any]


@pytest.fixture
async def make_world(database_url: DatabaseUrl, tmp_path: Path) -> AsyncIterator[MakeWorld]:
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(database_url, "gateway"))
        await bring_to_head(database)

        async def make(
            upstreams: dict[str, ASGIApp] | None = None, console: ASGIApp | None = None, **environment: str
        ) -> World:
            signing, bus = SigningKeys(JWT_SECRET), MemoryBus()
            parts = parts_of(signing, database)
            home = tmp_path / "home"
            gateway = build(
                Dependencies(
                    settings=GatewaySettings.model_validate(environment),
                    parts=parts,
                    database=database,
                    outbox=Outbox(database),
                    bus=bus,
                    limiter=MemoryLimiter(),
                    signing=signing,
                    credentials=ServiceCredentials(JWT_SECRET),
                    setup_code=LocalSecrets(home),
                    upstreams=upstreams or {"data": small_service(parts_of(signing))},
                    console=console,
                    password_memory_kib=CHEAP_KIB,
                )
            )
            await stack.enter_async_context(parts.audit)
            await stack.enter_async_context(gateway.own.router.lifespan_context(gateway.own))
            transport = httpx.ASGITransport(app=gateway, raise_app_exceptions=False)
            http = await stack.enter_async_context(
                httpx.AsyncClient(transport=transport, base_url="http://gateway.test")
            )
            return World(gateway, database, bus, parts.audit, home, http)

        yield make


@pytest.fixture
async def world(make_world: MakeWorld) -> World:
    return await make_world(DATALAB_RATE_LIMIT_SIGN_IN_BURST="1000")
