"""The first administrator, signing in, and what ends a token."""

import asyncio

from joserfc.jwk import KeySet

from datalab.contracts.identity import Role
from datalab.kernel.auth.keys import StaticKeys
from datalab.kernel.auth.verifier import AccessTokenVerifier
from datalab.kernel.config.secrets import LocalSecrets

PASSWORD = "correct horse battery"
SETUP, TOKEN, ME = "/api/v1/auth/setup", "/api/v1/auth/token", "/api/v1/auth/me"
API_KEY_GRANT = "urn:datalab:params:oauth:grant-type:api-key"


async def test_the_setup_code_makes_the_first_administrator_once(world):
    admin = await world.set_up()
    me = (await world.http.get(ME, headers=admin)).json()
    assert (me["name"], me["role"], me["kind"], me["scopes"]) == ("ada", "admin", "user", ["*"])
    assert LocalSecrets(world.home).read("setup_code") is None


async def test_a_wrong_setup_code_is_refused_and_costs_nothing(world):
    answer = await world.http.post(SETUP, json={"code": "guess", "name": "eve", "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (403, "setup_refused")
    await world.set_up()


async def test_of_two_setups_at_once_one_wins(world):
    code = LocalSecrets(world.home).read("setup_code").get_secret_value()
    bodies = [{"code": code, "name": name, "password": PASSWORD} for name in ("ada", "bob")]
    answers = await asyncio.gather(*(world.http.post(SETUP, json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 403]


async def test_a_second_start_makes_no_new_code_when_somebody_is_there(world, make_world):
    await world.set_up()
    again = await make_world()
    assert LocalSecrets(again.home).read("setup_code") is None


async def test_a_short_password_is_refused(world):
    answer = await world.http.post(SETUP, json={"code": "x", "name": "ada", "password": "short"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["got"] == "[hidden]"


async def test_a_wrong_password_and_an_unknown_name_are_answered_alike(world):
    await world.set_up()
    answers = [
        await world.http.post(TOKEN, data={"grant_type": "password", "username": name, "password": "wrong wrong wrong"})
        for name in ("ada", "nobody")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    told = [{key: value for key, value in answer.json().items() if key != "request_id"} for answer in answers]
    assert told[0] == told[1]
    assert (told[0]["code"], told[0]["error"]) == ("invalid_credentials", "invalid_grant")
    assert answers[0].headers["content-type"] == "application/problem+json"


async def test_the_token_route_takes_json_too(world):
    await world.set_up()
    answer = await world.http.post(TOKEN, json={"grant_type": "password", "username": "ADA", "password": PASSWORD})
    token = answer.json()
    assert answer.status_code == 200
    assert (token["token_type"], answer.headers["cache-control"]) == ("Bearer", "no-store")
    assert 890 <= token["expires_in"] <= 900


async def test_a_grant_that_is_not_known_is_named_with_those_that_are(world):
    answer = await world.http.post(TOKEN, data={"grant_type": "magic"})
    assert answer.status_code == 422
    assert "token-exchange" in answer.json()["detail"]


async def test_a_parameter_given_twice_is_malformed(world):
    body = "grant_type=password&grant_type=password&username=a&password=b"
    answer = await world.http.post(TOKEN, content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_input")


async def test_a_secret_of_a_wrong_shape_is_not_repeated(world):
    answer = await world.http.post(TOKEN, json={"grant_type": "password", "username": "a", "password": ["hunter2"]})
    assert answer.status_code == 422
    assert "hunter2" not in answer.text


async def test_the_published_keys_verify_the_token(world):
    admin = await world.set_up()
    token = admin["Authorization"].split()[1]
    for path in ("/.well-known/jwks.json", "/api/v1/.well-known/jwks.json"):
        document = (await world.http.get(path)).json()
        assert all("d" not in key for key in document["keys"])
        verifier = AccessTokenVerifier(StaticKeys(KeySet.import_key_set(document)))
        assert (await verifier.verify(token)).name == "ada"


async def test_logging_out_ends_the_token(world):
    admin = await world.set_up()
    assert (await world.http.post("/api/v1/auth/logout", headers=admin)).status_code == 204
    assert (await world.http.get(ME, headers=admin)).status_code == 401
    assert (await world.http.get("/api/v1/data/whoami", headers=admin)).status_code == 401


async def test_disabling_deleting_or_changing_an_account_ends_its_tokens_at_once(world):
    admin = await world.set_up()
    changes = {"bob": {"disabled": True}, "cyd": {"role": "editor"}, "dan": {"password": "another long password"}}
    for name, change in changes.items():
        user = await world.person(admin, name, Role.VIEWER)
        theirs = await world.sign_in(name)
        assert (await world.http.get(ME, headers=theirs)).status_code == 200
        changed = await world.http.patch(f"/api/v1/auth/users/{user['id']}", json=change, headers=admin)
        assert changed.status_code == 200
        assert (await world.http.get(ME, headers=theirs)).status_code == 401
    user = await world.person(admin, "eve", Role.VIEWER)
    theirs = await world.sign_in("eve")
    assert (await world.http.delete(f"/api/v1/auth/users/{user['id']}", headers=admin)).status_code == 204
    assert (await world.http.get(ME, headers=theirs)).status_code == 401


async def test_one_changes_ones_own_password_with_the_present_one(world):
    admin = await world.set_up()
    wrong = {"current": "not this one, no", "new": "another long password"}
    assert (await world.http.put("/api/v1/auth/me/password", json=wrong, headers=admin)).status_code == 422
    right = wrong | {"current": PASSWORD}
    assert (await world.http.put("/api/v1/auth/me/password", json=right, headers=admin)).status_code == 204
    assert (await world.http.get(ME, headers=admin)).status_code == 401
    await world.sign_in("ada", "another long password")


async def test_signing_in_is_limited_by_address(make_world):
    world = await make_world(DATALAB_RATE_LIMIT_SIGN_IN="0.001", DATALAB_RATE_LIMIT_SIGN_IN_BURST="3")
    answers = [await world.http.post(TOKEN, data={"grant_type": "magic"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 429]
    assert int(answers[3].headers["retry-after"]) > 0
    assert answers[3].headers["ratelimit-policy"] == '"address";q=3;w=3000'


async def test_failures_are_counted(world):
    await world.http.post(TOKEN, data={"grant_type": "password", "username": "x", "password": "y"})
    assert "datalab_sign_in_failures_total 1.0" in (await world.http.get("/metrics")).text
