"""What passes the door, and how it looks when it has."""

import pytest
from joserfc.jwk import OKPKey
from pydantic import SecretStr
from starlette.types import Message

from datalab.contracts.identity import Role
from datalab.kernel.auth.claims import ALGORITHM
from datalab.kernel.testing.identity import identity, sign
from datalab.services.gateway.model.signing import SigningKeys

WHOAMI, ME = "/api/v1/data/whoami", "/api/v1/auth/me"
OURS = SigningKeys(SecretStr("a-secret-of-more-than-thirty-two-bytes-for-tests"))


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        bearer("nonsense"),
        bearer("dl_nonsense"),
        {"Authorization": "Basic YTpi"},
        bearer(OURS.sign(identity(lifetime_s=-60))),
        bearer(OURS.sign(identity())),
        bearer(sign(identity(), OKPKey.generate_key("Ed25519", parameters={"kid": "test", "alg": ALGORITHM}))),
        bearer(sign(identity(), OURS._key, aud="elsewhere")),
    ],
    ids=["none", "nonsense", "no-key", "basic", "expired", "nobodys", "forged", "other-audience"],
)
async def test_who_is_not_recognised_is_turned_away_with_a_problem(world, headers):
    for path in (WHOAMI, ME, "/api/v1/data/nowhere", "/api/v1/elsewhere", "/"):
        answer = await world.http.get(path, headers=headers)
        assert answer.status_code == 401, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["x-request-id"] == answer.json()["request_id"]
        assert "WWW-Authenticate" in answer.headers


async def test_what_is_open_needs_no_credential(world):
    probes = ["/health", "/ready", "/metrics", "/health/data"]
    for path in [
        *probes,
        "/openapi.json",
        "/openapi/gateway.json",
        "/docs",
        "/docs/start.js",
        "/.well-known/jwks.json",
    ]:
        assert (await world.http.get(path)).status_code == 200, path


async def test_the_service_sees_the_caller_the_request_id_and_no_claims_of_the_clients(world):
    spoofed = {
        "X-User": "root",
        "X_User": "root",
        "X-DataLab-Role": "admin",
        "X-Forwarded-User": "root",
        "X-Forwarded-For": "10.0.0.1",
        "Remote-User": "root",
        "Remote_User": "root",
        "X-Role": "admin",
    }
    headers = await world.host_key(Role.VIEWER) | spoofed | {"X-Request-ID": "abc-1", "Traceparent": "00-aa-bb-01"}
    answer = await world.http.get(WHOAMI, headers=headers)
    seen = answer.json()
    names = {name for name, _ in seen["headers"]}
    assert seen["identity"]["role"] == "viewer"
    assert names.isdisjoint(name.lower() for name in spoofed)
    assert seen["request_id"] == answer.headers["x-request-id"] == "abc-1"
    assert ["traceparent", "00-aa-bb-01"] in seen["headers"]


async def test_what_is_handed_to_a_service_is_measured_at_the_gateway_too(world):
    await world.http.get(WHOAMI, headers=await world.host_key())
    labels = 'method="GET",route="/api/v1/data/{path}",service="gateway",status="200"'
    metrics = (await world.http.get("/metrics")).text
    assert f"datalab_http_request_duration_seconds_count{{{labels}}} 1.0" in metrics


async def test_an_unusable_request_id_is_replaced(world):
    answer = await world.http.get("/health", headers={"X-Request-ID": "x" * 500})
    assert len(answer.headers["x-request-id"]) == 36


async def test_the_role_is_judged_by_the_service(world):
    viewer, editor = await world.host_key(Role.VIEWER), await world.host_key(Role.EDITOR)
    assert (await world.http.post("/api/v1/data/things", json={}, headers=viewer)).status_code == 403
    assert (await world.http.post("/api/v1/data/things", json={}, headers=editor)).status_code == 200


async def test_identities_are_limited_apart_from_each_other(make_world):
    world = await make_world(DATALAB_RATE_LIMIT="0.001", DATALAB_RATE_LIMIT_BURST="3")
    key = await world.host_key()
    answers = [await world.http.get(WHOAMI, headers=key) for _ in range(3)]
    assert [answer.headers["ratelimit"].split(";")[1] for answer in answers] == ["r=2", "r=1", "r=0"]
    refused = await world.http.get(WHOAMI, headers=key)
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert int(refused.headers["retry-after"]) > 0
    assert refused.headers["ratelimit-policy"] == '"identity";q=3;w=3000'
    assert (await world.http.get("/health")).status_code == 200
    other = await world.set_up()
    assert (await world.http.get(WHOAMI, headers=other)).status_code == 200


async def call(world, headers: list[tuple[bytes, bytes]]) -> int:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/data/things",
        "raw_path": b"/api/v1/data/things",
        "query_string": b"",
        "headers": headers,
        "scheme": "http",
        "client": ("127.0.0.1", 1),
    }
    await world.gateway(scope, receive, send)
    return sent[0]["status"]


@pytest.mark.parametrize(
    "headers",
    [
        [(b"content-length", b"2"), (b"transfer-encoding", b"chunked")],
        [(b"content-length", b"2"), (b"content-length", b"3")],
        [(b"authorization", b"Bearer a"), (b"authorization", b"Bearer b")],
    ],
)
async def test_a_request_that_two_readers_could_see_differently_is_malformed(world, headers):
    assert await call(world, headers) == 400


async def test_every_route_of_its_own_declares_who_may_call_it(world):
    document = (await world.http.get("/openapi/gateway.json")).json()
    operations = [one for path in document["paths"].values() for one in path.values()]
    assert operations
    assert all("x-datalab-role" in one for one in operations)
