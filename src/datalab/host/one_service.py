"""One service in a process of its own."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp

from datalab.catalog import SERVICES
from datalab.client.session import Session
from datalab.host.peers import Far
from datalab.host.resources import Resources, platform_version
from datalab.host.site import Site
from datalab.kernel.auth.keys import KeySource, RemoteKeys, StaticKeys
from datalab.kernel.auth.verifier import AccessTokenVerifier
from datalab.kernel.config.settings import PlatformSettings
from datalab.kernel.http.stopping import Stopping
from datalab.kernel.pool.profile import Profile
from datalab.kernel.telemetry.logs import configure_logs
from datalab.kernel.traces.tracing import tracing


@asynccontextmanager
async def open_service(settings: PlatformSettings, service: str, stopping: Stopping) -> AsyncGenerator[ASGIApp]:
    """The service's app, alive as long as the context. It never migrates: it isn't ready until the schema is at head."""
    configure_logs(settings.log_level, settings.log_format)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(tracing(platform_version()))
        resources, session = Resources(settings, stopping), Session()
        stack.push_async_callback(resources.close)
        stack.push_async_callback(session.close)
        app, own, site = _OPENERS[service](resources, session)
        await site.enter(stack)
        await stack.enter_async_context(own.router.lifespan_context(own))
        await site.relay(stack)
        yield app


Opened = tuple[ASGIApp, FastAPI, Site]


def remote_site(resources: Resources, profiles: tuple[Profile, ...]) -> Site:
    """A site whose callers are verified by the keys that the gateway publishes."""
    return _site(resources, profiles, RemoteKeys(resources.settings.service_urls("gateway")))


def _site(resources: Resources, profiles: tuple[Profile, ...], keys: KeySource) -> Site:
    return Site(resources, profiles, AccessTokenVerifier(keys), has_all_services=False)


def _gateway(resources: Resources, _session: Session) -> Opened:
    from datalab.host.wiring import gateway
    from datalab.services.gateway.adapters.forwarder import Forwarder

    signing = gateway.signing_keys(resources)
    site = _site(resources, (), StaticKeys(signing.public))
    others = [name for name, service in SERVICES.items() if service.prefix]
    upstreams: dict[str, ASGIApp] = {name: Forwarder(name, resources.settings.service_urls(name)) for name in others}
    built = gateway.build(gateway.dependencies(site, signing, upstreams))
    return built, built.own, site


def _data(resources: Resources, _session: Session) -> Opened:
    from datalab.host.wiring import data

    site = remote_site(resources, data.profiles(resources.settings))
    app = data.build(data.dependencies(site))
    return app, app, site


def _ai(resources: Resources, session: Session) -> Opened:
    from datalab.host.wiring import ai

    far = Far(resources.settings, session)
    site = remote_site(resources, ai.profiles(resources.settings))
    app = ai.build(ai.dependencies(site, far.data, far.compute))
    return app, app, site


def _compute(resources: Resources, _session: Session) -> Opened:
    from datalab.host.wiring import compute

    site = remote_site(resources, compute.profiles(resources.settings))
    app = compute.build(compute.dependencies(site))
    return app, app, site


def _viz(resources: Resources, session: Session) -> Opened:
    from datalab.host.wiring import viz

    site = remote_site(resources, viz.profiles(resources.settings))
    app = viz.build(viz.dependencies(site, Far(resources.settings, session).data))
    return app, app, site


_OPENERS: dict[str, Callable[[Resources, Session], Opened]] = {
    "gateway": _gateway,
    "data": _data,
    "ai": _ai,
    "compute": _compute,
    "viz": _viz,
}
