"""Browser sessions: the cookie, what ends it, and what other pages can't do with it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from datalab.contracts.errors import Unavailable
from datalab.contracts.identity import Role
from datalab.kernel.events.memory import MemoryBus
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.events.relay import Relay
from datalab.services.gateway.adapters.sessions import SqlSessions
from datalab.services.gateway.adapters.tables import sessions
from datalab.services.gateway.model.sessions import Terms

PASSWORD = "correct horse battery"
SESSION, SESSIONS, ME = "/api/v1/auth/session", "/api/v1/auth/sessions", "/api/v1/auth/me"
WHOAMI, THINGS = "/api/v1/data/whoami", "/api/v1/data/things"
CONSOLE = {"X-DataLab-Console": "1"}


def browser(world, url: str = "http://gateway.test") -> httpx.AsyncClient:
    """Keeps cookies as a browser does."""
    transport = httpx.ASGITransport(app=world.gateway, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=url, headers={"User-Agent": "Browser/1"})


async def sign_in(client: httpx.AsyncClient, name: str = "ada", **headers: str) -> httpx.Response:
    return await client.post(SESSION, json={"name": name, "password": PASSWORD}, headers=headers)


async def signed_in(world, name: str = "ada", url: str = "http://gateway.test") -> httpx.AsyncClient:
    client = browser(world, url)
    assert (await sign_in(client, name)).status_code == 200
    return client


async def listed(client: httpx.AsyncClient, **params: str) -> list[dict[str, Any]]:
    answer = await client.get(SESSIONS, params=params)
    assert answer.status_code == 200, answer.text
    return [one for one in answer.json()["items"] if one["kind"] == "browser"]


async def test_a_session_stands_for_a_token_at_the_gateway_and_at_services(world):
    await world.set_up()
    client = browser(world)
    answer = await sign_in(client)
    assert (answer.status_code, answer.json()["name"], answer.json()["role"]) == (200, "ada", "admin")
    assert answer.headers["cache-control"] == "no-store"
    assert (await client.get(ME)).json()["subject"] == answer.json()["subject"]
    seen = (await client.get(WHOAMI)).json()
    assert (seen["identity"]["name"], seen["identity"]["kind"]) == ("ada", "user")


async def test_the_cookie_is_for_the_browser_alone_and_secure_over_https(world):
    await world.set_up()
    plain = (await sign_in(browser(world))).headers["set-cookie"]
    name, _, rest = plain.partition("=")
    assert name == "datalab_session"
    assert len(rest.partition(";")[0]) == 43
    assert rest.partition(";")[2] == " Max-Age=2592000; Path=/; HttpOnly; SameSite=Strict"
    secure = (await sign_in(browser(world, "https://gateway.test"))).headers["set-cookie"]
    assert secure.startswith("__Host-datalab_session=")
    assert secure.endswith("; HttpOnly; SameSite=Strict; Secure")


async def test_over_https_a_cookie_that_a_neighbour_could_have_set_is_not_looked_at(world):
    await world.set_up()
    secret = (await signed_in(world)).cookies["datalab_session"]
    other = browser(world, "https://gateway.test")
    assert (await other.get(ME, headers={"Cookie": f"datalab_session={secret}"})).status_code == 401
    assert (await other.get(ME, headers={"Cookie": f"__Host-datalab_session={secret}"})).status_code == 200


async def test_only_a_digest_of_the_secret_is_kept(world):
    await world.set_up()
    secret = (await signed_in(world)).cookies["datalab_session"]
    async with world.database.read() as connection:
        rows = (await connection.execute(select(sessions))).all()
    assert len(rows) == 2
    assert secret not in str(rows)


async def test_services_never_see_the_cookie(world):
    await world.set_up()
    client = await signed_in(world)
    secret = client.cookies["datalab_session"]
    both = f"theme=dark; datalab_session={secret}; lang=en"
    for headers in ({"Cookie": both}, {"Cookie": both} | await world.host_key()):
        seen = (await browser(world).get(WHOAMI, headers=headers)).json()["headers"]
        assert ["cookie", "theme=dark; lang=en"] in seen
    seen = (await client.get(WHOAMI)).json()["headers"]
    assert "cookie" not in {name for name, _ in seen}


async def test_an_authorization_header_counts_more_than_the_cookie(world):
    await world.set_up()
    client = await signed_in(world)
    assert (await client.get(ME, headers=await world.host_key())).json()["name"] == "host"
    assert (await client.get(ME, headers={"Authorization": "Bearer nonsense"})).status_code == 401
    assert (await client.post(THINGS, json={}, headers=await world.host_key())).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-DataLab-Console": "0"},
        CONSOLE | {"Sec-Fetch-Site": "same-site"},
        CONSOLE | {"Sec-Fetch-Site": "cross-site"},
        CONSOLE | {"Sec-Fetch-Site": "none"},
        CONSOLE | {"Origin": "http://elsewhere.test"},
        CONSOLE | {"Origin": "http://gateway.test:81"},
        CONSOLE | {"Origin": "http://gateway.test.elsewhere.test"},
        CONSOLE | {"Origin": "null"},
        CONSOLE | {"Origin": "http://[gateway"},
        CONSOLE | {"Origin": "http://gateway.test:99999"},
    ],
)
async def test_another_page_can_change_nothing_with_the_session(world, headers):
    await world.set_up()
    client = await signed_in(world)
    for verb, path in (("POST", THINGS), ("DELETE", SESSION), ("PUT", "/api/v1/auth/me/password")):
        answer = await client.request(verb, path, json={}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf_refused"), (verb, path)
    assert (await client.get(ME)).status_code == 200


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        ("http://gateway.test", {}),
        ("http://gateway.test", {"Sec-Fetch-Site": "same-origin", "Origin": "http://gateway.test"}),
        ("http://gateway.test:8000", {"Origin": "http://gateway.test:8000"}),
        ("http://gateway.test", {"Origin": "https://gateway.test"}),
        ("https://gateway.test", {"Origin": "https://gateway.test"}),
        ("https://gateway.test", {"Origin": "https://gateway.test:443"}),
    ],
    ids=["not told", "same", "port", "tls ends before us", "https", "default port"],
)
async def test_the_console_changes_things_with_the_session(world, url, headers):
    await world.set_up()
    client = await signed_in(world, url=url)
    answer = await client.post(THINGS, json={"a": 1}, headers=CONSOLE | headers)
    assert (answer.status_code, answer.json()) == (200, {"a": 1})


async def test_a_page_without_tls_changes_nothing_where_there_is_tls(world):
    await world.set_up()
    client = await signed_in(world, url="https://gateway.test")
    answer = await client.post(THINGS, json={}, headers=CONSOLE | {"Origin": "http://gateway.test"})
    assert answer.json()["code"] == "csrf_refused"


async def test_another_page_can_sign_nobody_in(world):
    await world.set_up()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://elsewhere.test"}):
        answer = await sign_in(browser(world), **headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf_refused")
        assert "set-cookie" not in answer.headers


async def test_two_sessions_in_one_request_are_malformed(world):
    await world.set_up()
    secret = (await signed_in(world)).cookies["datalab_session"]
    doubled = {"Cookie": f"datalab_session={secret}; datalab_session=another"}
    assert (await browser(world).get(ME, headers=doubled)).status_code == 400


async def test_a_wrong_password_and_an_unknown_name_are_answered_alike_and_told_in_the_trail(world):
    admin = await world.set_up()
    client = browser(world)
    wrong = [await client.post(SESSION, json={"name": name, "password": "no"}) for name in ("ada", "nobody")]
    told = [{key: value for key, value in answer.json().items() if key != "request_id"} for answer in wrong]
    assert told[0] == told[1]
    assert (wrong[0].status_code, told[0]["code"]) == (401, "invalid_credentials")
    assert "set-cookie" not in wrong[0].headers
    await sign_in(client)
    await world.audit.flush()
    entries = (await world.http.get("/api/v1/audit", headers=admin)).json()["items"]
    seen = [(one["action"], one["name"], one["outcome"]) for one in entries[:3]]
    refused = ("POST open_session", "stranger", "refused")
    assert seen == [("POST open_session", "ada", "done"), refused, refused]


@pytest.mark.parametrize("body", [{}, {"name": "ada"}, {"name": "a\x00", "password": "x"}, {"name": [], "password": 1}])
async def test_a_sign_in_that_is_none_is_refused_without_its_secret(world, body):
    answer = await browser(world).post(SESSION, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_signing_in_is_limited_by_address_and_ending_a_session_is_not(make_world):
    world = await make_world(DATALAB_RATE_LIMIT_SIGN_IN="0.001", DATALAB_RATE_LIMIT_SIGN_IN_BURST="3")
    await world.set_up()
    client = await signed_in(world)
    limited = await sign_in(client)
    assert (limited.status_code, limited.json()["code"]) == (429, "rate_limited")
    assert int(limited.headers["retry-after"]) > 0
    assert (await client.delete(SESSION, headers=CONSOLE)).status_code == 204


async def test_signing_out_ends_the_session_and_takes_the_cookie_away(world):
    await world.set_up()
    client = await signed_in(world)
    secret = client.cookies["datalab_session"]
    answer = await client.delete(SESSION, headers=CONSOLE)
    assert answer.status_code == 204
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert "datalab_session" not in client.cookies
    again = await client.get(WHOAMI, headers={"Cookie": f"datalab_session={secret}"})
    assert (again.status_code, again.json()["code"]) == (401, "invalid_credentials")


async def test_logging_out_with_a_session_ends_it(world):
    await world.set_up()
    client = await signed_in(world)
    assert (await client.post("/api/v1/auth/logout", headers=CONSOLE)).status_code == 204
    assert (await client.get(ME)).status_code == 401


async def test_there_is_no_session_to_end_without_one(world):
    answer = await world.http.delete(SESSION, headers=await world.host_key())
    assert (answer.status_code, answer.json()["code"]) == (404, "session_not_found")
    assert (await world.http.delete(SESSION)).status_code == 401


async def test_one_sees_ones_own_sessions_and_ends_one_of_them(world):
    await world.set_up()
    here, there = await signed_in(world), await signed_in(world)
    found = await listed(here)
    assert [one["current"] for one in found] == [True, False]
    assert {(one["kind"], one["address"], one["user_agent"]) for one in found} == {
        ("browser", "127.0.0.1", "Browser/1")
    }
    assert all(one["created_at"] <= one["seen_at"] < one["expires_at"] for one in found)
    ended = await here.delete(f"{SESSIONS}/{found[1]['id']}", headers=CONSOLE)
    assert ended.status_code == 204
    assert ((await here.get(ME)).status_code, (await there.get(ME)).status_code) == (200, 401)
    assert (await here.delete(f"{SESSIONS}/{found[1]['id']}", headers=CONSOLE)).status_code == 404


async def test_sessions_are_listed_by_pages(world):
    await world.set_up()
    client = await signed_in(world)
    await signed_in(world)
    first = (await client.get(SESSIONS, params={"limit": 2})).json()
    second = (await client.get(SESSIONS, params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [one["current"] for one in (*first["items"], *second["items"])] == [False, True, False]
    assert second["next_cursor"] is None


async def test_only_an_administrator_sees_and_ends_anothers_sessions(world):
    admin = await world.set_up()
    bob = await world.person(admin, "bob", Role.EDITOR)
    await world.person(admin, "eve", Role.EDITOR)
    bobs, eves, adas = await signed_in(world, "bob"), await signed_in(world, "eve"), await signed_in(world)
    session = (await listed(bobs))[0]["id"]
    assert (await eves.get(SESSIONS, params={"user": bob["id"]})).status_code == 403
    assert (await eves.delete(f"{SESSIONS}/{session}", headers=CONSOLE)).status_code == 404
    assert [one["id"] for one in await listed(adas, user=bob["id"])] == [session]
    assert (await adas.delete(f"{SESSIONS}/{session}", headers=CONSOLE)).status_code == 204
    assert (await bobs.get(ME)).status_code == 401


async def test_disabling_deleting_or_a_new_password_ends_the_sessions_and_a_new_role_counts_at_once(world):
    admin = await world.set_up()
    for name, change in {"bob": {"disabled": True}, "dan": {"password": "another long password"}}.items():
        user = await world.person(admin, name, Role.VIEWER)
        client = await signed_in(world, name)
        assert (await client.get(ME)).status_code == 200
        await world.http.patch(f"/api/v1/auth/users/{user['id']}", json=change, headers=admin)
        assert (await client.get(ME)).status_code == 401
        await world.http.patch(f"/api/v1/auth/users/{user['id']}", json={"disabled": False}, headers=admin)
        assert (await client.get(ME)).status_code == 401
    eve = await world.person(admin, "eve", Role.VIEWER)
    client = await signed_in(world, "eve")
    assert (await client.post(THINGS, json={}, headers=CONSOLE)).status_code == 403
    await world.http.patch(f"/api/v1/auth/users/{eve['id']}", json={"role": "editor"}, headers=admin)
    assert (await client.post(THINGS, json={}, headers=CONSOLE)).status_code == 200
    assert (await world.http.delete(f"/api/v1/auth/users/{eve['id']}", headers=admin)).status_code == 204
    assert (await client.get(ME)).status_code == 401


async def test_ones_own_new_password_ends_ones_sessions(world):
    await world.set_up()
    client = await signed_in(world)
    change = {"current": PASSWORD, "new": "another long password"}
    assert (await client.put("/api/v1/auth/me/password", json=change, headers=CONSOLE)).status_code == 204
    assert (await client.get(ME)).status_code == 401


async def age(world, **before: timedelta) -> None:
    now = datetime.now(UTC)
    async with world.database.write() as connection:
        await connection.execute(update(sessions).values({name: now - ago for name, ago in before.items()}))


async def test_a_session_ends_when_it_is_not_used_and_in_any_case_after_its_longest_time(make_world):
    world = await make_world(DATALAB_SESSION_IDLE_S="3600", DATALAB_SESSION_S="7200")
    await world.set_up()
    idle, old, fresh = [await signed_in(world) for _ in range(3)]
    ids = [one["id"] for one in await listed(fresh)]
    now = datetime.now(UTC)
    async with world.database.write() as connection:
        for one, seen, made in ((0, 3601, 3602), (1, 0, 7201)):
            values = {"seen_at": now - timedelta(seconds=seen), "created_at": now - timedelta(seconds=made)}
            await connection.execute(update(sessions).where(sessions.c.id == ids[one]).values(values))
    assert [(await client.get(ME)).status_code for client in (idle, old, fresh)] == [401, 401, 200]
    kept = SqlSessions(world.database, None)  # pyright: ignore[reportArgumentType] # forgetting tells nobody
    assert await kept.forget(now, Terms(timedelta(seconds=3600), timedelta(seconds=7200))) == 2
    assert [one["id"] for one in await listed(fresh)] == ids[2:]


async def test_using_a_session_keeps_it_and_its_tokens_end_with_it(make_world):
    world = await make_world(DATALAB_SESSION_IDLE_S="3600", DATALAB_SESSION_S="7200")
    await world.set_up()
    client = await signed_in(world)
    await age(world, seen_at=timedelta(seconds=3000), created_at=timedelta(seconds=7000))
    until = (await client.get(ME)).json()["expires_at"]
    session = (await listed(client))[0]
    assert datetime.now(UTC) - datetime.fromisoformat(session["seen_at"]) < timedelta(seconds=600)
    assert datetime.fromisoformat(until) <= datetime.fromisoformat(session["expires_at"])


async def test_a_session_in_use_asks_the_database_nothing_for_a_request(make_world, monkeypatch):
    monkeypatch.setattr("datalab.services.gateway.actions.recognise.STANDING_S", 3600.0)
    world = await make_world()
    await world.set_up()
    client = await signed_in(world)
    assert [(await client.get(WHOAMI)).status_code for _ in range(2)] == [200, 200]

    def away() -> None:
        raise Unavailable("the database is away")

    monkeypatch.setattr(world.database, "read", away)
    assert [(await client.get(WHOAMI)).status_code for _ in range(3)] == [200, 200, 200]


async def test_a_gateway_hears_of_a_session_that_another_one_has_ended(make_world):
    world, other = await make_world(), await make_world()
    await world.set_up()
    client = await signed_in(world)
    secret = client.cookies["datalab_session"]
    theirs = browser(other)
    assert (await theirs.get(ME, headers={"Cookie": f"datalab_session={secret}"})).status_code == 200
    assert (await client.delete(SESSION, headers=CONSOLE)).status_code == 204
    bus: MemoryBus = other.bus
    async with Relay(world.database, Outbox(world.database), bus):
        while (await theirs.get(ME, headers={"Cookie": f"datalab_session={secret}"})).status_code == 200:
            pass


async def test_of_too_many_sessions_of_a_kind_those_unused_for_longest_end(world, monkeypatch):
    monkeypatch.setattr("datalab.services.gateway.adapters.sessions.AT_MOST", 2)
    token = await world.set_up()
    first, second, third = [await signed_in(world) for _ in range(3)]
    assert [(await client.get(ME)).status_code for client in (first, second, third)] == [200, 200, 200]
    await age(world, seen_at=timedelta(hours=1))
    fourth = await signed_in(world)
    clients = (first, second, third, fourth)
    assert [(await client.get(ME)).status_code for client in clients] == [401, 401, 200, 200]
    assert (await world.http.get(ME, headers=token)).status_code == 200
