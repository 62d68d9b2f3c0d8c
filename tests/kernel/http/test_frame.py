"""What every service app does alike."""

from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import OKPKey
from pydantic import Field

from datalab.catalog import DATA
from datalab.contracts.data import DatasetNotFound
from datalab.contracts.identity import Role
from datalab.contracts.model import Contract
from datalab.kernel.auth.claims import ALGORITHM
from datalab.kernel.auth.require import CurrentCaller, requires
from datalab.kernel.http.app import create_app
from datalab.kernel.http.context import Observation
from datalab.kernel.testing.app import MemoryAudit, app_parts
from datalab.kernel.testing.identity import identity, sign


class Thing(Contract):
    age: Annotated[int, Field(ge=0)]
    inner: dict[str, Any] = Field(default_factory=dict)


def build(sink: MemoryAudit) -> tuple[FastAPI, Any]:
    parts = app_parts(sink)
    app = create_app(DATA, parts)

    @app.get("/api/v1/data/things/{name}", **requires(Role.VIEWER, "data:read"))
    async def get_thing(name: str, caller: CurrentCaller) -> dict[str, str]:
        if name == "missing":
            raise DatasetNotFound(name)
        if name == "broken":
            raise ZeroDivisionError
        return {"name": name, "caller": caller.identity.name}

    @app.post("/api/v1/data/things", **requires(Role.EDITOR, "data:write"))
    async def make_thing(thing: Thing) -> Thing:
        return thing

    return app, parts


@pytest.fixture
def sink() -> MemoryAudit:
    return MemoryAudit()


@pytest.fixture
def app(sink: MemoryAudit) -> FastAPI:
    return build(sink)[0]


def client_of(app: FastAPI, token: str | None = None) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://service", headers=headers)


async def test_health_needs_no_credential(app: FastAPI):
    async with client_of(app) as client:
        answer = await client.get("/health")
    assert answer.json() == {"status": "healthy"}


async def test_ready_is_503_when_a_required_check_fails(sink: MemoryAudit):
    app, parts = build(sink)

    async def fails() -> str | None:
        raise ConnectionError("no server at 5432")

    parts.readiness.add("database", fails, required=True)
    async with client_of(app) as client:
        answer = await client.get("/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"]["detail"] == "no server at 5432"


async def test_ready_is_degraded_when_an_optional_check_fails(sink: MemoryAudit):
    app, parts = build(sink)

    async def fails() -> str | None:
        raise ConnectionError("away")

    parts.readiness.add("cache", fails, required=False)
    async with client_of(app) as client:
        answer = await client.get("/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")


@pytest.mark.parametrize(
    "token",
    [
        None,
        "nonsense",
        "a.b.c",
        sign(identity(lifetime_s=-60)),
        sign(identity(), aud="somebody-else"),
        sign(identity(), OKPKey.generate_key("Ed25519", parameters={"kid": "test", "alg": ALGORITHM})),
    ],
    ids=["none", "nonsense", "dots", "expired", "other-audience", "forged"],
)
async def test_bad_credentials_are_unauthenticated_before_the_body_is_read(app: FastAPI, token: str | None):
    async with client_of(app, token) as client:
        answer = await client.post("/api/v1/data/things", content=b"{not json")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert "WWW-Authenticate" in answer.headers


async def test_a_viewer_may_not_do_what_needs_an_editor(app: FastAPI):
    async with client_of(app, sign(identity(Role.VIEWER))) as client:
        answer = await client.post("/api/v1/data/things", json={"age": 1})
    assert answer.status_code == 403
    assert "editor" in answer.json()["detail"]


async def test_a_scope_that_was_not_given_is_forbidden(app: FastAPI):
    async with client_of(app, sign(identity(), scope="ai:write")) as client:
        answer = await client.get("/api/v1/data/things/x")
    assert answer.status_code == 403


async def test_write_scope_holds_read_scope(app: FastAPI):
    async with client_of(app, sign(identity(), scope="data:write")) as client:
        answer = await client.get("/api/v1/data/things/x")
    assert answer.status_code == 200


async def test_a_platform_error_is_a_problem_with_its_code_and_request_id(app: FastAPI):
    async with client_of(app, sign(identity())) as client:
        answer = await client.get("/api/v1/data/things/missing", headers={"X-Request-ID": "abc-1"})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["request_id"]) == (404, "dataset_not_found", "abc-1")
    assert answer.headers["X-Request-ID"] == "abc-1"


async def test_an_unexpected_error_tells_nothing_of_its_cause(app: FastAPI):
    async with client_of(app, sign(identity())) as client:
        answer = await client.get("/api/v1/data/things/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "ZeroDivision" not in answer.text


async def test_validation_says_where_what_and_got(app: FastAPI):
    async with client_of(app, sign(identity())) as client:
        answer = await client.post("/api/v1/data/things", json={"age": -1})
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["where"], error["got"]) == (422, "body.age", "-1")


async def test_unreadable_json_is_malformed(app: FastAPI):
    async with client_of(app, sign(identity())) as client:
        answer = await client.post(
            "/api/v1/data/things", content=b'{"age": ', headers={"content-type": "application/json"}
        )
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_input")


async def test_deeply_nested_json_is_a_client_error(app: FastAPI):
    body = b'{"age": 1, "inner": ' + b'{"a":' * 200_000 + b"1" + b"}" * 200_001
    async with client_of(app, sign(identity())) as client:
        answer = await client.post("/api/v1/data/things", content=body, headers={"content-type": "application/json"})
    assert 400 <= answer.status_code < 500


async def test_a_body_past_the_limit_is_too_large(app: FastAPI):
    async with client_of(app, sign(identity())) as client:
        answer = await client.post("/api/v1/data/things", content=b" " * (17 * 2**20))
    assert answer.status_code == 413


async def test_an_unknown_path_is_a_problem(app: FastAPI):
    async with client_of(app, sign(identity())) as client:
        answer = await client.get("/nowhere")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_calls_are_audited_with_who_what_and_outcome(sink: MemoryAudit):
    app, parts = build(sink)
    async with client_of(app, sign(identity(Role.VIEWER, "vera"))) as client:
        await client.get("/api/v1/data/things/x")
        await client.post("/api/v1/data/things", json={"age": 1})
    await parts.audit.flush()
    assert [(e.name, e.action, e.outcome) for e in sink.entries] == [
        ("vera", "GET get_thing", "done"),
        ("vera", "POST make_thing", "refused"),
    ]


async def test_metrics_count_requests_by_route(app: FastAPI):
    async with client_of(app, sign(identity())) as client:
        await client.get("/api/v1/data/things/x")
        text = (await client.get("/metrics")).text
    assert 'route="/api/v1/data/things/{name}",service="data",status="200"' in text


def test_a_stream_of_events_is_measured_until_it_begins():
    seen = Observation()
    seen.see({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    began = seen.seconds
    seen.see({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": False})
    assert (seen.seconds, seen.status, seen.ended) == (began, 200, True)


def test_any_other_answer_is_measured_until_it_ends():
    seen = Observation()
    seen.see({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/csv")]})
    assert seen.streams_after_s is None
