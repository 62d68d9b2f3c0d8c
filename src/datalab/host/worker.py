"""A worker: runs the jobs of some queues, each with the handlers of the service that knows them."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial

from datalab.client.session import Session
from datalab.contracts.jobs import JobKind
from datalab.host.delegation import RemoteDelegation
from datalab.host.heartbeat import beating
from datalab.host.one_service import remote_site
from datalab.host.peers import Far
from datalab.host.resources import Resources, platform_version
from datalab.host.site import Site
from datalab.host.systemd import READY, STOPPING, notifier
from datalab.kernel.config.settings import PlatformSettings
from datalab.kernel.config.worker import WorkerSettings
from datalab.kernel.garbage import keep_all, uncollected
from datalab.kernel.pool.profile import Profile
from datalab.kernel.telemetry.exposition import shown
from datalab.kernel.telemetry.logs import configure_logs, get_logger
from datalab.kernel.traces.tracing import tracing

QUEUES = ("data", "ai", "compute", "viz")
_log = get_logger(__name__)


def run_worker(queues: Sequence[str] = QUEUES) -> None:
    """Run jobs until a signal ends it; running ones are given time to finish, then handed back."""
    asyncio.run(_until_signalled(tuple(queues)))


async def _until_signalled(queues: tuple[str, ...]) -> None:
    systemd = notifier()
    task = asyncio.create_task(_work(PlatformSettings(), queues, ready=partial(systemd.tell, READY)))

    def stop() -> None:
        systemd.tell(STOPPING)
        task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    async with systemd.signs_of_life(), beating(WorkerSettings().heartbeat):
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _work(settings: PlatformSettings, queues: tuple[str, ...], ready: Callable[[], None]) -> None:
    configure_logs(settings.log_level, settings.log_format)
    with uncollected():
        from datalab.host.wiring import compute

        profiles = _profiles(settings, queues)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(tracing(platform_version()))
        resources, session = Resources(settings), Session()
        stack.push_async_callback(resources.close)
        stack.push_async_callback(session.close)
        site = remote_site(resources, profiles)
        dependencies = compute.dependencies(site)
        kinds = _kinds(site, Far(settings, session), queues)
        await site.enter(stack)
        await stack.enter_async_context(dependencies.changes)
        await site.relay(stack)
        gateways = settings.service_urls("gateway")
        executor = compute.build_executor(
            dependencies,
            kinds,
            RemoteDelegation(session, gateways, "compute", settings.service_secret, site.verifier),
            queues=queues,
            scratch=site.home / "scratch" / "jobs",
        )
        stack.enter_context(shown(resources.metrics, settings.metrics_address))
        _log.info("worker runs", queues=queues, kinds=[kind.name for kind in kinds])
        keep_all()
        ready()
        await executor.run()


def _profiles(settings: PlatformSettings, queues: tuple[str, ...]) -> tuple[Profile, ...]:
    from datalab.host.wiring import ai, compute, data, viz

    known = {"data": data.profiles, "ai": ai.profiles, "compute": compute.profiles, "viz": viz.profiles}
    return tuple(profile for queue in queues for profile in known[queue](settings))


def _kinds(site: Site, far: Far, queues: tuple[str, ...]) -> tuple[JobKind, ...]:
    from datalab.host.wiring import ai, compute, data, viz

    makers = {
        "data": lambda: data.job_kinds(data.dependencies(site)),
        "ai": lambda: ai.job_kinds(ai.dependencies(site, far.data, far.compute)),
        "compute": lambda: compute.job_kinds(site.pool),
        "viz": lambda: viz.job_kinds(viz.dependencies(site, far.data)),
    }
    return tuple(kind for queue in queues for kind in makers[queue]())
