"""The span of a request, and what a caller is told of its trace."""

import json
import logging
from typing import Any

import httpx
import pytest
import structlog
from fastapi import FastAPI, WebSocket
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.types import Message

from datalab.catalog import DATA
from datalab.contracts.data import DatasetNotFound
from datalab.contracts.identity import Role
from datalab.kernel.auth.require import CurrentCaller, public, requires
from datalab.kernel.http.app import create_app
from datalab.kernel.http.tracing import Tracing
from datalab.kernel.telemetry.logs import configure_logs, get_logger
from datalab.kernel.testing.app import app_parts
from datalab.kernel.testing.identity import identity, sign
from datalab.kernel.traces.spans import begin, step

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"
SAMPLED = f"00-{TRACE}-{PARENT}-01"
UNSAMPLED = f"00-{TRACE}-{PARENT}-00"
SECRET = "hunter2-hunter2"


@pytest.fixture
def app() -> FastAPI:
    app = create_app(DATA, app_parts(), public_paths=frozenset({"/broken"}))

    @app.get("/api/v1/data/things/{name}", **requires(Role.VIEWER, "data:read"))
    async def get_thing(name: str, caller: CurrentCaller) -> dict[str, str | None]:
        if name == "missing":
            raise DatasetNotFound(SECRET)
        with step("inner", {}):
            return {"traceparent": caller.traceparent}

    @app.get("/broken", **public())
    async def broken() -> None:
        raise ZeroDivisionError(SECRET)

    @app.websocket("/api/v1/data/live", dependencies=requires(Role.VIEWER, "data:read")["dependencies"])
    async def live(socket: WebSocket) -> None:
        await socket.accept()
        await socket.close()

    return app


async def ask(app: Any, path: str, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    known = {"Authorization": f"Bearer {sign(identity(Role.VIEWER))}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://service", headers=known | headers) as client:
        return await client.get(path)


def told(span: ReadableSpan) -> str:
    return span.to_json()


async def test_a_request_is_one_span_by_its_route_in_the_callers_trace(app: FastAPI, kept: InMemorySpanExporter):
    answer = await ask(app, "/api/v1/data/things/a", traceparent=SAMPLED)
    inner, server = kept.get_finished_spans()
    assert (server.name, server.kind.name) == ("GET /api/v1/data/things/{name}", "SERVER")
    assert server.attributes is not None
    assert server.attributes["http.response.status_code"] == 200
    assert server.attributes["datalab.request_id"] == answer.headers["X-Request-ID"]
    assert server.parent is not None
    assert (f"{server.context.trace_id:032x}", f"{server.parent.span_id:016x}") == (TRACE, PARENT)
    assert inner.parent == server.context
    assert answer.json()["traceparent"] == f"00-{TRACE}-{server.context.span_id:016x}-01"


async def test_a_request_without_a_trace_begins_one(app: FastAPI, kept: InMemorySpanExporter):
    await ask(app, "/api/v1/data/things/a")
    _, server = kept.get_finished_spans()
    assert server.parent is None


async def test_a_caller_that_keeps_no_trace_makes_none_kept_and_is_passed_on(app: FastAPI, kept: InMemorySpanExporter):
    answer = await ask(app, "/api/v1/data/things/a", traceparent=UNSAMPLED)
    trace, flags = answer.json()["traceparent"].split("-")[1::2]
    assert (kept.get_finished_spans(), trace, flags) == ((), TRACE, "00")


async def test_without_an_exporter_the_trace_is_passed_on_as_it_came(app: FastAPI):
    answer = await ask(app, "/api/v1/data/things/a", traceparent=SAMPLED)
    assert answer.json()["traceparent"] == SAMPLED


@pytest.mark.parametrize("given", ["", "00-aa-bb-01", f"ff-{TRACE}-{PARENT}-01", "x" * 600])
async def test_what_is_no_traceparent_is_none(app: FastAPI, given: str):
    answer = await ask(app, "/api/v1/data/things/a", traceparent=given)
    assert answer.json()["traceparent"] is None


async def test_neither_query_nor_credential_nor_an_errors_text_is_told(app: FastAPI, kept: InMemorySpanExporter):
    await ask(app, f"/api/v1/data/things/missing?password={SECRET}", traceparent=SAMPLED)
    await ask(app, f"/broken?token={SECRET}", cookie=f"session={SECRET}")
    spans = kept.get_finished_spans()
    assert len(spans) == 2
    everything = " ".join(told(span) for span in spans)
    assert SECRET not in everything
    assert "missing" not in everything
    assert "Bearer" not in everything
    assert "eyJ" not in everything


@pytest.mark.parametrize(
    ("path", "status"), [("/api/v1/data/things/missing", 404), ("/broken", 500), ("/nowhere", 401)]
)
async def test_a_problem_names_its_trace(app: FastAPI, kept: InMemorySpanExporter, path: str, status: int):
    headers = {"Authorization": "none"} if status == 401 else {}
    answer = await ask(app, path, traceparent=SAMPLED, **headers)
    assert (answer.status_code, answer.json()["trace_id"]) == (status, TRACE)


async def test_a_problem_without_a_trace_names_none(app: FastAPI):
    assert "trace_id" not in (await ask(app, "/api/v1/data/things/missing")).json()


async def test_only_an_error_of_ours_is_an_error(app: FastAPI, kept: InMemorySpanExporter):
    await ask(app, "/api/v1/data/things/missing")
    await ask(app, "/broken")
    missing, broken = kept.get_finished_spans()
    assert (missing.status.status_code.name, broken.status.status_code.name) == ("UNSET", "ERROR")
    assert broken.status.description is None
    assert broken.events == ()


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics"])
async def test_probes_leave_no_span(app: FastAPI, kept: InMemorySpanExporter, path: str):
    await ask(app, path, traceparent=SAMPLED)
    assert kept.get_finished_spans() == ()


async def test_an_unknown_method_names_no_span(app: FastAPI, kept: InMemorySpanExporter):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://service") as client:
        await client.request("X-" + SECRET.upper(), "/broken")
    (span,) = kept.get_finished_spans()
    assert SECRET.upper() not in told(span)


async def test_what_encloses_the_same_service_shares_its_span(app: FastAPI, kept: InMemorySpanExporter):
    async def door(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope}, receive, send)

    await ask(Tracing(door, service=DATA.deployed_name), "/api/v1/data/things/a")
    _, server = kept.get_finished_spans()
    assert server.name == "GET /api/v1/data/things/{name}"


async def test_a_websocket_is_one_span(app: FastAPI, kept: InMemorySpanExporter):
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = {"authorization": f"Bearer {sign(identity(Role.VIEWER))}", "traceparent": SAMPLED}
    scope = {
        "type": "websocket",
        "path": "/api/v1/data/live",
        "raw_path": b"/api/v1/data/live",
        "query_string": b"",
        "root_path": "",
        "scheme": "ws",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "subprotocols": [],
        "state": {},
    }
    await app(scope, receive, send)
    (span,) = kept.get_finished_spans()
    assert [message["type"] for message in sent] == ["websocket.accept", "websocket.close"]
    assert span.name == "WEBSOCKET /api/v1/data/live"
    assert span.attributes is not None
    assert span.attributes["http.response.status_code"] == 101


async def test_log_lines_name_the_trace(app: FastAPI, capsys: pytest.CaptureFixture[str]):
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    configure_logs("info", "json")
    try:
        await ask(app, "/api/v1/data/things/a", traceparent=SAMPLED)
        get_logger("test").info("outside")
    finally:
        structlog.reset_defaults()
        root.handlers, root.level = before, level
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    traces = {line["event"]: line.get("trace_id") for line in lines}
    assert (traces["request"], traces["outside"]) == (TRACE, None)


async def test_a_step_outside_of_any_trace_is_not_kept(kept: InMemorySpanExporter):
    begin("upkeep", {}).end()
    with step("poll", {}):
        pass
    assert kept.get_finished_spans() == ()
