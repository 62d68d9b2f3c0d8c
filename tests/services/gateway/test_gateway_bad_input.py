"""What no database can hold, and what no page gave, is refused with where and why."""

import base64

import pytest

NUL = "%00"


@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [
        ("PATCH", f"/api/v1/auth/users/{NUL}", {"role": "viewer"}),
        ("DELETE", f"/api/v1/auth/users/{NUL}", None),
        ("DELETE", f"/api/v1/auth/users/{'x' * 500}", None),
        ("DELETE", f"/api/v1/auth/api-keys/{NUL}", None),
        ("GET", f"/api/v1/audit?subject={NUL}", None),
        ("GET", "/api/v1/audit?since=yesterday", None),
        ("GET", "/api/v1/audit?limit=0", None),
        ("GET", f"/api/v1/audit?cursor={base64.urlsafe_b64encode(b'a' + bytes(1)).decode()}", None),
        ("GET", f"/api/v1/auth/users?cursor={NUL}", None),
        ("GET", "/api/v1/auth/users?cursor=%C3%A9", None),
        ("POST", "/api/v1/auth/api-keys", {"name": "a\x00b"}),
        ("POST", "/api/v1/auth/token", {"grant_type": "password", "username": "\x00", "password": "x"}),
        ("POST", "/api/v1/auth/token", {"grant_type": "password", "username": "x" * 5000, "password": "x"}),
        ("POST", "/api/v1/auth/token", []),
        ("POST", "/api/v1/auth/token", None),
        ("POST", "/api/v1/auth/setup", {"code": "\x00", "name": "ada", "password": "x" * 2000}),
    ],
)
async def test_it_is_a_problem_of_the_clients_that_says_where(world, verb, path, body):
    answer = await world.http.request(verb, path, json=body, headers=await world.host_key())
    assert 400 <= answer.status_code < 500
    problem = answer.json()
    assert problem["code"] in ("invalid_input", "malformed_input", "setup_refused")
    assert problem["detail"]


async def test_a_token_request_that_is_neither_form_nor_json_is_unsupported(world):
    answer = await world.http.post("/api/v1/auth/token", content=b"<a/>", headers={"content-type": "text/xml"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_format")


async def test_a_token_request_that_is_too_long_is_refused(world):
    answer = await world.http.post("/api/v1/auth/token", content=b"x" * 100_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_deep_json_is_malformed(world):
    body = b'{"a":' * 3000 + b"1" + b"}" * 3000
    for path in ("/api/v1/auth/token", "/api/v1/auth/users"):
        headers = await world.host_key() | {"content-type": "application/json"}
        answer = await world.http.post(path, content=body, headers=headers)
        assert 400 <= answer.status_code < 500, answer.text
