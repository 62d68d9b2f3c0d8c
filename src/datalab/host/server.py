"""uvicorn, told when to say that it is ready and to let event streams go when it drains."""

import signal
import socket
from collections.abc import Awaitable, Callable
from types import FrameType

import uvicorn

from datalab.host.http_protocol import HttpProtocol
from datalab.host.lazy_app import LazyApp
from datalab.host.systemd import READY, STOPPING, notifier
from datalab.host.websocket_protocol import WebSocketProtocol
from datalab.kernel.config.settings import PlatformSettings
from datalab.kernel.http.websocket_context import LONGEST_MESSAGE

Announce = Callable[[], Awaitable[None]]
WORKER_READY_S = 60
"""How long a worker that replaces another may take to start, and one that hangs to be noticed; uvicorn's 5 s are too
short for a busy machine, and it gives a reload up when they are over."""


def configured(app: LazyApp | str, settings: PlatformSettings, *, workers: int = 1) -> uvicorn.Config:
    """How every server here is set up; ``app`` is an import path where several workers are to build their own."""
    return uvicorn.Config(
        app,
        http=HttpProtocol,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=settings.keep_alive_s,
        timeout_graceful_shutdown=round(settings.drain_s),
        timeout_worker_healthcheck=WORKER_READY_S,
        lifespan="on",
        ws=WebSocketProtocol,
        ws_max_size=LONGEST_MESSAGE,
        ws_per_message_deflate=False,
    )


class Server(uvicorn.Server):
    """One process's server. A signal lets running requests finish, at most the drain's seconds, and ends streams."""

    def __init__(self, app: LazyApp, settings: PlatformSettings, announce: Announce | None = None) -> None:
        super().__init__(configured(app, settings))
        self._lazy = app
        self._announce = announce
        self._notifier = notifier()

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal ends it."""
        async with self._notifier.signs_of_life():
            await super().serve(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then announce it."""
        await super().startup(sockets)
        if not self.started:
            return
        self._notifier.tell(READY)
        if self._announce is not None:
            await self._announce()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn calls it so
        """Begin to drain; a second Ctrl-C stops at once. The process then ends by itself, with exit code 0."""
        self._notifier.tell(STOPPING)
        self._lazy.drain()
        self._lazy.stopping.hurried = sig == signal.SIGINT
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def listening(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 picks a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((host, port))
    return bound
