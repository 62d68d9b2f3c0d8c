"""Refresh tokens: each is good once, and a second use ends all that its sign-in was given."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from datalab.contracts.identity import Role
from datalab.services.gateway.adapters.tables import sessions, spent_refresh_tokens

PASSWORD = "correct horse battery"
TOKEN, ME, SESSIONS = "/api/v1/auth/token", "/api/v1/auth/me", "/api/v1/auth/sessions"


async def sign_in(world, name: str = "ada") -> dict[str, Any]:
    form = {"grant_type": "password", "username": name, "password": PASSWORD}
    answer = await world.http.post(TOKEN, data=form)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def refresh(world, token: str, key: str | None = None) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return await world.http.post(TOKEN, data=form, headers=headers)


async def status(world, token: dict[str, Any]) -> int:
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    return (await world.http.get(ME, headers=headers)).status_code


async def test_a_refresh_token_gives_the_next_access_and_refresh_token(world):
    await world.set_up()
    first = await sign_in(world)
    answer = await refresh(world, first["refresh_token"])
    second = answer.json()
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert second["refresh_token"] not in (None, first["refresh_token"])
    assert second["access_token"] != first["access_token"]
    assert [await status(world, token) for token in (first, second)] == [200, 200]
    third = await refresh(world, second["refresh_token"])
    assert third.status_code == 200


async def test_only_digests_of_refresh_tokens_are_kept(world):
    await world.set_up()
    first = await sign_in(world)
    second = (await refresh(world, first["refresh_token"])).json()
    async with world.database.read() as connection:
        kept = str((await connection.execute(select(sessions))).all())
        kept += str((await connection.execute(select(spent_refresh_tokens))).all())
    assert first["refresh_token"] not in kept
    assert second["refresh_token"] not in kept


async def test_a_second_use_ends_all_that_the_sign_in_was_given_and_is_told_in_the_trail(world):
    admin = await world.set_up()
    other = await sign_in(world)
    first = await sign_in(world)
    second = (await refresh(world, first["refresh_token"])).json()
    stolen = await refresh(world, first["refresh_token"])
    assert (stolen.status_code, stolen.json()["code"]) == (401, "invalid_credentials")
    assert stolen.json()["error"] == "invalid_grant"
    assert [await status(world, token) for token in (first, second, other)] == [401, 401, 200]
    assert (await refresh(world, second["refresh_token"])).status_code == 401
    assert (await refresh(world, first["refresh_token"])).status_code == 401
    entries = (await world.http.get("/api/v1/audit", headers=admin, params={"outcome": "refused"})).json()["items"]
    told = [
        (one["name"], one["status"], one["address"]) for one in entries if one["action"] == "refresh token used twice"
    ]
    assert told == [("ada", 401, "127.0.0.1")]


async def test_of_two_uses_at_once_one_is_the_second(world):
    await world.set_up()
    first = await sign_in(world)
    answers = await asyncio.gather(*(refresh(world, first["refresh_token"]) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 401]
    won = next(answer for answer in answers if answer.status_code == 200)
    assert await status(world, won.json()) == 401


async def test_a_lost_answer_is_given_again_to_who_knows_the_key_that_it_was_asked_with(world):
    await world.set_up()
    first, key = await sign_in(world), str(uuid.uuid4())
    lost = (await refresh(world, first["refresh_token"], key)).json()
    again = await refresh(world, first["refresh_token"], key)
    assert (again.status_code, again.json()["refresh_token"]) == (200, lost["refresh_token"])
    assert (await refresh(world, again.json()["refresh_token"], key)).status_code == 200


@pytest.mark.parametrize("key", [None, "0" * 32])
async def test_who_does_not_know_the_key_is_a_thief(world, key):
    await world.set_up()
    first = await sign_in(world)
    second = (await refresh(world, first["refresh_token"], str(uuid.uuid4()))).json()
    assert (await refresh(world, first["refresh_token"], key)).status_code == 401
    assert await status(world, second) == 401


async def test_an_answer_that_was_used_is_not_given_again(world):
    await world.set_up()
    first, key = await sign_in(world), str(uuid.uuid4())
    second = (await refresh(world, first["refresh_token"], key)).json()
    third = (await refresh(world, second["refresh_token"])).json()
    assert (await refresh(world, first["refresh_token"], key)).status_code == 401
    assert await status(world, third) == 401


async def test_a_lost_answer_is_not_given_again_later(world):
    await world.set_up()
    first, key = await sign_in(world), str(uuid.uuid4())
    await refresh(world, first["refresh_token"], key)
    async with world.database.write() as connection:
        before = datetime.now(UTC) - timedelta(seconds=61)
        await connection.execute(update(spent_refresh_tokens).values(spent_at=before))
    assert (await refresh(world, first["refresh_token"], key)).status_code == 401


@pytest.mark.parametrize("key", ["short", "x" * 300, "with a space that nobody would put in a key"])
async def test_a_key_that_could_be_guessed_is_refused_before_anything_is_used(world, key):
    await world.set_up()
    first = await sign_in(world)
    answer = await refresh(world, first["refresh_token"], key)
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, "header.Idempotency-Key")
    assert (await refresh(world, first["refresh_token"])).status_code == 200


@pytest.mark.parametrize("token", ["dlr_nobodys", "", "x" * 300, "a\x00b"])
async def test_what_is_no_refresh_token_is_refused_and_not_repeated(world, token):
    answer = await refresh(world, token)
    assert answer.status_code in (401, 422)
    assert token == "" or token not in answer.text


async def test_a_browsers_secret_is_no_refresh_token_and_a_refresh_token_no_session(world):
    await world.set_up()
    signed = await world.http.post("/api/v1/auth/session", json={"name": "ada", "password": PASSWORD})
    secret = signed.cookies["datalab_session"]
    world.http.cookies.clear()
    assert (await refresh(world, secret)).status_code == 401
    token = (await sign_in(world))["refresh_token"]
    assert (await world.http.get(ME, headers={"Cookie": f"datalab_session={token}"})).status_code == 401
    assert (await world.http.get(ME, headers={"Authorization": f"Bearer {token}"})).status_code == 401
    assert (await world.http.get(ME, headers={"Cookie": f"datalab_session={secret}"})).status_code == 200


async def test_logging_out_ends_the_refresh_token_too(world):
    await world.set_up()
    first = await sign_in(world)
    second = (await refresh(world, first["refresh_token"])).json()
    headers = {"Authorization": f"Bearer {second['access_token']}"}
    assert (await world.http.post("/api/v1/auth/logout", headers=headers)).status_code == 204
    assert (await refresh(world, second["refresh_token"])).status_code == 401
    assert [await status(world, token) for token in (first, second)] == [401, 401]


async def test_disabling_deleting_or_a_new_password_ends_refresh_tokens_and_a_new_role_goes_on(world):
    admin = await world.set_up()
    for name, change in {"bob": {"disabled": True}, "dan": {"password": "another long password"}}.items():
        user = await world.person(admin, name, Role.VIEWER)
        theirs = await sign_in(world, name)
        await world.http.patch(f"/api/v1/auth/users/{user['id']}", json=change, headers=admin)
        assert (await refresh(world, theirs["refresh_token"])).status_code == 401
    eve = await world.person(admin, "eve", Role.VIEWER)
    theirs = await sign_in(world, "eve")
    await world.http.patch(f"/api/v1/auth/users/{eve['id']}", json={"role": "editor"}, headers=admin)
    assert await status(world, theirs) == 401
    newer = (await refresh(world, theirs["refresh_token"])).json()
    me = await world.http.get(ME, headers={"Authorization": f"Bearer {newer['access_token']}"})
    assert me.json()["role"] == "editor"
    await world.http.delete(f"/api/v1/auth/users/{eve['id']}", headers=admin)
    assert (await refresh(world, newer["refresh_token"])).status_code == 401


async def test_a_refresh_token_ends_when_it_is_not_used_and_in_any_case_after_its_longest_time(make_world):
    world = await make_world(DATALAB_SESSION_IDLE_S="3600", DATALAB_SESSION_S="7200")
    await world.set_up()
    token = (await sign_in(world))["refresh_token"]
    for column in ("seen_at", "created_at"):
        kept = await sign_in(world)
        async with world.database.write() as connection:
            before = datetime.now(UTC) - timedelta(seconds=7201)
            await connection.execute(update(sessions).values({column: before}))
        assert (await refresh(world, kept["refresh_token"])).status_code == 401
    assert (await refresh(world, token)).status_code == 401


async def test_a_program_sees_its_sign_in_among_the_sessions_and_ends_it(world):
    await world.set_up()
    token = await sign_in(world)
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    found = (await world.http.get(SESSIONS, headers=headers)).json()["items"]
    assert [(one["kind"], one["current"]) for one in found] == [("program", False), ("program", True)]
    assert (await world.http.delete(f"{SESSIONS}/{found[1]['id']}", headers=headers)).status_code == 204
    assert await status(world, token) == 401
    assert (await refresh(world, token["refresh_token"])).status_code == 401


async def test_other_grants_give_no_refresh_token(world):
    key = (await world.host_key())["Authorization"].split()[1]
    form = {"grant_type": "urn:datalab:params:oauth:grant-type:api-key", "api_key": key}
    assert (await world.http.post(TOKEN, data=form)).json()["refresh_token"] is None
