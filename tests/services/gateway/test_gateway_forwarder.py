"""Forwarding, against real servers over real sockets."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from datalab.kernel.http.context import REQUEST_ID
from datalab.kernel.testing.ports import free_port
from datalab.services.gateway.adapters.forwarder import Forwarder
from datalab.services.gateway.adapters.heartbeats import Heartbeats
from datalab.services.gateway.adapters.instances import Instances

MIB = 2**20


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[int]:
    """The app on uvicorn; its port."""
    config = uvicorn.Config(app, port=free_port(), lifespan="off", log_config=None, access_log=False, ws="none")
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[method-assign]
    task = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110 # uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield config.port
    server.should_exit = server.force_exit = True
    await asyncio.wait_for(task, 10)


Raw = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def raw_server(talk: Raw) -> AsyncIterator[str]:
    """A server that speaks as it likes; its URL."""

    async def handled(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await talk(reader, writer)
        writer.close()

    server = await asyncio.start_server(handled, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.close()


@asynccontextmanager
async def door(*urls: str, heartbeats: Heartbeats | None = None) -> AsyncIterator[int]:
    """A forwarder to these instances on uvicorn; its port."""
    forwarder = Forwarder("data", urls, heartbeats)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await forwarder({**scope, REQUEST_ID: "r-1"}, receive, send)

    async with served(app) as port:
        yield port
    await forwarder.close()


async def ask(port: int, head: str, body: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
    await writer.drain()
    return reader, writer


async def answer_of(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body, until the server closes."""
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return int(first.split()[1]), dict(line.lower().split(": ", 1) for line in lines), body


async def got(port: int, head: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
    reader, writer = await ask(port, head + "\nConnection: close", body)
    answer = await asyncio.wait_for(answer_of(reader), 30)
    writer.close()
    return answer


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with what was asked, the body's length and sum."""
    size, checksum, more = 0, 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        checksum = (checksum + sum(message.get("body", b"")[:16])) % 65536
        more = message.get("more_body", False)
    told = {
        "method": scope["method"],
        "target": scope["raw_path"].decode() + "?" + scope["query_string"].decode(),
        "headers": [(name.decode(), value.decode("latin-1")) for name, value in scope["headers"]],
        "size": size,
    }
    body = json.dumps(told).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"keep-alive", b"timeout=5"),
        (b"x-hop", b"1"),
        (b"connection", b"x-hop"),
        (b"set-cookie", b"a=1"),
        (b"set-cookie", b"b=2"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body if scope["method"] != "HEAD" else b""})


@pytest.fixture
async def echo_door() -> AsyncIterator[int]:
    async with served(echo) as upstream, door(f"http://127.0.0.1:{upstream}") as port:
        yield port


async def test_path_query_and_headers_arrive_as_they_were_sent(echo_door: int):
    head = "GET /api/v1/data/a%2Fb/%C3%A9..;x?q=%20+&r=%2e HTTP/1.1\nHost: lab.test\nX-Thing: caf\u00e9\nAccept-Encoding: zstd"
    status, _, body = await got(echo_door, head)
    told = json.loads(body)
    headers = dict(told["headers"])
    assert (status, told["target"]) == (200, "/api/v1/data/a%2Fb/%C3%A9..;x?q=%20+&r=%2e")
    assert headers["x-thing"].encode("latin-1").decode() == "café"
    assert headers["accept-encoding"] == "zstd"
    assert headers["x-forwarded-host"] == "lab.test"
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "http"
    assert "user-agent" not in headers


async def test_headers_of_one_hop_stay_on_it(echo_door: int):
    head = "GET / HTTP/1.1\nHost: x\nTE: trailers\nKeep-Alive: 5\nX-Private: 1\nProxy-Authorization: a\nConnection: x-private"
    reader, writer = await ask(echo_door, head)
    raw = await asyncio.wait_for(reader.readuntil(b"}"), 10)
    writer.close()
    told = dict(json.loads(raw[raw.index(b"{") :])["headers"])
    assert told.keys().isdisjoint({"te", "keep-alive", "x-private", "proxy-authorization"})
    answered = raw[: raw.index(b"{")].decode().lower()
    assert "x-hop" not in answered
    assert "keep-alive:" not in answered
    assert answered.count("set-cookie") == 2
    assert answered.count("date:") == 1


async def test_a_body_with_a_length_arrives_whole(echo_door: int):
    status, _, body = await got(echo_door, "POST / HTTP/1.1\nHost: x\nContent-Length: 300000", b"z" * 300_000)
    told = json.loads(body)
    assert (status, told["size"], dict(told["headers"])["content-length"]) == (200, 300_000, "300000")


async def test_a_chunked_body_arrives_whole(echo_door: int):
    chunks = b"".join(b"%x\r\n%s\r\n" % (1000, b"y" * 1000) for _ in range(50)) + b"0\r\n\r\n"
    status, _, body = await got(echo_door, "PUT / HTTP/1.1\nHost: x\nTransfer-Encoding: chunked", chunks)
    told = json.loads(body)
    assert (status, told["size"], dict(told["headers"])["transfer-encoding"]) == (200, 50_000, "chunked")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "GET"])
async def test_a_request_without_a_body_has_none(echo_door: int, method: str):
    status, _, body = await got(echo_door, f"{method} / HTTP/1.1\nHost: x\nContent-Length: 0")
    told = json.loads(body)
    assert (status, told["size"], "transfer-encoding" in dict(told["headers"])) == (200, 0, False)


async def test_head_is_answered_with_the_length_and_nothing_more(echo_door: int):
    status, headers, body = await got(echo_door, "HEAD / HTTP/1.1\nHost: x")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) > 0


async def test_a_body_that_promises_its_end_in_two_ways_is_refused(echo_door: int):
    head = "POST / HTTP/1.1\nHost: x\nContent-Length: 5\nTransfer-Encoding: chunked"
    status, _, _ = await got(echo_door, head, b"0\r\n\r\n")
    assert status == 400


async def test_redirects_and_cookies_are_the_clients_business():
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"location", b"/elsewhere"), (b"set-cookie", b"a=1"), (b"content-length", b"0")]
        cookies = [value for name, value in scope["headers"] if name == b"cookie"]
        await send({"type": "http.response.start", "status": 307 if not cookies else 500, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async with served(app) as upstream, door(f"http://127.0.0.1:{upstream}") as port:
        for _ in range(2):
            status, headers, _ = await got(port, "GET / HTTP/1.1\nHost: x")
            assert (status, headers["location"]) == (307, "/elsewhere")


async def test_events_pass_one_by_one():
    steps: asyncio.Queue[None] = asyncio.Queue()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for number in range(3):
            await send({"type": "http.response.body", "body": b"data: %d\n\n" % number, "more_body": True})
            await steps.get()
        await send({"type": "http.response.body", "body": b""})

    async with served(app) as upstream, door(f"http://127.0.0.1:{upstream}") as port:
        reader, writer = await ask(port, "GET / HTTP/1.1\nHost: x")
        for number in range(3):
            seen = await asyncio.wait_for(reader.readuntil(b"data: %d\n\n" % number), 10)
            assert b"data: %d" % (number + 1) not in seen
            steps.put_nowait(None)
        assert (await asyncio.wait_for(reader.readuntil(b"0\r\n\r\n"), 10)).endswith(b"0\r\n\r\n")
        writer.close()


async def test_an_event_stream_ends_cleanly_when_the_door_drains():
    draining = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            continue

    async with served(app) as upstream:
        forwarder = Forwarder("data", [f"http://127.0.0.1:{upstream}"])

        async def drained(scope: Scope, receive: Receive, send: Send) -> None:
            first = await receive()

            async def until_draining() -> Message:
                nonlocal first
                message, first = first, {"type": "http.disconnect"}
                if message["type"] == "http.disconnect":
                    await draining.wait()
                return message

            await forwarder({**scope, REQUEST_ID: "r-1"}, until_draining, send)

        async with served(drained) as port:
            reader, writer = await ask(port, "GET / HTTP/1.1\nHost: x")
            await asyncio.wait_for(reader.readuntil(b"data: 1\n\n"), 10)
            draining.set()
            assert (await asyncio.wait_for(reader.readuntil(b"0\r\n\r\n"), 10)).endswith(b"0\r\n\r\n")
            writer.close()
        await forwarder.close()


async def test_an_upload_that_the_service_does_not_read_yet_stops_at_the_client():
    go, read = asyncio.Event(), 0

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal read
        await go.wait()
        more = True
        while more:
            message = await receive()
            read += len(message.get("body", b""))
            more = message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    total, sent = 50 * MIB, 0
    async with served(app) as upstream, door(f"http://127.0.0.1:{upstream}") as port:
        reader, writer = await ask(port, f"PUT / HTTP/1.1\nHost: x\nConnection: close\nContent-Length: {total}")

        async def upload() -> None:
            nonlocal sent
            piece = b"u" * MIB
            while sent < total:
                writer.write(piece)
                await writer.drain()
                sent += len(piece)

        uploading = asyncio.create_task(upload())
        before = -1
        while before != sent:
            before = sent
            await asyncio.sleep(0.5)
        assert sent < 25 * MIB
        go.set()
        await asyncio.wait_for(uploading, 60)
        status, _, _ = await asyncio.wait_for(answer_of(reader), 30)
        writer.close()
    assert (status, read) == (200, total)


async def test_an_answer_that_the_client_does_not_read_yet_stops_at_the_service():
    made, total = 0, 50 * MIB

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal made
        headers = [(b"content-length", str(total).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        while made < total:
            await send({"type": "http.response.body", "body": b"d" * MIB, "more_body": True})
            made += MIB
        await send({"type": "http.response.body", "body": b""})

    async with served(app) as upstream, door(f"http://127.0.0.1:{upstream}") as port:
        reader, writer = await ask(port, "GET / HTTP/1.1\nHost: x\nConnection: close")
        before = -1
        while before != made:
            before = made
            await asyncio.sleep(0.5)
        assert made < 25 * MIB
        _, _, body = await asyncio.wait_for(answer_of(reader), 60)
        writer.close()
    assert len(body) == total


async def test_an_early_answer_reaches_a_client_that_is_still_sending():
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 413, "headers": [(b"content-length", b"3")]})
        await send({"type": "http.response.body", "body": b"big"})

    async with served(app) as upstream, door(f"http://127.0.0.1:{upstream}") as port:
        reader, writer = await ask(port, f"PUT / HTTP/1.1\nHost: x\nContent-Length: {50 * MIB}", b"x" * 1000)
        seen = await asyncio.wait_for(reader.readuntil(b"big"), 10)
        assert seen.startswith(b"HTTP/1.1 413")
        writer.close()


async def test_a_client_that_hangs_up_ends_the_work_at_the_service():
    begun, ended = asyncio.Event(), asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        begun.set()
        while (await receive())["type"] != "http.disconnect":
            continue
        ended.set()

    async with served(app) as upstream, door(f"http://127.0.0.1:{upstream}") as port:
        _, writer = await ask(port, "GET / HTTP/1.1\nHost: x")
        await asyncio.wait_for(begun.wait(), 10)
        writer.close()
        await asyncio.wait_for(ended.wait(), 10)


async def test_a_client_that_hangs_up_in_mid_upload_is_not_taken_for_a_whole_body():
    seen: asyncio.Queue[str] = asyncio.Queue()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect" or not message.get("more_body"):
                seen.put_nowait(message["type"])
                return

    async with served(app) as upstream, door(f"http://127.0.0.1:{upstream}") as port:
        head = "PUT / HTTP/1.1\nHost: x\nTransfer-Encoding: chunked"
        _, writer = await ask(port, head, b"5\r\nhello\r\n")
        await asyncio.sleep(0.2)
        writer.close()
        assert await asyncio.wait_for(seen.get(), 10) == "http.disconnect"


@pytest.mark.parametrize("framing", ["Content-Length: 100", "Transfer-Encoding: chunked"])
async def test_a_service_that_breaks_off_cuts_the_clients_connection(framing: str):
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 200 OK\r\n{framing}\r\n\r\n5\r\nhello\r\n".encode())
        await writer.drain()

    async with raw_server(talk) as url, door(url) as port:
        status, headers, body = await got(port, "GET / HTTP/1.1\nHost: x")
    assert status == 200
    assert b"hello" in body
    assert not body.endswith(b"0\r\n\r\n")
    assert len(body) < int(headers.get("content-length", 1000))


def breaks_off(times: list[bytes], after: int) -> Raw:
    """Hang up without an answer the first ``after`` times, then answer."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        times.append(await reader.readuntil(b"\r\n\r\n"))
        if len(times) > after:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
            await writer.drain()

    return talk


async def test_what_is_safe_is_asked_once_more_when_the_service_breaks_off():
    times: list[bytes] = []
    async with raw_server(breaks_off(times, 1)) as url, door(url) as port:
        status, _, body = await got(port, "GET / HTTP/1.1\nHost: x")
    assert (status, body, len(times)) == (200, b"ok", 2)


async def test_it_is_asked_no_more_than_twice():
    times: list[bytes] = []
    async with raw_server(breaks_off(times, 100)) as url, door(url) as port:
        status, headers, body = await got(port, "GET / HTTP/1.1\nHost: x")
    assert (status, json.loads(body)["code"], len(times)) == (503, "unavailable", 2)
    assert headers["retry-after"] == "1"


async def test_what_may_have_been_done_is_not_asked_again():
    times: list[bytes] = []
    async with raw_server(breaks_off(times, 1)) as url, door(url) as port:
        status, _, body = await got(port, "POST / HTTP/1.1\nHost: x\nContent-Length: 2", b"{}")
    assert (status, json.loads(body)["code"], len(times)) == (502, "outcome_unknown", 1)


async def test_a_body_that_is_gone_is_not_sent_again():
    times: list[bytes] = []
    async with raw_server(breaks_off(times, 1)) as url, door(url) as port:
        status, _, body = await got(port, "PUT / HTTP/1.1\nHost: x\nContent-Length: 2", b"{}")
    assert (status, json.loads(body)["code"], len(times)) == (503, "unavailable", 1)


async def test_a_service_that_is_away_is_unavailable_for_the_moment():
    async with door(f"http://127.0.0.1:{free_port()}") as port:
        status, headers, body = await got(port, "POST / HTTP/1.1\nHost: x\nContent-Length: 2", b"{}")
    problem = json.loads(body)
    assert (status, problem["code"], problem["request_id"]) == (503, "unavailable", "r-1")
    assert "retry-after" in headers


async def test_an_instance_that_is_away_is_passed_over_even_by_uploads():
    async with served(echo) as upstream:
        here, away = f"http://127.0.0.1:{upstream}", f"http://127.0.0.1:{free_port()}"
        async with door(away, here) as port:
            for _ in range(4):
                status, _, body = await got(port, "POST / HTTP/1.1\nHost: x\nContent-Length: 2", b"{}")
                assert (status, json.loads(body)["size"]) == (200, 2)


async def test_instances_take_turns():
    async def named(name: str, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
        await send({"type": "http.response.body", "body": name.encode()})

    async with AsyncExitStack() as stack:
        urls = []
        for name in "ab":

            async def app(scope: Scope, receive: Receive, send: Send, name: str = name) -> None:
                await named(name, scope, receive, send)

            urls.append(f"http://127.0.0.1:{await stack.enter_async_context(served(app))}")
        port = await stack.enter_async_context(door(*urls))
        bodies = [(await got(port, "GET / HTTP/1.1\nHost: x"))[2] for _ in range(4)]
    assert bodies == [b"a", b"b", b"a", b"b"]


def test_an_instance_that_failed_comes_last_until_its_pause_is_over():
    now = 0.0
    instances = Instances(["a", "b"], clock=lambda: now)
    instances.failed("a")
    assert [instances.in_turn()[0] for _ in range(2)] == ["b", "b"]
    now = 1.0
    assert {instances.in_turn()[0] for _ in range(2)} == {"a", "b"}
    instances.failed("a")
    instances.worked("a")
    assert {instances.in_turn()[0] for _ in range(2)} == {"a", "b"}


async def hangs(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take what comes and answer nothing."""
    while await reader.read(MIB):
        continue


def soon() -> Heartbeats:
    return Heartbeats(quiet_s=0.1, patience_s=1)


@pytest.mark.parametrize(
    ("head", "status", "code"),
    [
        ("GET / HTTP/1.1\nHost: x", 503, "unavailable"),
        ("PUT / HTTP/1.1\nHost: x\nContent-Length: 2", 503, "unavailable"),
        ("POST / HTTP/1.1\nHost: x\nContent-Length: 2", 504, "outcome_unknown"),
    ],
)
async def test_a_service_that_hangs_is_given_up(head: str, status: int, code: str):
    async with raw_server(hangs) as url, door(url, heartbeats=soon()) as port:
        answer = await asyncio.wait_for(got(port, head, b"{}" if "Length" in head else b""), 30)
    assert (answer[0], json.loads(answer[2])["code"]) == (status, code)


async def test_what_is_safe_is_asked_of_another_instance_when_one_hangs():
    async with (
        served(echo) as upstream,
        raw_server(hangs) as url,
        door(url, f"http://127.0.0.1:{upstream}", heartbeats=soon()) as port,
    ):
        statuses = [(await got(port, "GET / HTTP/1.1\nHost: x"))[0] for _ in range(2)]
    assert statuses == [200, 200]


async def test_work_that_takes_long_is_waited_for():
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        slow = scope["path"] != "/health"
        await asyncio.sleep(1 if slow else 0)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
        await send({"type": "http.response.body", "body": b"do", "more_body": True})
        await asyncio.sleep(1 if slow else 0)
        await send({"type": "http.response.body", "body": b"ne"})

    patient = Heartbeats(quiet_s=0.1, patience_s=30)
    async with served(app) as upstream, door(f"http://127.0.0.1:{upstream}", heartbeats=patient) as port:
        status, _, body = await got(port, "POST / HTTP/1.1\nHost: x\nContent-Length: 2", b"{}")
    assert (status, body) == (200, b"done")


async def closes_its_door(leaving_s: float) -> tuple[int, bytes]:
    """What a POST gets from an instance that answers it long after it has stopped to listen."""
    asked_for, answered = asyncio.Event(), asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked_for.set()
        await asyncio.sleep(1.5)
        writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 4\r\nConnection: close\r\n\r\ndone")
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        answered.set()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    beats = Heartbeats(quiet_s=0.1, patience_s=30, leaving_s=leaving_s)
    async with door(url, heartbeats=beats) as port:
        asked = asyncio.create_task(got(port, "POST / HTTP/1.1\nHost: x\nContent-Length: 2", b"{}"))
        await asyncio.wait_for(asked_for.wait(), 30)
        server.close()
        status, _, body = await asyncio.wait_for(asked, 60)
        await asyncio.wait_for(answered.wait(), 30)
    return status, body


async def test_an_instance_that_drains_is_waited_for():
    assert await closes_its_door(leaving_s=60) == (201, b"done")


async def test_an_instance_that_drains_for_ever_is_given_up():
    status, body = await closes_its_door(leaving_s=0.2)
    assert (status, json.loads(body)["code"]) == (504, "outcome_unknown")


async def test_a_service_that_hangs_in_mid_answer_cuts_the_clients_connection():
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if b"/health" not in await reader.readuntil(b"\r\n\r\n"):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello")
            await writer.drain()
        await hangs(reader, writer)

    async with raw_server(talk) as url, door(url, heartbeats=soon()) as port:
        status, _, body = await asyncio.wait_for(got(port, "GET / HTTP/1.1\nHost: x"), 30)
    assert (status, body) == (200, b"hello")


async def test_a_service_that_is_no_http_server_is_unavailable():
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
        await writer.drain()

    async with raw_server(talk) as url, door(url) as port:
        status, _, body = await got(port, "GET / HTTP/1.1\nHost: x")
    assert (status, json.loads(body)["code"]) == (503, "unavailable")
