"""An app that is built when its server starts, and lets event streams go when it drains."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from datalab.host.lazy_app import STOPPING, LazyApp
from datalab.kernel.http.stopping import Stopping
from datalab.kernel.testing.eventually import eventually

EVENTS = [(b"accept", b"text/event-stream")]


class Life:
    """Notes when the app is opened and closed; the app waits for its caller to leave."""

    def __init__(self) -> None:
        self.told: list[str] = []

    @asynccontextmanager
    async def opening(self, _stopping: Stopping) -> AsyncIterator[ASGIApp]:
        self.told.append("opened")
        yield self._app
        self.told.append("closed")

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        await send({"type": "http.response.body", "body": message["type"].encode()})


class Server:
    """One side of an ASGI connection."""

    def __init__(self, app: LazyApp) -> None:
        self.app = app
        self.sent: asyncio.Queue[Message] = asyncio.Queue()
        self.inbox: asyncio.Queue[Message] = asyncio.Queue()

    async def lifespan(self) -> asyncio.Task[None]:
        await self.inbox.put({"type": "lifespan.startup"})
        self.state: dict[str, object] = {}
        scope: Scope = {"type": "lifespan", "state": self.state}
        return asyncio.create_task(self.app(scope, self.inbox.get, self.sent.put))

    def request(self, headers: list[tuple[bytes, bytes]], method: str = "GET") -> tuple["Server", asyncio.Task[None]]:
        one = Server(self.app)
        scope: Scope = {"type": "http", "method": method, "path": "/", "headers": headers}
        return one, asyncio.create_task(self.app(scope, one.inbox.get, one.sent.put))


async def test_nothing_is_built_before_the_server_starts_it():
    life = Life()
    app = LazyApp(life.opening)
    assert life.told == []
    server = Server(app)
    task = await server.lifespan()
    assert (await server.sent.get())["type"] == "lifespan.startup.complete"
    assert life.told == ["opened"]
    await server.inbox.put({"type": "lifespan.shutdown"})
    await task
    assert life.told == ["opened", "closed"]
    assert (await server.sent.get())["type"] == "lifespan.shutdown.complete"


async def test_a_start_that_fails_is_told_to_the_server():
    @asynccontextmanager
    async def failing(_stopping: Stopping) -> AsyncIterator[ASGIApp]:
        raise ValueError("the secret is too short")
        yield

    server = Server(LazyApp(failing))
    await (await server.lifespan())
    assert await server.sent.get() == {"type": "lifespan.startup.failed", "message": "the secret is too short"}


async def test_a_request_before_the_start_is_refused():
    with pytest.raises(RuntimeError, match="lifespan"):
        await LazyApp(Life().opening)({"type": "http", "path": "/", "headers": []}, asyncio.Queue().get, print)


async def test_event_streams_hear_that_their_reader_is_gone_when_the_server_drains():
    app = LazyApp(Life().opening)
    server = Server(app)
    task = await server.lifespan()
    await server.sent.get()
    stream, streaming = server.request(EVENTS)
    other, waiting = server.request([])
    await asyncio.sleep(0)
    app.drain()
    await streaming
    assert (await stream.sent.get())["body"] == b"http.disconnect"
    assert not waiting.done()
    await other.inbox.put({"type": "http.request"})
    await waiting
    assert (await other.sent.get())["body"] == b"http.request"
    await server.inbox.put({"type": "lifespan.shutdown"})
    await task


async def test_an_answer_left_open_by_the_drain_is_ended():
    @asynccontextmanager
    async def opening(_stopping: Stopping) -> AsyncIterator[ASGIApp]:
        async def app(_scope: Scope, receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"one", "more_body": True})
            await receive()

        yield app

    app = LazyApp(opening)
    server = Server(app)
    task = await server.lifespan()
    await server.sent.get()
    stream, streaming = server.request(EVENTS)
    await asyncio.sleep(0)
    app.drain()
    await streaming
    told = [stream.sent.get_nowait() for _ in range(stream.sent.qsize())]
    assert [message.get("more_body") for message in told] == [None, True, False]
    await server.inbox.put({"type": "lifespan.shutdown"})
    await task


async def test_a_stream_gets_its_callers_messages_while_nothing_drains():
    app = LazyApp(Life().opening)
    server = Server(app)
    task = await server.lifespan()
    await server.sent.get()
    stream, streaming = server.request(EVENTS)
    await stream.inbox.put({"type": "http.request"})
    await streaming
    assert (await stream.sent.get())["body"] == b"http.request"
    await server.inbox.put({"type": "lifespan.shutdown"})
    await task


async def test_told_to_stop_any_server_lets_its_streams_go_and_does_what_it_did():
    told: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    try:
        server = Server(LazyApp(Life().opening))
        life = await server.lifespan()
        await server.sent.get()
        stream, answering = server.request(EVENTS)
        await asyncio.sleep(0)
        signal.raise_signal(signal.SIGTERM)
        assert (await stream.sent.get())["body"] == b"http.disconnect"
        await answering
        assert told == [signal.SIGTERM]
        await server.inbox.put({"type": "lifespan.shutdown"})
        await life
        signal.raise_signal(signal.SIGTERM)
        assert told == [signal.SIGTERM, signal.SIGTERM]
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.fixture
def lingering(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The signals that reach the server below, of a process that lingers longer than any test."""
    monkeypatch.setenv("DATALAB_LINGER_S", "3600")
    told: list[int] = []
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda number, _: told.append(number)) for number in numbers]
    yield told
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


async def answering(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@asynccontextmanager
async def opened(_stopping: Stopping) -> AsyncIterator[ASGIApp]:
    yield answering


async def headers_of_an_answer(server: Server) -> list[tuple[bytes, bytes]]:
    one, answered = server.request([])
    await answered
    return (await one.sent.get())["headers"]


async def test_a_process_that_lingers_answers_and_asks_to_go_elsewhere(lingering: list[int]):
    server = Server(LazyApp(opened))
    life = await server.lifespan()
    await server.sent.get()
    assert await headers_of_an_answer(server) == [(b"content-length", b"2")]
    signal.raise_signal(signal.SIGTERM)
    stopping = server.state[STOPPING]
    assert isinstance(stopping, Stopping)
    assert (stopping.begun, stopping.draining, lingering) == (True, False, [])
    assert (b"connection", b"close") in await headers_of_an_answer(server)
    signal.raise_signal(signal.SIGTERM)
    assert (stopping.draining, lingering) == (True, [signal.SIGTERM])
    await server.inbox.put({"type": "lifespan.shutdown"})
    await life


async def test_somebody_at_a_terminal_needs_no_lingering(lingering: list[int]):
    server = Server(LazyApp(opened))
    life = await server.lifespan()
    await server.sent.get()
    signal.raise_signal(signal.SIGINT)
    assert (server.app.stopping.draining, lingering) == (True, [signal.SIGINT])
    await server.inbox.put({"type": "lifespan.shutdown"})
    await life


async def test_lingering_ends_by_itself_and_only_once(lingering: list[int], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATALAB_LINGER_S", "0.2")
    server = Server(LazyApp(opened))
    life = await server.lifespan()
    await server.sent.get()
    signal.raise_signal(signal.SIGTERM)
    assert lingering == []

    async def drains() -> bool:
        return server.app.stopping.draining

    await eventually(drains)
    assert lingering == [signal.SIGTERM]
    await server.inbox.put({"type": "lifespan.shutdown"})
    await life


async def test_event_streams_go_on_while_the_process_lingers(lingering: list[int]):
    server = Server(LazyApp(Life().opening))
    life = await server.lifespan()
    await server.sent.get()
    stream, streaming = server.request(EVENTS)
    await asyncio.sleep(0)
    signal.raise_signal(signal.SIGTERM)
    await stream.inbox.put({"type": "http.request"})
    await streaming
    assert (await stream.sent.get())["body"] == b"http.request"
    await server.inbox.put({"type": "lifespan.shutdown"})
    await life


@pytest.mark.parametrize(
    ("method", "code", "later"), [("GET", "unavailable", True), ("POST", "outcome_unknown", False)]
)
async def test_a_request_that_the_server_gives_up_is_told_whether_to_ask_again(method: str, code: str, later: bool):
    app = LazyApp(Life().opening)
    server = Server(app)
    life = await server.lifespan()
    await server.sent.get()
    one, answering = server.request([], method)
    await asyncio.sleep(0)
    app.drain()
    answering.cancel()
    await answering
    begun, body = one.sent.get_nowait(), one.sent.get_nowait()
    assert (begun["status"], json.loads(body["body"])["code"]) == (503, code)
    assert ((b"retry-after", b"1") in begun["headers"], (b"connection", b"close") in begun["headers"]) == (later, True)
    await server.inbox.put({"type": "lifespan.shutdown"})
    await life


async def test_a_request_whose_answer_began_is_broken_off():
    @asynccontextmanager
    async def opening(_stopping: Stopping) -> AsyncIterator[ASGIApp]:
        async def app(_scope: Scope, receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await receive()

        yield app

    server = Server(LazyApp(opening))
    life = await server.lifespan()
    await server.sent.get()
    _, answering = server.request([])
    await asyncio.sleep(0)
    server.app.drain()
    answering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await answering
    await server.inbox.put({"type": "lifespan.shutdown"})
    await life
