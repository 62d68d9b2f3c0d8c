"""One platform whose services are reached by every road there is, all within one event loop."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path

import uvicorn
from pydantic import SecretStr
from starlette.types import ASGIApp

from datalab.client.asynchronous import AsyncClient
from datalab.client.endpoints import Endpoints
from datalab.client.session import Session
from datalab.contracts.ai import AiApi
from datalab.contracts.compute import ComputeApi
from datalab.contracts.data import DataApi
from datalab.contracts.gateway import UserDraft
from datalab.contracts.identity import Caller, Role
from datalab.contracts.ids import new_id
from datalab.contracts.viz import VizApi
from datalab.host.migrating import migrate_all
from datalab.host.one_process import Platform, running
from datalab.host.peers import near
from datalab.host.server import listening
from datalab.host.wiring import ai, compute, data, gateway, viz
from datalab.kernel.config.settings import PlatformSettings
from datalab.kernel.http.readiness import Readiness
from datalab.kernel.telemetry.logs import configure_logs
from datalab.kernel.telemetry.metrics import Metrics
from datalab.services.gateway.actions.issue import Issued
from datalab.services.gateway.adapters.forwarder import Forwarder
from datalab.services.gateway.local import mint_admin_key

ALL = frozenset({"*"})
ROADS = ("in process", "own port", "gateway", "forwarded")
"""By value; the service's own port; the gateway with the services mounted; the gateway before services elsewhere."""


@dataclass(frozen=True)
class Apis:
    """The services as one caller reaches them by one road."""

    road: str
    data: DataApi
    ai: AiApi
    compute: ComputeApi
    viz: VizApi


class World:
    """The platform, who may call it, and how."""

    def __init__(self, platform: Platform, session: Session, endpoints: Mapping[str, Endpoints]) -> None:
        self.platform = platform
        self._session = session
        self._endpoints = endpoints
        self.address = endpoints["gateway"].gateway
        self._near_data = near("data", data.api_for(platform._data_actions))
        self._near_ai = near("ai", ai.ai_api(platform._ai))
        self._near_compute = near("compute", compute.compute_api(platform._compute))
        self._near_viz = near("viz", viz.viz_api(platform._viz))
        self._accounts: dict[str, str] = {}

    async def open_accounts(self) -> None:
        """One account a role."""
        key = await mint_admin_key(self.platform.resources.database("gateway"))
        host = as_caller(await self.platform.gateway.issuer.for_key(key.token))
        for role in Role:
            draft = UserDraft(name=f"the-{role.value}", password=SecretStr(new_id()), role=role)
            self._accounts[role] = (await self.platform.gateway.api(host).create_user(draft)).id

    async def caller(self, role: Role = Role.ADMIN, scopes: frozenset[str] = ALL) -> Caller:
        """Somebody with this role, whose credential is narrowed to ``scopes``."""
        return as_caller(
            await self.platform.gateway.issuer.on_behalf("compute", self._accounts[role], scopes, at_most=role)
        )

    def by_road(self, road: str, caller: Caller) -> Apis:
        """The services for the caller."""
        if road == "in process":
            return Apis(
                road,
                self._near_data(caller),
                self._near_ai(caller),
                self._near_compute(caller),
                self._near_viz(caller),
            )
        client = AsyncClient.for_caller(caller, self._session, self._endpoints[road])
        return Apis(road, client.data, client.ai, client.compute, client.viz)

    async def roads(self, role: Role = Role.ADMIN, scopes: frozenset[str] = ALL) -> list[Apis]:
        """Every road for the same caller."""
        caller = await self.caller(role, scopes)
        return [self.by_road(road, caller) for road in ROADS]


def as_caller(issued: Issued) -> Caller:
    """A caller as authentication makes it."""
    return Caller(identity=issued.identity, token=SecretStr(issued.token), request_id=new_id())


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """The app's address, served by uvicorn in this event loop; its lifespan is the caller's concern."""
    bound = listening("127.0.0.1", 0)
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    with closing(bound):
        task = asyncio.create_task(server._serve([bound]))
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


@asynccontextmanager
async def open_world(home: Path, variables: Mapping[str, str]) -> AsyncIterator[World]:
    """The platform on a home of its own and the databases that ``variables`` name."""
    os.environ.update({"DATALAB_HOME": str(home), **variables})
    settings = PlatformSettings()
    configure_logs(settings.log_level, settings.log_format)
    await migrate_all(settings)
    async with AsyncExitStack() as stack:
        platform, session = Platform(settings), Session()
        stack.push_async_callback(platform.resources.close)
        stack.push_async_callback(session.close)
        await platform.site.enter(stack)
        for app in (*platform.apps.values(), platform.gateway.own):
            await stack.enter_async_context(app.router.lifespan_context(app))
        await platform.site.relay(stack)
        await stack.enter_async_context(running(platform.run_jobs()))
        own = {name: await stack.enter_async_context(serving(app)) for name, app in platform.apps.items()}
        front = await stack.enter_async_context(serving(platform.gateway))
        forwarders = {name: Forwarder(name, (url,)) for name, url in own.items()}
        for forwarder in forwarders.values():
            stack.push_async_callback(forwarder.close)
        before = await stack.enter_async_context(serving(_forwarding(platform, forwarders)))
        endpoints = {
            "own port": Endpoints(front, {name: (url,) for name, url in own.items()}),
            "gateway": Endpoints(front),
            "forwarded": Endpoints(before),
        }
        world = World(platform, session, endpoints)
        await world.open_accounts()
        yield world


def _forwarding(platform: Platform, forwarders: Mapping[str, ASGIApp]) -> ASGIApp:
    signing = gateway.signing_keys(platform.resources)
    shared = gateway.dependencies(platform.site, signing, dict(forwarders))
    parts = replace(shared.parts, metrics=Metrics(), readiness=Readiness())
    return gateway.build(replace(shared, parts=parts))
