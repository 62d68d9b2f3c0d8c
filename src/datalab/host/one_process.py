"""All five services and the job executor in one process."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from datalab.catalog import SERVICES
from datalab.host.migrating import migrate_all
from datalab.host.peers import near
from datalab.host.resources import Resources, platform_version
from datalab.host.site import Site
from datalab.host.wiring import ai, compute, data, gateway, viz
from datalab.kernel.auth.keys import StaticKeys
from datalab.kernel.auth.verifier import AccessTokenVerifier
from datalab.kernel.config.settings import PlatformSettings
from datalab.kernel.http.stopping import Stopping
from datalab.kernel.telemetry.logs import configure_logs
from datalab.kernel.traces.tracing import tracing


class Platform:
    """The five apps on one site, and what runs the jobs."""

    def __init__(self, settings: PlatformSettings, stopping: Stopping | None = None) -> None:
        self.resources = Resources(settings, stopping)
        signing = gateway.signing_keys(self.resources)
        profiles = [
            *data.profiles(settings),
            *ai.profiles(settings),
            *compute.profiles(settings),
            *viz.profiles(settings),
        ]
        self.site = Site(
            self.resources, profiles, AccessTokenVerifier(StaticKeys(signing.public)), has_all_services=True
        )
        self._data = data.dependencies(self.site)
        self._compute = compute.dependencies(self.site)
        self._data_actions = data.actions_for(self._data)
        data_api = near("data", data.api_for(self._data_actions))
        compute_api = near("compute", compute.compute_api(self._compute))
        self._ai = ai.dependencies(self.site, data_api, compute_api)
        self._viz = viz.dependencies(self.site, data_api)
        self.apps: dict[str, FastAPI] = {
            "data": data.build(self._data, self._data_actions),
            "ai": ai.build(self._ai),
            "compute": compute.build(self._compute),
            "viz": viz.build(self._viz),
        }
        self.gateway = gateway.build(gateway.dependencies(self.site, signing, self.apps))

    async def run_jobs(self) -> None:
        """Run every kind of job until cancelled."""
        kinds = (
            *data.job_kinds(self._data, self._data_actions),
            *ai.job_kinds(self._ai),
            *compute.job_kinds(self.site.pool),
            *viz.job_kinds(self._viz),
        )
        executor = compute.build_executor(
            self._compute,
            kinds,
            gateway.LocalDelegation(self.gateway.issuer),
            queues=tuple(name for name, service in SERVICES.items() if service.worker),
            scratch=self.site.home / "scratch" / "jobs",
        )
        async with self._compute.changes:
            await executor.run()


@asynccontextmanager
async def open_platform(settings: PlatformSettings, stopping: Stopping) -> AsyncGenerator[ASGIApp]:
    """The gateway of a platform that lives as long as the context; migrates first."""
    configure_logs(settings.log_level, settings.log_format)
    await migrate_all(settings)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(tracing(platform_version()))
        platform = Platform(settings, stopping)
        stack.push_async_callback(platform.resources.close)
        await platform.site.enter(stack)
        for app in (*platform.apps.values(), platform.gateway.own):
            await stack.enter_async_context(app.router.lifespan_context(app))
        await platform.site.relay(stack)
        await stack.enter_async_context(running(platform.run_jobs()))
        yield platform.gateway


@asynccontextmanager
async def running(work: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    """Run a task as long as the context; leaving it cancels the task and waits for its end."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
