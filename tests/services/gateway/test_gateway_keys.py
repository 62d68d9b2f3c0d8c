"""API keys: made, used, narrowed, revoked; and keys made on the host."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update

from datalab.contracts.errors import Forbidden
from datalab.contracts.identity import Role
from datalab.services.gateway.adapters.tables import api_keys, users
from datalab.services.gateway.local import mint_admin_key

KEYS, ME, TOKEN, WHOAMI = "/api/v1/auth/api-keys", "/api/v1/auth/me", "/api/v1/auth/token", "/api/v1/data/whoami"
API_KEY_GRANT = "urn:datalab:params:oauth:grant-type:api-key"


async def make_key(world, headers, **draft):
    answer = await world.http.post(KEYS, json={"name": "ci"} | draft, headers=headers)
    assert answer.status_code == 201, answer.text
    key = answer.json()
    return key, {"Authorization": f"Bearer {key['token']}"}


async def test_a_key_made_on_the_host_is_good_at_once(world):
    me = (await world.http.get(ME, headers=await world.host_key())).json()
    assert (me["name"], me["role"], me["kind"]) == ("host", "admin", "api_key")


async def test_a_key_made_on_the_host_leaves_the_first_administrator_to_be_made(world):
    await world.host_key()
    await world.set_up()


async def test_keys_made_on_the_host_share_one_account(world):
    one, two = await mint_admin_key(world.database), await mint_admin_key(world.database, role=Role.VIEWER)
    assert (one.owner, two.role) == (two.owner, Role.VIEWER)


async def test_no_key_is_made_for_a_disabled_host(world):
    admin = await world.host_key()
    host = (await world.http.get(ME, headers=admin)).json()["subject"]
    await world.http.patch(f"/api/v1/auth/users/{host}", json={"disabled": True}, headers=admin)
    with pytest.raises(Forbidden, match="disabled"):
        await mint_admin_key(world.database)


async def test_a_key_is_shown_once_and_kept_as_a_digest(world):
    admin = await world.host_key()
    key, _ = await make_key(world, admin)
    listed = (await world.http.get(KEYS, headers=admin)).json()["items"]
    assert key["id"] in {one["id"] for one in listed}
    assert all("token" not in one for one in listed)
    assert key["token"].startswith(key["prefix"])
    async with world.database.read() as connection:
        row = (await connection.execute(text("SELECT * FROM api_keys WHERE id = :id"), {"id": key["id"]})).one()
    assert key["token"] not in str(row)


async def test_the_service_gets_an_access_token_and_never_the_key(world):
    admin = await world.host_key()
    key, theirs = await make_key(world, admin, role="viewer", scopes=["data:read"])
    seen = (await world.http.get(WHOAMI, headers=theirs)).json()
    assert (seen["identity"]["kind"], seen["identity"]["role"]) == ("api_key", "viewer")
    assert seen["identity"]["scopes"] == ["data:read"]
    assert key["token"] not in str(seen)


async def test_a_key_does_only_what_its_scopes_and_role_allow(world):
    admin = await world.host_key()
    _, reader = await make_key(world, admin, role="editor", scopes=["data:read"])
    refused = await world.http.post("/api/v1/data/things", json={}, headers=reader)
    assert (refused.status_code, "data:write" in refused.json()["detail"]) == (403, True)
    _, viewer = await make_key(world, admin, role="viewer")
    refused = await world.http.post("/api/v1/data/things", json={}, headers=viewer)
    assert (refused.status_code, "editor" in refused.json()["detail"]) == (403, True)


async def test_a_key_is_exchanged_for_an_access_token(world):
    _, theirs = await make_key(world, await world.host_key(), role="viewer")
    form = {"grant_type": API_KEY_GRANT, "api_key": theirs["Authorization"].split()[1]}
    token = (await world.http.post(TOKEN, data=form)).json()["access_token"]
    assert (await world.http.get(WHOAMI, headers={"Authorization": f"Bearer {token}"})).status_code == 200


async def test_revoking_a_key_ends_it_and_its_tokens_at_once(world):
    admin = await world.host_key()
    key, theirs = await make_key(world, admin)
    form = {"grant_type": API_KEY_GRANT, "api_key": key["token"]}
    token = (await world.http.post(TOKEN, data=form)).json()["access_token"]
    exchanged = {"Authorization": f"Bearer {token}"}
    assert (await world.http.get(WHOAMI, headers=theirs)).status_code == 200
    assert (await world.http.get(WHOAMI, headers=exchanged)).status_code == 200
    assert (await world.http.delete(f"{KEYS}/{key['id']}", headers=admin)).status_code == 204
    assert (await world.http.get(WHOAMI, headers=theirs)).status_code == 401
    assert (await world.http.get(WHOAMI, headers=exchanged)).status_code == 401
    assert (await world.http.post(TOKEN, data=form)).status_code == 401
    assert (await world.http.delete(f"{KEYS}/{key['id']}", headers=admin)).status_code == 404


async def test_an_expired_key_is_refused(world):
    admin = await world.host_key()
    key, theirs = await make_key(world, admin)
    past = datetime.now(UTC) - timedelta(seconds=1)
    async with world.database.write() as connection:
        await connection.execute(update(api_keys).where(api_keys.c.id == key["id"]).values(expires_at=past))
    assert (await world.http.get(ME, headers=theirs)).status_code == 401


async def test_a_key_can_do_no_more_than_its_owner_can_now(world):
    admin = await world.host_key()
    bob = await world.person(admin, "bob", Role.EDITOR)
    _, key = await make_key(world, await world.sign_in("bob"), role="editor")
    assert (await world.http.post("/api/v1/data/things", json={}, headers=key)).status_code == 200
    await world.http.patch(f"/api/v1/auth/users/{bob['id']}", json={"role": "viewer"}, headers=admin)
    assert (await world.http.post("/api/v1/data/things", json={}, headers=key)).status_code == 403
    await world.http.patch(f"/api/v1/auth/users/{bob['id']}", json={"disabled": True}, headers=admin)
    assert (await world.http.get(WHOAMI, headers=key)).status_code == 401


async def test_a_key_can_not_make_a_stronger_one(world):
    admin = await world.host_key()
    _, viewer = await make_key(world, admin, role="viewer", scopes=["auth:write"])
    stronger = await world.http.post(KEYS, json={"name": "x", "role": "admin", "scopes": ["auth:read"]}, headers=viewer)
    wider = await world.http.post(KEYS, json={"name": "x", "scopes": ["*"]}, headers=viewer)
    assert (stronger.status_code, wider.status_code) == (403, 403)


async def test_one_sees_and_revokes_only_ones_own_keys_but_an_administrator_all(world):
    admin = await world.host_key()
    await world.person(admin, "bob", Role.VIEWER)
    bob = await world.sign_in("bob")
    of_host, _ = await make_key(world, admin)
    of_bob, _ = await make_key(world, bob)
    assert [key["id"] for key in (await world.http.get(KEYS, headers=bob)).json()["items"]] == [of_bob["id"]]
    assert (await world.http.delete(f"{KEYS}/{of_host['id']}", headers=bob)).status_code == 404
    everybodys = {key["id"] for key in (await world.http.get(KEYS, headers=admin)).json()["items"]}
    assert {of_bob["id"], of_host["id"]} <= everybodys


async def test_deleting_an_account_takes_its_keys_away(world):
    admin = await world.host_key()
    bob = await world.person(admin, "bob", Role.VIEWER)
    key, theirs = await make_key(world, await world.sign_in("bob"))
    await world.http.delete(f"/api/v1/auth/users/{bob['id']}", headers=admin)
    assert (await world.http.get(ME, headers=theirs)).status_code == 401
    async with world.database.read() as connection:
        left = (await connection.execute(api_keys.select().where(api_keys.c.id == key["id"]))).all()
        gone = (await connection.execute(users.select().where(users.c.id == bob["id"]))).all()
    assert (left, gone) == ([], [])


@pytest.mark.parametrize(
    "draft",
    [
        {"name": ""},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["data:delete"]},
        {"name": "x", "expires_in_s": 1},
    ],
)
async def test_a_key_that_makes_no_sense_is_invalid(world, draft):
    answer = await world.http.post(KEYS, json=draft, headers=await world.host_key())
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_lists_are_paged(world):
    admin = await world.host_key()
    made = [(await make_key(world, admin, name=f"k{n}"))[0]["id"] for n in range(4)]
    seen, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await world.http.get(KEYS, params=query, headers=admin)).json()
        seen += [key["id"] for key in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert set(made) <= set(seen)
    assert len(seen) == len(set(seen)) == 5
    bad = await world.http.get(KEYS, params={"cursor": "%%%"}, headers=admin)
    assert (bad.status_code, "cursor" in bad.json()["detail"]) == (422, True)


async def test_the_same_request_under_the_same_key_makes_an_api_key_once_with_a_new_secret(world):
    headers = await world.host_key() | {"Idempotency-Key": "k-1"}
    first = (await world.http.post(KEYS, json={"name": "ci"}, headers=headers)).json()
    assert (await world.http.get(ME, headers={"Authorization": f"Bearer {first['token']}"})).status_code == 200
    again = (await world.http.post(KEYS, json={"name": "ci"}, headers=headers)).json()
    assert first["id"] == again["id"]
    assert (await world.http.get(ME, headers={"Authorization": f"Bearer {first['token']}"})).status_code == 401
    assert (await world.http.get(ME, headers={"Authorization": f"Bearer {again['token']}"})).status_code == 200
