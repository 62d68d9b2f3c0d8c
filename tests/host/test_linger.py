"""Told to stop, a process answers on while others learn of it, and closes no connection that somebody still keeps."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send
from tests.e2e.shapes import embedded

from datalab.host.lazy_app import LazyApp
from datalab.host.server import Server, listening
from datalab.kernel.config.settings import PlatformSettings
from datalab.kernel.http.stopping import Stopping
from datalab.kernel.testing.ports import free_port
from datalab.kernel.testing.processes import PlatformProcess, inherited

pytestmark = [pytest.mark.xdist_group("linger"), pytest.mark.timeout(300)]
ASK = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def wait_until(condition: Callable[[], bool]) -> None:
    """Return once it is so; nothing is asserted about how long it takes."""
    until = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.fixture(params=[1, 2], ids=["one process", "two workers"])
def gateway(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PlatformProcess]:
    """A gateway that would linger longer than any test."""
    made = embedded(tmp_path / "home")
    assert made.run("migrate").returncode == 0
    port = free_port()
    process = PlatformProcess(
        ("serve", "gateway", "--workers", str(request.param), "--port", str(port)),
        environment={**made.environment, "DATALAB_LINGER_S": "3600", "DATALAB_KEEP_ALIVE_S": "3600"},
        log=tmp_path / "gateway.log",
        ready_url=f"http://127.0.0.1:{port}/ready",
    )
    try:
        yield process.start()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()


def test_under_plain_uvicorn_an_import_target_lingers_too(tmp_path: Path):
    made, port = embedded(tmp_path / "home"), free_port()
    assert made.run("migrate").returncode == 0
    url, log = f"http://127.0.0.1:{port}", tmp_path / "gateway.log"
    command = [sys.executable, "-m", "uvicorn", "datalab.host.asgi:gateway", "--port", str(port), "--lifespan", "on"]
    environment = {**inherited(), **made.environment, "DATALAB_LINGER_S": "3600"}
    with log.open("wb") as written:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=written, stderr=written)
    try:
        wait_until(lambda: process.poll() is not None or status_of(f"{url}/ready") == 200)
        process.terminate()
        wait_until(lambda: status_of(f"{url}/ready") == 503)
        anew = httpx.get(f"{url}/health", timeout=60)
        assert (anew.status_code, anew.headers["connection"]) == (200, "close")
        process.terminate()
        process.wait(60)
    finally:
        process.kill()
        process.wait()


def status_of(url: str) -> int:
    """What is answered there; 0 when nobody listens."""
    try:
        return httpx.get(url, timeout=60).status_code
    except httpx.TransportError:
        return 0


def own_address(answer: httpx.Response) -> object:
    """The client's end of the connection by which the answer came."""
    return answer.extensions["network_stream"].get_extra_info("client_addr")


def test_it_says_so_answers_and_ends_at_the_second_signal(gateway: PlatformProcess):
    url = str(gateway.ready_url).removesuffix("/ready")
    with httpx.Client(base_url=url, timeout=60, limits=httpx.Limits(keepalive_expiry=3600)) as kept:
        with kept.stream("GET", "/health") as before:
            address = own_address(before)
            before.read()
        os.kill(gateway.pid, signal.SIGTERM)
        wait_until(lambda: all(httpx.get(f"{url}/ready", timeout=60).status_code == 503 for _ in range(8)))
        refused = httpx.get(f"{url}/ready", timeout=60)
        assert (refused.json()["ready"], refused.json()["checks"]["stopping"]["required"]) == (False, True)
        anew = httpx.get(f"{url}/health", timeout=60)
        assert (anew.status_code, anew.headers["connection"]) == (200, "close")
        with kept.stream("GET", "/health") as after:
            assert (after.status_code, after.headers["connection"]) == (200, "close")
            assert own_address(after) == address
    assert not gateway.ended
    os.kill(gateway.pid, signal.SIGTERM)
    assert gateway.wait() == 0, gateway.last_log()


@asynccontextmanager
async def opened(_stopping: Stopping) -> AsyncIterator[ASGIApp]:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    yield app


class Running:
    """A server in this event loop that keeps connections longer than any test."""

    def __init__(self) -> None:
        self.app = LazyApp(opened)
        self._bound = listening("127.0.0.1", 0)
        self.port: int = self._bound.getsockname()[1]
        self.server = Server(self.app, PlatformSettings())
        self.server.config.timeout_keep_alive = 3600

    async def __aenter__(self) -> Self:
        self._serving = asyncio.create_task(self.server._serve([self._bound]))
        while not self.server.started:  # noqa: ASYNC110 # uvicorn has no event for it
            await asyncio.sleep(0.01)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.should_exit = True
        await asyncio.wait_for(self._serving, 60)

    async def connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection over which one question was answered."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        assert b"close" not in await answer(reader, writer)
        return reader, writer

    def time_is_over(self) -> None:
        """As when every idle connection has been kept for its whole time."""
        for connection in list(self.server.server_state.connections):
            connection.timeout_keep_alive_handler()

    async def drains(self) -> None:
        """Return when nobody can connect any more."""
        self.server.should_exit = True
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                return
            writer.close()
            await asyncio.sleep(0.01)


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    writer.write(ASK)
    return await asyncio.wait_for(reader.readuntil(b"\r\n\r\nok"), 60)


async def test_an_idle_connection_outlives_its_time_while_the_process_lingers():
    async with Running() as running:
        reader, writer = await running.connected()
        running.app.stopping.begun = True
        running.time_is_over()
        assert b"connection: close" in await answer(reader, writer)
        assert await asyncio.wait_for(reader.read(), 60) == b""
        writer.close()


async def test_one_that_outlived_it_is_closed_when_the_lingering_is_over():
    async with Running() as running:
        reader, writer = await running.connected()
        running.app.stopping.begun = True
        running.time_is_over()
        running.app.drain()
        await running.drains()
        assert await asyncio.wait_for(reader.read(), 60) == b""
        writer.close()


async def test_an_idle_connection_may_ask_once_more_when_the_process_drains():
    async with Running() as running:
        reader, writer = await running.connected()
        running.app.drain()
        await running.drains()
        assert b"connection: close" in await answer(reader, writer)
        assert await asyncio.wait_for(reader.read(), 60) == b""
        writer.close()


async def test_an_idle_connection_keeps_nobody_waiting_at_a_terminal():
    async with Running() as running:
        reader, writer = await running.connected()
        running.server.handle_exit(signal.SIGINT, None)
        assert await asyncio.wait_for(reader.read(), 60) == b""
        writer.close()
