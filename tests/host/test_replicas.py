"""Replicas behind one name are replaced by others at other addresses, as orchestrators do it: nothing is lost."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Self

import aiohttp
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from tests.e2e.shapes import embedded
from tests.forking.forked import ForkedPlatform

from datalab.kernel.http.context import REQUEST_ID
from datalab.kernel.testing.eventually import eventually
from datalab.kernel.testing.ports import free_port
from datalab.services.gateway.actions.registry import Registry
from datalab.services.gateway.adapters.forwarder import Forwarder
from datalab.services.gateway.adapters.probes import RemoteRoster

FIRST, SECOND, THIRD = "127.0.0.2", "127.0.0.3", "127.0.0.4"
pytestmark = [
    pytest.mark.xdist_group("replicas"),
    pytest.mark.timeout(300),
    pytest.mark.allow_hosts(["127.0.0.1", FIRST, SECOND, THIRD]),
]
Replica = Callable[[str], ForkedPlatform]


class Names:
    """A resolver that knows what a test tells it."""

    def __init__(self, *addresses: str) -> None:
        self.now: Sequence[str] = addresses

    async def addresses(self, _name: str) -> Sequence[str]:
        return self.now


class Door:
    """A forwarder to ``compute-service`` on a port, and a registry that watches it."""

    def __init__(self, port: int, names: Names) -> None:
        self.port = free_port()
        self.forwarder = Forwarder("compute", [f"http://compute-service:{port}"], resolver=names)
        self.registry = Registry(0.2)
        self.registry.add(RemoteRoster("compute", self.forwarder.where))
        config = uvicorn.Config(
            self._app, port=self.port, lifespan="off", log_config=None, access_log=False, interface="asgi3"
        )
        self._server = uvicorn.Server(config)

    async def __aenter__(self) -> Self:
        self._running = [asyncio.create_task(self._server._serve()), asyncio.create_task(self.registry.run())]
        while not self._server.started:  # noqa: ASYNC110 # uvicorn has no event for it
            await asyncio.sleep(0.01)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.should_exit = self._server.force_exit = True
        await asyncio.wait_for(self._running[0], 30)
        self._running[1].cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self.forwarder.close()

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.forwarder({**scope, REQUEST_ID: "r-1"}, receive, send)

    async def sees(self, *addresses: str) -> None:
        """Return when these and no others are known as ready."""

        async def so() -> bool:
            found = {one.url.removeprefix("http://").split(":")[0]: str(one.state) for one in self.registry.instances()}
            return found.keys() == set(addresses) and set(found.values()) <= {"ready", "degraded"}

        await eventually(so, within_s=60)


class Asking:
    """Requests all the time, over connections that are kept and new ones, and what they got."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/health"
        self.statuses: list[int] = []
        self._stop = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._ask(number % 2 == 0, 0.05 * number)) for number in range(6)]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        await asyncio.wait_for(asyncio.gather(*self._tasks), 60)

    async def goes_on(self) -> None:
        seen = len(self.statuses)

        async def more() -> bool:
            return len(self.statuses) > seen + 50

        await eventually(more, within_s=60)

    async def _ask(self, keeps: bool, pause_s: float) -> None:
        connector = aiohttp.TCPConnector(keepalive_timeout=1) if keeps else aiohttp.TCPConnector(force_close=True)
        async with aiohttp.ClientSession(connector=connector) as session:
            session._retry_connection = False
            while not self._stop.is_set():
                async with session.get(self.url) as answer:
                    await answer.read()
                    self.statuses.append(answer.status)
                await asyncio.sleep(pause_s)


@pytest.fixture
async def replica(tmp_path: Path) -> AsyncIterator[tuple[int, Replica]]:
    """The replicas' port, and starting one at an address."""
    made = embedded(tmp_path / "home")
    assert (await asyncio.to_thread(made.run, "migrate")).returncode == 0
    port = free_port()

    def start(address: str) -> ForkedPlatform:
        process = ForkedPlatform(
            ("serve", "compute", "--host", address, "--port", str(port)),
            environment={**made.environment, "DATALAB_LINGER_S": "2", "DATALAB_KEEP_ALIVE_S": "30"},
            log=tmp_path / f"{address}.log",
            ready_url=f"http://{address}:{port}/ready",
        )
        stack.callback(process.kill)
        return process.start()

    async with AsyncExitStack() as stack:
        yield port, start


async def test_no_request_is_lost_when_replicas_move(replica: tuple[int, Replica]):
    port, start = replica
    names = Names(FIRST, SECOND)
    first, second = [await asyncio.to_thread(start, address) for address in (FIRST, SECOND)]
    async with Door(port, names) as door, Asking(door.port) as asking:
        await door.sees(FIRST, SECOND)
        await asking.goes_on()
        await asyncio.to_thread(start, THIRD)
        names.now = [FIRST, SECOND, THIRD]
        await door.sees(FIRST, SECOND, THIRD)
        for process, left in ((first, [SECOND, THIRD]), (second, [THIRD])):
            assert await asyncio.to_thread(process.stop) == 0, process.last_log()
            names.now = left
            await door.sees(*left)
            await asking.goes_on()
    assert set(asking.statuses) == {200}
