"""Serving: the whole platform in one process, or one service."""

import os
import tempfile
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from datalab.catalog import SERVICES
from datalab.host.announcement import announcement
from datalab.host.lazy_app import LazyApp
from datalab.host.server import Server, configured, listening
from datalab.host.supervisor import Supervisor
from datalab.host.systemd import handed_over
from datalab.kernel.config.settings import PlatformSettings
from datalab.kernel.garbage import uncollected
from datalab.kernel.telemetry.metrics import SHARED

OnReady = Callable[[str], Awaitable[None]]
"""Called with the platform's URL once it answers."""


def up(home: Path | None = None, port: int = 8000, host: str = "127.0.0.1", on_ready: OnReady | None = None) -> None:
    """Run all five services in this process until a signal ends it; port 0 picks a free one.

    Raises:
        OSError: The port is taken.
    """
    with uncollected():
        from datalab.host.one_process import open_platform

    if home is not None:
        os.environ["DATALAB_HOME"] = str(home)
    settings = PlatformSettings()
    bound = listening(host, port)
    url = f"http://{host}:{bound.getsockname()[1]}"
    app = LazyApp(partial(open_platform, settings))

    async def announce() -> None:
        print("\n".join(await announcement(settings, url)), flush=True)  # noqa: T201 - the terminal is the reader
        if on_ready is not None:
            await on_ready(url)

    Server(app, settings, announce).run(sockets=[bound])


def serve(
    service: str,
    port: int | None = None,
    workers: int | None = None,
    host: str = "127.0.0.1",
    descriptor: int | None = None,
) -> None:
    """Run one service until a signal ends it; with several workers they share the port, their metrics and their limits.

    It listens at ``host`` and ``port`` unless it was handed a socket, as ``descriptor`` or by systemd.

    Raises:
        OSError: The port is taken.
        InvalidInput: What was handed over is no socket to listen at.
    """
    with uncollected():
        from datalab.host.one_service import open_service

    settings = PlatformSettings()
    count = workers or settings.worker_processes or 1
    bound = handed_over(descriptor) or listening(host, SERVICES[service].port if port is None else port)
    if count == 1:
        Server(LazyApp(partial(open_service, settings, service)), settings).run(sockets=[bound])
        return
    with tempfile.TemporaryDirectory(prefix="datalab-metrics-") as shared:
        os.environ[SHARED] = shared
        Supervisor(configured(f"datalab.host.asgi:{service}", settings, workers=count), bound).run()
