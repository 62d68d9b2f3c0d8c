"""Going on after a sign-in: the client renews its access token by itself."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from tests.client.platform import NOW, serving

from datalab.client.asynchronous import AsyncClient
from datalab.contracts.data import Upload
from datalab.contracts.errors import Unauthenticated
from datalab.contracts.gateway import InvalidCredentials
from datalab.kernel.http.problems import problem_response

USER = {"id": "u", "name": "ada", "role": "viewer", "disabled": False, "created_at": NOW}


@dataclass
class Gateway:
    """Gives tokens named by their number; ``good`` is the number of the one that it takes."""

    url: str = ""
    expires_in: int = 900
    given: int = 0
    good: int = 1
    lose_answers: int = 0
    ended: bool = False
    asked: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    keys: list[str | None] = field(default_factory=list[str | None])

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/api/v1/auth/token")
        async def token(request: Request) -> Response:
            form = dict(pair.split("=") for pair in (await request.body()).decode().split("&"))
            self.asked.append(form)
            self.keys.append(request.headers.get("idempotency-key"))
            if self.ended and form["grant_type"] == "refresh_token":
                return problem_response(InvalidCredentials("the sign-in has ended"), "r")
            if self.lose_answers:
                self.lose_answers -= 1
                return Response(status_code=503)
            await asyncio.sleep(0)
            self.given += 1
            number = self.given
            return JSONResponse(
                {"access_token": f"a{number}", "refresh_token": f"r{number}", "expires_in": self.expires_in}
            )

        @app.get("/api/v1/auth/users")
        async def users(request: Request) -> Response:
            if request.headers.get("authorization") != f"Bearer a{self.good}":
                return problem_response(Unauthenticated("the access token has expired"), "r")
            return JSONResponse({"items": [USER], "next_cursor": None})

        @app.put("/api/v1/data/datasets/{name}")
        async def upload(name: str) -> Response:
            return problem_response(Unauthenticated(f"the access token has expired for {name}"), "r")

        _ = token, users, upload
        return app


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    made = Gateway()
    with serving(made.app()) as made.url:
        yield made


def refreshed(gateway: Gateway) -> list[str]:
    return [form["refresh_token"] for form in gateway.asked if form["grant_type"] == "refresh_token"]


async def test_a_refused_access_token_is_renewed_and_the_call_made_again(gateway: Gateway):
    async with AsyncClient(gateway.url) as client:
        await client.sign_in("ada", "secret")
        assert len((await client.gateway.list_users()).items) == 1
        gateway.good = 2
        assert len((await client.gateway.list_users()).items) == 1
        assert client.token == "a2"
    assert refreshed(gateway) == ["r1"]


async def test_of_calls_at_once_one_renews(gateway: Gateway):
    async with AsyncClient(gateway.url) as client:
        await client.sign_in("ada", "secret")
        gateway.good = 2
        await asyncio.gather(*(client.gateway.list_users() for _ in range(5)))
    assert refreshed(gateway) == ["r1"]


async def test_a_token_that_is_about_to_expire_is_renewed_before_the_call(gateway: Gateway):
    gateway.expires_in = 0
    async with AsyncClient(gateway.url) as client:
        await client.sign_in("ada", "secret")
        gateway.expires_in, gateway.good = 900, 2
        await client.gateway.list_users()
        await client.gateway.list_users()
    assert refreshed(gateway) == ["r1"]


async def test_a_lost_answer_is_asked_for_again_under_the_same_key(gateway: Gateway):
    async with AsyncClient(gateway.url) as client:
        await client.sign_in("ada", "secret")
        gateway.good, gateway.lose_answers = 2, 1
        await client.gateway.list_users()
        gateway.good = 3
        await client.gateway.list_users()
    assert refreshed(gateway) == ["r1", "r1", "r2"]
    first, again, next_one = gateway.keys[1:]
    assert first == again != next_one
    assert first is not None
    assert len(first) == 36


async def test_when_the_sign_in_has_ended_the_caller_hears_it_and_may_sign_in_again(gateway: Gateway):
    async with AsyncClient(gateway.url) as client:
        await client.sign_in("ada", "secret")
        gateway.good, gateway.ended = 2, True
        with pytest.raises(InvalidCredentials, match="the sign-in has ended"):
            await client.gateway.list_users()
        await client.sign_in("ada", "secret")
        assert len((await client.gateway.list_users()).items) == 1


async def test_a_body_that_comes_in_pieces_is_not_sent_twice(gateway: Gateway):
    async def pieces():
        yield b"a\n1\n"

    async with AsyncClient(gateway.url) as client:
        await client.sign_in("ada", "secret")
        with pytest.raises(Unauthenticated, match="expired for some"):
            await client.data.upload("some", Upload(), pieces())
    assert refreshed(gateway) == []


async def test_a_token_that_was_given_is_used_as_it_is(gateway: Gateway):
    async with AsyncClient(gateway.url, "a7") as client:
        with pytest.raises(Unauthenticated):
            await client.gateway.list_users()
    assert gateway.asked == []
