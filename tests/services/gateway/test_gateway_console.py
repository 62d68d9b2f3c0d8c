"""The console beside the platform, on one port."""

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

JSON = "application/problem+json"


async def console(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(f"console at {scope['path']}")(scope, receive, send)


@pytest.mark.parametrize("path", ["/", "/datasets/flights", "/sign-in", "/assets/index-1a2b.js", "/apiary", "//api"])
async def test_what_is_not_the_platforms_is_the_consoles_and_needs_no_credential(make_world, path):
    world = await make_world(console=console)
    answer = await world.http.get(f"http://gateway.test{path}")
    assert answer.text == f"console at {path}"


@pytest.mark.parametrize("path", ["/api", "/api/v1/nothing", "/api/v1/data/nothing", "/api/v9", "/docs/nothing"])
async def test_an_unknown_path_of_the_platform_stays_a_problem(make_world, path):
    world = await make_world(console=console)
    answer = await world.http.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (401, JSON)
    known = await world.http.get(path, headers=await world.host_key())
    assert (known.status_code, known.headers["content-type"]) == (404, JSON)


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics", "/openapi.json", "/docs", "/.well-known/jwks.json"])
async def test_what_the_platform_says_of_itself_stays_open(make_world, path):
    world = await make_world(console=console)
    answer = await world.http.get(path)
    assert answer.status_code == 200
    assert "console at" not in answer.text


async def test_without_a_console_there_is_nothing_else(make_world):
    world = await make_world()
    assert (await world.http.get("/datasets", headers=await world.host_key())).status_code == 404
