"""WebSockets through the gateway, to a service in this process and to one in another."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import WebSocket
from starlette.types import ASGIApp
from tests.services.gateway.conftest import JWT_SECRET, parts_of
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from datalab.catalog import DATA
from datalab.contracts.gateway import AuditFilter
from datalab.contracts.identity import Role
from datalab.host.websocket_protocol import WebSocketProtocol
from datalab.kernel.auth.require import CurrentCaller, requires
from datalab.kernel.http.app import create_app
from datalab.kernel.http.websocket_context import LONGEST_MESSAGE
from datalab.services.gateway.adapters.audit import SqlAuditLog
from datalab.services.gateway.adapters.forwarder import Forwarder
from datalab.services.gateway.model.signing import SigningKeys

PASSWORD = "correct horse battery"
ECHO, WRITERS, FLOOD = "/api/v1/data/echo", "/api/v1/data/writers", "/api/v1/data/flood"


class Service:
    """A small service with WebSockets, and what it has seen."""

    def __init__(self) -> None:
        self.parts = parts_of(SigningKeys(JWT_SECRET))
        self.app = create_app(DATA, self.parts)
        self.left: asyncio.Queue[tuple[int, str | None]] = asyncio.Queue()
        self.sent = 0
        self.app.add_api_websocket_route(ECHO, self.echo, **dependencies(Role.VIEWER, "data:read"))
        self.app.add_api_websocket_route(WRITERS, self.echo, **dependencies(Role.EDITOR, "data:write"))
        self.app.add_api_websocket_route(FLOOD, self.flood, **dependencies(Role.VIEWER, "data:read"))

    async def echo(self, socket: WebSocket, caller: CurrentCaller) -> None:
        chosen = "chat" if "chat" in socket.scope["subprotocols"] else None
        await socket.accept(subprotocol=chosen)
        seen = {name: value for name, value in socket.headers.items() if name != "authorization"}
        await socket.send_json({"name": caller.identity.name, "headers": seen, "offered": socket.scope["subprotocols"]})
        message = await socket.receive()
        while message["type"] != "websocket.disconnect":
            if message.get("text") == "close":
                await socket.close(4321, "because you asked")
                return
            await socket.send({**message, "type": "websocket.send"})
            message = await socket.receive()
        await self.left.put((message["code"], message.get("reason")))

    async def flood(self, socket: WebSocket, caller: CurrentCaller) -> None:
        await socket.accept()
        with contextlib.suppress(Exception):
            for _ in range(5_000):
                await socket.send_bytes(b"x" * 65_536)
                self.sent += 1
        await self.left.put((0, caller.identity.name))


def dependencies(role: Role, scope: str) -> dict[str, Any]:
    return {"dependencies": requires(role, scope)["dependencies"]}


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[tuple[str, uvicorn.Server]]:
    """An app on a port, by the protocol that the host serves with."""
    config = uvicorn.Config(
        app,
        port=0,
        lifespan="off",
        log_config=None,
        access_log=False,
        ws=WebSocketProtocol,
        ws_max_size=LONGEST_MESSAGE,
        ws_per_message_deflate=False,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110 # uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"127.0.0.1:{port}", server
    finally:
        server.should_exit = server.force_exit = True
        await asyncio.wait_for(task, 20)


class Platform:
    """A gateway on a port with the service behind it."""

    def __init__(self, world: Any, service: Service, address: str, server: uvicorn.Server) -> None:
        self.world = world
        self.service = service
        self.address = address
        self.server = server

    def open(self, path: str = ECHO, headers: dict[str, str] | None = None, *protocols: str) -> connect:
        return connect(
            f"ws://{self.address}{path}",
            additional_headers=headers or {},
            subprotocols=[Subprotocol(one) for one in protocols] or None,
            proxy=None,
            compression=None,
            max_size=None,
        )

    async def refusal(self, path: str, headers: dict[str, str], *protocols: str) -> tuple[int, str]:
        with pytest.raises(InvalidStatus) as refused:
            async with self.open(path, headers, *protocols):
                pass
        response = refused.value.response
        assert response.headers["content-type"] == "application/problem+json"
        return response.status_code, httpx.Response(200, content=bytes(response.body)).json()["code"]

    async def session(self) -> str:
        """A browser's cookie."""
        answer = await self.world.http.post("/api/v1/auth/session", json={"name": "ada", "password": PASSWORD})
        self.world.http.cookies.clear()
        return f"datalab_session={answer.cookies['datalab_session']}"


Start = Callable[..., Any]


@pytest.fixture(params=["mounted", "remote"])
async def start(request: pytest.FixtureRequest, make_world: Any) -> AsyncIterator[Start]:
    async with AsyncExitStack() as stack:

        async def begin(**environment: str) -> Platform:
            service = Service()
            upstream: ASGIApp = service.app
            if request.param == "remote":
                address, _ = await stack.enter_async_context(serving(service.app))
                upstream = Forwarder("data", [f"http://{address}"])
            world = await make_world({"data": upstream}, **environment)
            await world.set_up()
            address, server = await stack.enter_async_context(serving(world.gateway))
            return Platform(world, service, address, server)

        yield begin


async def hello(socket: ClientConnection) -> dict[str, Any]:
    return httpx.Response(200, content=await socket.recv()).json()


async def said_and_heard(socket: ClientConnection, said: str | bytes) -> str | bytes:
    await socket.send(said)
    return await socket.recv()


async def test_messages_pass_both_ways_for_who_is_recognised_by_a_header(start: Start):
    platform = await start()
    headers = await platform.world.host_key(Role.VIEWER) | {"X-User": "root", "X-Request-ID": "abc-1"}
    async with platform.open(ECHO, headers) as socket:
        first = await hello(socket)
        assert (first["name"], first["headers"]["x-request-id"]) == ("host", "abc-1")
        assert "x-user" not in first["headers"]
        assert socket.response is not None
        assert socket.response.headers["x-request-id"] == "abc-1"
        for said in ("text", "ü" * 1000, b"\x00\xff" * 1000, "", b""):
            assert await said_and_heard(socket, said) == said


async def test_a_browser_is_recognised_by_its_session_on_a_page_of_this_origin_only(start: Start):
    platform = await start()
    cookie = await platform.session()
    ours = {"Cookie": f"theme=dark; {cookie}", "Origin": f"http://{platform.address}"}
    async with platform.open(ECHO, ours) as socket:
        first = await hello(socket)
        assert (first["name"], first["headers"]["cookie"]) == ("ada", "theme=dark")
    for origin in ({"Origin": "http://elsewhere.test"}, {}, {"Origin": "null"}):
        assert await platform.refusal(ECHO, {"Cookie": cookie} | origin) == (403, "csrf_refused")


async def test_a_browser_is_recognised_by_a_token_among_its_subprotocols_which_goes_no_further(start: Start):
    platform = await start()
    token = (await platform.world.host_key())["Authorization"].split()[1]
    async with platform.open(ECHO, {}, "datalab", f"datalab.bearer.{token}") as socket:
        assert socket.subprotocol == "datalab"
        first = await hello(socket)
        assert first["offered"] == ["datalab"]
        assert token not in str(first)
    async with platform.open(ECHO, {}, "chat", "datalab", f"datalab.bearer.{token}") as socket:
        assert socket.subprotocol == "chat"
    async with platform.open(ECHO, {}, f"datalab.bearer.{token}") as socket:
        assert (await hello(socket))["offered"] == []


async def test_who_is_not_recognised_or_not_allowed_is_refused_at_the_handshake_with_a_problem(start: Start):
    platform = await start()
    viewer = await platform.world.host_key(Role.VIEWER)
    token = viewer["Authorization"].split()[1]
    assert await platform.refusal(ECHO, {}) == (401, "unauthenticated")
    assert await platform.refusal(ECHO, {"Authorization": "Bearer dl_no"}) == (401, "invalid_credentials")
    assert await platform.refusal(ECHO, {}, "datalab.bearer.nonsense") == (401, "unauthenticated")
    assert await platform.refusal(ECHO, viewer, f"datalab.bearer.{token}") == (400, "malformed_input")
    assert await platform.refusal("/api/v1/auth/me", viewer) == (404, "not_found")
    assert await platform.refusal("/api/v1/data/nowhere", viewer) == (404, "not_found")
    assert await platform.refusal("/api/v1/data/whoami", viewer) == (404, "not_found")
    assert await platform.refusal(WRITERS, viewer) == (403, "forbidden")


async def test_close_codes_pass_both_ways(start: Start):
    platform = await start()
    headers = await platform.world.host_key()
    async with platform.open(ECHO, headers) as socket:
        await hello(socket)
        await socket.send("close")
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4321, "because you asked")
    async with platform.open(ECHO, headers) as socket:
        await hello(socket)
        await socket.close(4001, "enough")
    assert await asyncio.wait_for(platform.service.left.get(), 20) == (4001, "enough")


async def test_a_client_that_vanishes_is_noticed_by_the_service(start: Start):
    platform = await start()
    async with platform.open(ECHO, await platform.world.host_key()) as socket:
        await hello(socket)
        socket.transport.abort()
    code, _ = await asyncio.wait_for(platform.service.left.get(), 20)
    assert code in (1001, 1005)


async def test_a_message_that_is_too_long_ends_the_connection(start: Start):
    platform = await start()
    async with platform.open(ECHO, await platform.world.host_key()) as socket:
        await hello(socket)
        with pytest.raises(ConnectionClosed) as closed:
            await said_and_heard(socket, b"x" * (LONGEST_MESSAGE + 1))
        # The system may drop the server's last words when it still had bytes to read.
        assert closed.value.rcvd is None or closed.value.rcvd.code == 1009
    await asyncio.wait_for(platform.service.left.get(), 20)


async def test_a_slow_reader_slows_the_service(start: Start):
    platform = await start()
    async with platform.open(FLOOD, await platform.world.host_key()) as socket:
        await socket.recv()
        socket.transport.pause_reading()
        before = -1
        while platform.service.sent != before:
            before = platform.service.sent
            await asyncio.sleep(0.5)
        assert platform.service.sent < 1_000
        socket.transport.abort()
    await asyncio.wait_for(platform.service.left.get(), 30)
    assert platform.service.sent < 5_000


async def opened_at_last(platform: Platform, headers: dict[str, str]) -> None:
    try:
        async with platform.open(ECHO, headers) as socket:
            await hello(socket)
    except InvalidStatus:
        await asyncio.sleep(0.02)
        await opened_at_last(platform, headers)


async def test_one_identity_holds_so_many_open_and_no_more(start: Start):
    platform = await start(DATALAB_WEBSOCKETS_PER_IDENTITY="2", DATALAB_WEBSOCKETS="3")
    host, ada = await platform.world.host_key(), await platform.world.sign_in("ada")
    async with platform.open(ECHO, host) as one, platform.open(ECHO, host) as two:
        await hello(one)
        await hello(two)
        assert await platform.refusal(ECHO, host) == (429, "rate_limited")
        async with platform.open(ECHO, ada) as other:
            await hello(other)
            assert await platform.refusal(ECHO, ada) == (503, "unavailable")
    async with asyncio.timeout(20):
        await opened_at_last(platform, host)


async def test_a_connection_ends_when_what_opened_it_does(start: Start):
    platform = await start(DATALAB_WEBSOCKET_CHECK_S="0.05")
    token = await platform.world.sign_in("ada")
    async with platform.open(ECHO, token) as socket:
        await hello(socket)
        assert (await platform.world.http.post("/api/v1/auth/logout", headers=token)).status_code == 204
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008
    code, _ = await asyncio.wait_for(platform.service.left.get(), 20)
    assert code in (1001, 1008)


async def test_a_server_that_drains_says_that_it_goes_away(start: Start):
    platform = await start()
    async with platform.open(ECHO, await platform.world.host_key()) as socket:
        await hello(socket)
        platform.server.should_exit = True
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1001
    code, _ = await asyncio.wait_for(platform.service.left.get(), 20)
    assert code == 1001


async def test_handshakes_are_in_the_trail(start: Start):
    platform = await start()
    await platform.refusal(ECHO, {})
    async with platform.open(ECHO, await platform.world.host_key()) as socket:
        await hello(socket)
    await platform.service.left.get()
    await platform.world.audit.flush()
    kept = await SqlAuditLog(platform.world.database).list(AuditFilter(service="gateway"), None, 10)
    assert ("WEBSOCKET unknown", "stranger", 401, "refused") in [
        (one.action, one.name, one.status, one.outcome) for one in kept
    ]


async def test_a_service_that_breaks_off_or_is_away_is_told_of(make_world):
    service = Service()
    async with AsyncExitStack() as stack:
        inner = AsyncExitStack()
        behind, server = await inner.enter_async_context(serving(service.app))
        world = await make_world({"data": Forwarder("data", ["http://127.0.0.1:1", f"http://{behind}"])})
        address, outer = await stack.enter_async_context(serving(world.gateway))
        platform = Platform(world, service, address, outer)
        headers = await world.host_key()
        async with platform.open(ECHO, headers) as socket:
            await hello(socket)
            for connection in list(server.server_state.connections):
                connection.transport.abort()
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1014
        await inner.aclose()
        assert await platform.refusal(ECHO, headers) == (503, "unavailable")


async def test_a_services_own_port_recognises_too():
    service = Service()
    async with serving(service.app) as (address, _):
        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"ws://{address}{ECHO}", proxy=None):
                pass
        assert refused.value.response.status_code == 401
