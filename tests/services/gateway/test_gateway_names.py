"""A name stands for the instances behind it, which come and go."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from websockets.asyncio.client import connect

from datalab.kernel.http.context import REQUEST_ID
from datalab.kernel.testing.eventually import eventually
from datalab.kernel.testing.ports import free_port
from datalab.services.gateway.actions.registry import Registry
from datalab.services.gateway.adapters.forwarder import Forwarder
from datalab.services.gateway.adapters.instances import Instances
from datalab.services.gateway.adapters.names import SystemResolver
from datalab.services.gateway.adapters.probes import RemoteRoster
from datalab.services.gateway.adapters.whereabouts import AGAIN_S, Whereabouts

FIRST, SECOND, THIRD = "127.0.0.2", "127.0.0.3", "127.0.0.4"
NAME = "data-service"
pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost", FIRST, SECOND, THIRD])


class Names:
    """A resolver that knows what a test tells it."""

    def __init__(self, *addresses: str) -> None:
        self.addresses_now: Sequence[str] | OSError = addresses
        self.asked: list[str] = []

    async def addresses(self, name: str) -> Sequence[str]:
        self.asked.append(name)
        if isinstance(self.addresses_now, OSError):
            raise self.addresses_now
        return self.addresses_now


class Clock:
    """Time that goes on when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Replica:
    """An instance that says who it is and what it was asked for, ready or not."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.ready = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        told = {"address": self.address, "host": dict(scope["headers"])[b"host"].decode()}
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.send", "text": json.dumps(told)})
            await send({"type": "websocket.close"})
            return
        status = 200
        if scope["path"] == "/ready":
            status = 200 if self.ready else 503
            told = {"ready": self.ready, "status": "ready" if self.ready else "unready", "checks": {}}
        body = json.dumps(told).encode()
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


class Stage:
    """Replicas of a service on one port of several addresses."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://{NAME}:{self.port}"
        self.replicas: dict[str, Replica] = {}
        self._stacks: dict[str, AsyncExitStack] = {}

    async def start(self, address: str) -> None:
        self.replicas[address] = Replica(address)
        stack = self._stacks[address] = AsyncExitStack()
        await stack.enter_async_context(serving(self.replicas[address], address, self.port))

    async def stop(self, address: str) -> None:
        await self._stacks.pop(address).aclose()

    async def close(self) -> None:
        for address in list(self._stacks):
            await self.stop(address)


@asynccontextmanager
async def serving(app: ASGIApp, host: str, port: int) -> AsyncIterator[None]:
    config = uvicorn.Config(
        app, host=host, port=port, lifespan="off", log_config=None, access_log=False, ws="websockets-sansio"
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110 # uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield
    server.should_exit = server.force_exit = True
    await asyncio.wait_for(task, 30)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    made = Stage()
    yield made
    await made.close()


@asynccontextmanager
async def forwarding(stage: Stage, names: Names) -> AsyncIterator[Forwarder]:
    forwarder = Forwarder("data", [stage.url], resolver=names)
    yield forwarder
    await forwarder.close()


async def asked(forwarder: Forwarder, method: str = "GET") -> tuple[int, dict[str, str]]:
    """What one request gets."""
    sent: list[dict[str, object]] = []
    scope = {
        "type": "http",
        "method": method,
        "path": "/",
        "query_string": b"",
        "headers": [(b"host", b"lab.test"), (b"content-length", b"0")],
        "scheme": "http",
        REQUEST_ID: "r-1",
    }
    hung_up = asyncio.Event()

    async def receive() -> dict[str, object]:
        await hung_up.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    await forwarder(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], json.loads(body)


async def asked_who(forwarder: Forwarder, times: int) -> set[str]:
    """Who answers so many requests."""
    answers = [await asked(forwarder) for _ in range(times)]
    assert {status for status, _ in answers} == {200}, answers
    return {told["address"] for _, told in answers}


async def test_every_address_behind_a_name_takes_its_turn_and_hears_the_name(stage: Stage):
    await stage.start(FIRST)
    await stage.start(SECOND)
    async with forwarding(stage, Names(FIRST, SECOND)) as forwarder:
        assert await asked_who(forwarder, 4) == {FIRST, SECOND}
        assert (await asked(forwarder))[1]["host"] == f"{NAME}:{stage.port}"


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_replicas_that_all_moved_are_found_by_the_request_that_misses_them(stage: Stage, method: str):
    await stage.start(FIRST)
    names = Names(FIRST)
    async with forwarding(stage, names) as forwarder:
        assert await asked_who(forwarder, 1) == {FIRST}
        await stage.stop(FIRST)
        await stage.start(SECOND)
        names.addresses_now = [SECOND]
        status, told = await asked(forwarder, method)
        assert (status, told["address"]) == (200, SECOND)


async def test_a_new_replica_is_asked_and_one_that_went_is_not(stage: Stage):
    for address in (FIRST, SECOND):
        await stage.start(address)
    names = Names(FIRST)
    async with forwarding(stage, names) as forwarder:
        assert await asked_who(forwarder, 3) == {FIRST}
        names.addresses_now = [SECOND]

        async def moved() -> bool:
            await forwarder.where.look()
            return forwarder.where.instances.urls == (f"http://{SECOND}:{stage.port}",)

        await eventually(moved)
        assert await asked_who(forwarder, 3) == {SECOND}


async def test_a_replica_that_is_not_ready_is_passed_over_and_listed(stage: Stage):
    for address in (FIRST, SECOND):
        await stage.start(address)
    async with forwarding(stage, Names(FIRST, SECOND)) as forwarder:
        registry = Registry(0.05)
        registry.add(RemoteRoster("data", forwarder.where))
        running = asyncio.create_task(registry.run())
        stage.replicas[FIRST].ready = False

        async def known() -> bool:
            return {one.url: str(one.state) for one in registry.instances()} == {
                f"http://{FIRST}:{stage.port}": "unready",
                f"http://{SECOND}:{stage.port}": "ready",
            }

        await eventually(known)
        assert await asked_who(forwarder, 4) == {SECOND}
        health = await registry.health("data")
        assert (health.ready, health.status, len(health.checks)) == (True, "degraded", 2)
        stage.replicas[FIRST].ready = True

        async def both() -> bool:
            return await asked_who(forwarder, 4) == {FIRST, SECOND}

        await eventually(both)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_the_registry_follows_replicas_that_come_and_go(stage: Stage):
    await stage.start(FIRST)
    names = Names(FIRST)
    async with forwarding(stage, names) as forwarder:
        registry = Registry(0.05)
        registry.add(RemoteRoster("data", forwarder.where))
        running = asyncio.create_task(registry.run())
        for present in ([FIRST], [FIRST, SECOND], [SECOND]):
            for address in set(present) - stage.replicas.keys():
                await stage.start(address)
            names.addresses_now = present
            wanted = {(f"http://{address}:{stage.port}", "ready") for address in present}

            async def as_wanted(wanted: set[tuple[str, str]] = wanted) -> bool:
                return {(one.url, str(one.state)) for one in registry.instances()} == wanted

            await eventually(as_wanted)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_websocket_finds_its_replica_by_the_name(stage: Stage):
    await stage.start(SECOND)
    async with forwarding(stage, Names(FIRST, SECOND)) as forwarder, AsyncExitStack() as stack:

        async def door(scope: Scope, receive: Receive, send: Send) -> None:
            await forwarder({**scope, REQUEST_ID: "r-1"}, receive, send)

        port = free_port()
        await stack.enter_async_context(serving(door, "127.0.0.1", port))
        for _ in range(3):
            async with connect(f"ws://127.0.0.1:{port}/", proxy=None) as socket:
                told = json.loads(await socket.recv())
            assert told == {"address": SECOND, "host": f"{NAME}:{stage.port}"}


async def test_a_resolver_that_fails_keeps_what_was_known():
    names, clock = Names(FIRST), Clock()
    where = Whereabouts(["http://data-service:8001"], names, clock)
    assert (await where.look()).urls == (f"http://{FIRST}:8001",)
    for failing in (OSError("no DNS"), ()):
        names.addresses_now = failing
        clock.now += AGAIN_S + 1
        assert (await where.look()).urls == (f"http://{FIRST}:8001",)
    names.addresses_now = [SECOND]
    clock.now += AGAIN_S + 1
    assert (await where.look()).urls == (f"http://{SECOND}:8001",)


async def test_a_name_that_was_never_found_is_asked_for_itself():
    where = Whereabouts(["http://data-service:8001"], Names())
    assert (await where.here()).urls == ("http://data-service:8001",)
    assert where.headers("http://data-service:8001") == {}


async def test_a_name_is_looked_up_again_only_after_a_while():
    names, clock = Names(FIRST), Clock()
    where = Whereabouts(["http://data-service:8001"], names, clock)
    for _ in range(5):
        await where.here()
    assert len(names.asked) == 1
    clock.now += AGAIN_S + 1
    await where.here()
    await where.look()
    assert len(names.asked) == 2
    clock.now += 1
    where.failed(f"http://{FIRST}:8001")
    await where.look()
    assert len(names.asked) == 3


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8001", "http://[::1]:8001", "http://localhost:8001", "https://data.example.com"]
)
async def test_addresses_localhost_and_names_under_a_certificate_stay(url: str):
    names = Names(FIRST)
    where = Whereabouts([url + "/"], names)
    assert (await where.look()).urls == (url,)
    assert (names.asked, where.given_as(url)) == ([], url)


async def test_names_and_addresses_stand_beside_each_other():
    where = Whereabouts(["http://data-service", "http://127.0.0.1:8001"], Names(FIRST, "::1"))
    assert (await where.look()).urls == (f"http://{FIRST}", "http://[::1]", "http://127.0.0.1:8001")
    assert where.headers("http://[::1]") == {"Host": "data-service"}
    assert where.headers("http://127.0.0.1:8001") == {}


async def test_the_systems_resolver_knows_this_machine():
    assert await SystemResolver().addresses("localhost") == ("127.0.0.1",)


def test_an_unready_instance_comes_before_one_that_is_away():
    now = 0.0
    instances = Instances(["a", "b", "c"], clock=lambda: now)
    instances.judged("a", ready=False)
    instances.failed("b")
    assert [instances.in_turn() for _ in range(3)] == [["c", "a", "b"]] * 3
    instances.worked("a")
    assert instances.in_turn()[0] == "c"
    instances.judged("a", ready=True)
    assert {instances.in_turn()[0] for _ in range(3)} == {"a", "c"}


def test_of_instances_that_stay_is_known_what_was_known():
    instances = Instances(["a", "b"], clock=lambda: 0.0)
    instances.failed("a")
    instances.replace(["a", "c"])
    instances.failed("b")
    assert [instances.in_turn()[0] for _ in range(2)] == ["c", "c"]
