"""Serving: the whole platform in one process, or one service."""

import os
import tempfile
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import uvicorn

from datalab.catalog import SERVICES
from datalab.host.announcement import announcement
from datalab.host.http_protocol import HttpProtocol
from datalab.host.lazy_app import LazyApp
from datalab.host.server import Server, listening
from datalab.host.websocket_protocol import WebSocketProtocol
from datalab.kernel.config.settings import PlatformSettings
from datalab.kernel.http.websocket_context import LONGEST_MESSAGE
from datalab.kernel.telemetry.metrics import SHARED

WORKER_READY_S = 60
"""How long a worker that replaces another may take to start, and one that hangs to be noticed; uvicorn's 5 s are too
short for a busy machine, and it gives a reload up when they are over."""

OnReady = Callable[[str], Awaitable[None]]
"""Called with the platform's URL once it answers."""


def up(home: Path | None = None, port: int = 8000, host: str = "127.0.0.1", on_ready: OnReady | None = None) -> None:
    """Run all five services in this process until a signal ends it; port 0 picks a free one.

    Raises:
        OSError: The port is taken.
    """
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

    Server(app, drain_s=settings.drain_s, announce=announce).run(sockets=[bound])


def serve(service: str, port: int | None = None, workers: int | None = None, host: str = "127.0.0.1") -> None:
    """Run one service until a signal ends it; with several workers they share the port, their metrics and their limits.

    Raises:
        OSError: The port is taken.
    """
    from datalab.host.one_service import open_service

    settings = PlatformSettings()
    chosen = SERVICES[service].port if port is None else port
    count = workers or settings.worker_processes or 1
    if count == 1:
        app = LazyApp(partial(open_service, settings, service))
        Server(app, drain_s=settings.drain_s).run(sockets=[listening(host, chosen)])
        return
    with tempfile.TemporaryDirectory(prefix="datalab-metrics-") as shared:
        os.environ[SHARED] = shared
        uvicorn.run(
            f"datalab.host.asgi:{service}",
            host=host,
            port=chosen,
            http=HttpProtocol,
            workers=count,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="on",
            ws=WebSocketProtocol,
            ws_max_size=LONGEST_MESSAGE,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=round(settings.drain_s),
            timeout_worker_healthcheck=WORKER_READY_S,
        )
