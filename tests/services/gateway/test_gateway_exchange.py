"""Tokens with which a service acts for a job's owner."""

import pytest
from pydantic import SecretStr

from datalab.contracts.identity import Role
from datalab.services.gateway.model.service_secret import ServiceCredentials, service_secret

JWT_SECRET = SecretStr("a-secret-of-more-than-thirty-two-bytes-for-tests")
TOKEN, ME = "/api/v1/auth/token", "/api/v1/auth/me"


def request(owner: str, service: str = "compute", **changes: str) -> dict[str, str]:
    return {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "client_id": service,
        "client_secret": service_secret(JWT_SECRET, service).get_secret_value(),
        "subject_token": owner,
        "subject_token_type": "urn:datalab:params:oauth:token-type:user-id",
        "scope": "data:read compute:write auth:read",
        "audience": "datalab",
    } | changes


async def test_a_service_gets_a_token_with_the_owners_present_role_and_the_jobs_scopes(world):
    admin = await world.host_key()
    bob = await world.person(admin, "bob", Role.EDITOR)
    token = (await world.http.post(TOKEN, data=request(bob["id"]))).json()["access_token"]
    me = (await world.http.get(ME, headers={"Authorization": f"Bearer {token}"})).json()
    assert (me["subject"], me["role"], me["kind"], me["actor"]) == (bob["id"], "editor", "job", "compute")
    assert sorted(me["scopes"]) == ["auth:read", "compute:write", "data:read"]
    await world.http.patch(f"/api/v1/auth/users/{bob['id']}", json={"role": "viewer"}, headers=admin)
    assert (await world.http.get(ME, headers={"Authorization": f"Bearer {token}"})).status_code == 401
    again = (await world.http.post(TOKEN, data=request(bob["id"]))).json()["access_token"]
    me = (await world.http.get(ME, headers={"Authorization": f"Bearer {again}"})).json()
    assert me["role"] == "viewer"


async def test_a_job_outlives_a_change_of_its_owners_password(world):
    admin = await world.host_key()
    bob = await world.person(admin, "bob", Role.EDITOR)
    token = (await world.http.post(TOKEN, data=request(bob["id"]))).json()["access_token"]
    await world.http.patch(f"/api/v1/auth/users/{bob['id']}", json={"password": "a new long password"}, headers=admin)
    assert (await world.http.get(ME, headers={"Authorization": f"Bearer {token}"})).status_code == 200


async def test_the_credential_may_come_by_basic_authentication(world):
    admin = await world.host_key()
    bob = await world.person(admin, "bob", Role.EDITOR)
    form = request(bob["id"])
    pair = (form.pop("client_id"), form.pop("client_secret"))
    assert (await world.http.post(TOKEN, data=form, auth=pair)).status_code == 200


async def test_a_disabled_or_deleted_owner_is_refused(world):
    admin = await world.host_key()
    bob = await world.person(admin, "bob", Role.EDITOR)
    await world.http.patch(f"/api/v1/auth/users/{bob['id']}", json={"disabled": True}, headers=admin)
    answer = await world.http.post(TOKEN, data=request(bob["id"]))
    assert (answer.status_code, answer.json()["code"]) == (403, "subject_refused")
    await world.http.delete(f"/api/v1/auth/users/{bob['id']}", headers=admin)
    answer = await world.http.post(TOKEN, data=request(bob["id"]))
    assert (answer.status_code, answer.json()["code"]) == (403, "subject_refused")


@pytest.mark.parametrize(
    "changes",
    [
        {"client_secret": "guess"},
        {"client_id": "nobody"},
        {"client_id": "data"},
    ],
)
async def test_a_wrong_credential_is_refused_whoever_the_owner_is(world, changes):
    answer = await world.http.post(TOKEN, data=request("anybody") | changes)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")


@pytest.mark.parametrize(
    "changes", [{"subject_token_type": "x"}, {"audience": "elsewhere"}, {"scope": ""}, {"subject_token": ""}]
)
async def test_an_exchange_that_makes_no_sense_is_invalid(world, changes):
    answer = await world.http.post(TOKEN, data=request("anybody") | changes)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


@pytest.mark.parametrize(("asked", "given"), [("viewer", "viewer"), ("admin", "editor")])
async def test_a_job_gets_at_most_the_role_of_the_credential_that_submitted_it(world, asked, given):
    bob = await world.person(await world.host_key(), "bob", Role.EDITOR)
    token = (await world.http.post(TOKEN, data=request(bob["id"], role=asked))).json()["access_token"]
    me = (await world.http.get(ME, headers={"Authorization": f"Bearer {token}"})).json()
    assert me["role"] == given


async def test_a_job_can_not_make_keys(world):
    admin = await world.host_key()
    bob = await world.person(admin, "bob", Role.EDITOR)
    form = request(bob["id"], scope="auth:write")
    token = (await world.http.post(TOKEN, data=form)).json()["access_token"]
    draft = {"name": "x", "scopes": ["auth:write"]}
    headers = {"Authorization": f"Bearer {token}"}
    assert (await world.http.post("/api/v1/auth/api-keys", json=draft, headers=headers)).status_code == 403


def test_each_service_has_a_credential_of_its_own_and_the_previous_secret_is_good_while_rotating():
    new = SecretStr("another-secret-of-more-than-thirty-two-bytes")
    assert service_secret(new, "data") != service_secret(new, "ai")
    rotating = ServiceCredentials(new, JWT_SECRET)
    assert rotating.accepts("data", service_secret(JWT_SECRET, "data"))
    assert rotating.accepts("data", service_secret(new, "data"))
    assert not ServiceCredentials(new).accepts("data", service_secret(JWT_SECRET, "data"))
