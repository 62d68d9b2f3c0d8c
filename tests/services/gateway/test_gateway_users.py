"""Accounts."""

import asyncio

import pytest

from datalab.contracts.identity import Role

USERS = "/api/v1/auth/users"
PASSWORD = "correct horse battery"


async def test_an_administrator_makes_changes_lists_and_deletes_accounts(world):
    admin = await world.host_key()
    bob = await world.person(admin, "Bob", Role.VIEWER)
    await world.person(admin, "ann", Role.EDITOR)
    names = [user["name"] for user in (await world.http.get(USERS, headers=admin)).json()["items"]]
    assert names == ["ann", "Bob", "host"]
    changed = await world.http.patch(f"{USERS}/{bob['id']}", json={"role": "editor"}, headers=admin)
    assert changed.json() == bob | {"role": "editor"}
    assert (await world.http.patch(f"{USERS}/{bob['id']}", json={}, headers=admin)).json() == changed.json()
    assert (await world.http.delete(f"{USERS}/{bob['id']}", headers=admin)).status_code == 204
    gone = await world.http.patch(f"{USERS}/{bob['id']}", json={"role": "viewer"}, headers=admin)
    assert (gone.status_code, gone.json()["code"]) == (404, "user_not_found")
    assert (await world.http.delete(f"{USERS}/{bob['id']}", headers=admin)).status_code == 404


async def test_names_are_unique_whatever_their_case(world):
    admin = await world.host_key()
    await world.person(admin, "bob", Role.VIEWER)
    for name in ("BOB", "host"):
        draft = {"name": name, "password": PASSWORD}
        answer = await world.http.post(USERS, json=draft, headers=admin)
        assert (answer.status_code, answer.json()["code"]) == (409, "user_exists")


async def test_others_than_administrators_may_not_touch_accounts(world):
    editor = await world.host_key(Role.EDITOR)
    assert (await world.http.get(USERS, headers=editor)).status_code == 403
    draft = {"name": "bob", "password": PASSWORD}
    assert (await world.http.post(USERS, json=draft, headers=editor)).status_code == 403
    assert (await world.http.patch(f"{USERS}/x", json={"role": "admin"}, headers=editor)).status_code == 403
    assert (await world.http.delete(f"{USERS}/x", headers=editor)).status_code == 403


@pytest.mark.parametrize("change", [{"role": "viewer"}, {"disabled": True}])
async def test_the_last_administrator_stays(world, change):
    key = await world.host_key()
    ada = await world.person(key, "ada", Role.ADMIN)
    refused = await world.http.patch(f"{USERS}/{ada['id']}", json=change, headers=key)
    assert (refused.status_code, refused.json()["code"]) == (409, "last_admin")
    assert (await world.http.delete(f"{USERS}/{ada['id']}", headers=key)).status_code == 409
    await world.person(key, "eve", Role.ADMIN)
    assert (await world.http.patch(f"{USERS}/{ada['id']}", json=change, headers=key)).status_code == 200


async def test_two_administrators_can_not_both_leave_at_once(world):
    key = await world.host_key()
    people = [await world.person(key, name, Role.ADMIN) for name in ("ada", "bob")]
    answers = await asyncio.gather(*(world.http.delete(f"{USERS}/{one['id']}", headers=key) for one in people))
    assert sorted(answer.status_code for answer in answers) == [204, 409]


@pytest.mark.parametrize(
    "draft",
    [
        {"name": "../etc", "password": PASSWORD},
        {"name": "x" * 129, "password": PASSWORD},
        {"name": "bob", "password": "short"},
        {"name": "bob", "password": PASSWORD, "role": "king"},
        {"name": "bob", "password": PASSWORD, "extra": 1},
        {"name": "bob\x00", "password": PASSWORD},
        {"name": "bob"},
        [],
    ],
)
async def test_an_account_that_makes_no_sense_is_invalid_and_its_password_is_not_shown(world, draft):
    answer = await world.http.post(USERS, json=draft, headers=await world.host_key())
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert PASSWORD not in answer.text
    assert answer.json()["errors"][0]["where"].startswith("body")


async def test_the_same_request_under_the_same_key_makes_an_account_once(world):
    headers = await world.host_key() | {"Idempotency-Key": "k-1"}
    draft = {"name": "bob", "password": PASSWORD, "role": "editor"}
    first, again = [await world.http.post(USERS, json=draft, headers=headers) for _ in range(2)]
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    other = await world.http.post(USERS, json=draft | {"name": "eve"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_mismatch")
    bad = await world.http.post(USERS, json=draft, headers=headers | {"Idempotency-Key": "x" * 256})
    assert (bad.status_code, bad.json()["code"]) == (422, "invalid_input")
