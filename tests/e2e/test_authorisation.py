"""Every operation × every kind of caller, through the gateway and on each service's own port.

The operations come from the OpenAPI documents that the running services serve, so that none can be left out.
"""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from joserfc.jwk import OKPKey
from pydantic import SecretStr
from tests.e2e.operations import Operation, document_path, operations
from tests.e2e.shapes import Platform, separate

from datalab.catalog import SERVICES
from datalab.contracts.identity import Identity, Role, SubjectKind
from datalab.contracts.ids import new_id
from datalab.kernel.auth.require import PUBLIC
from datalab.kernel.testing.identity import sign

pytestmark = [pytest.mark.xdist_group("authorisation"), pytest.mark.timeout(600)]

REFUSED_UNKNOWN = 401
REFUSED_ROLE = 403
CALLERS = ("stranger", "viewer", "editor", "admin", "expired", "forged", "other audience")


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory, redis_server: str) -> Iterator[Platform]:
    platform = separate(tmp_path_factory.mktemp("authorisation"), {"REDIS_URL": f"{redis_server}/9"})
    migrated = platform.run("migrate")
    assert migrated.returncode == 0, migrated.stderr
    services = [name for name in platform.processes if name != "worker"]
    try:
        yield platform.start(*services)
    finally:
        platform.__exit__(None, None, None)


@pytest.fixture(scope="module")
def accounts(platform: Platform) -> dict[str, str]:
    """A real account's id by role."""
    headers = {"Authorization": f"Bearer {platform.admin_key()}"}
    with httpx.Client(base_url=platform.url, headers=headers, timeout=30) as client:
        return {role.value: _make_account(client, role) for role in Role}


def _make_account(client: httpx.Client, role: Role) -> str:
    draft = {"name": f"matrix-{role.value}", "password": secrets.token_urlsafe(24), "role": role.value}
    made = client.post("/api/v1/auth/users", json=draft)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


@pytest.fixture(scope="module")
def gateway_key(platform: Platform) -> OKPKey:
    from datalab.services.gateway.model.signing import SigningKeys

    return SigningKeys(SecretStr(platform.environment["JWT_SECRET"]))._key


def claims_of(role: Role, accounts: dict[str, str], *, lifetime_s: float) -> Identity:
    return Identity(
        subject=accounts[role.value],
        name=f"matrix-{role.value}",
        kind=SubjectKind.USER,
        role=role,
        scopes=frozenset({"*"}),
        policy_version=1,
        token_id=new_id(),
        expires_at=datetime.now(UTC) + timedelta(seconds=lifetime_s),
    )


def token_of(caller: str, accounts: dict[str, str], key: OKPKey) -> str | None:
    """A fresh token, since some operations end the one they are called with."""
    if caller == "stranger":
        return None
    if caller in tuple(Role):
        return sign(claims_of(Role(caller), accounts, lifetime_s=600), key)
    admin = claims_of(Role.ADMIN, accounts, lifetime_s=-60 if caller == "expired" else 600)
    if caller == "forged":
        return sign(admin, OKPKey.generate_key("Ed25519", parameters={"kid": key.kid}))
    return sign(admin, key, aud="somebody-else") if caller == "other audience" else sign(admin, key)


def expected(operation: Operation, caller: str) -> str:
    if operation.role == PUBLIC:
        return "open"
    if caller not in tuple(Role):
        return "unknown"
    return "allowed" if Role(caller).covers(Role(operation.role)) else "refused"


def observed(answer: httpx.Response) -> str:
    if answer.status_code == REFUSED_UNKNOWN and answer.json()["code"] == "unauthenticated":
        return "unknown"
    if answer.status_code == REFUSED_ROLE and answer.json()["code"] == "forbidden":
        return "refused"
    return "allowed"


@pytest.fixture(scope="module")
def served(platform: Platform) -> list[Operation]:
    found: list[Operation] = []
    with httpx.Client(timeout=30) as client:
        for service in SERVICES:
            document = client.get(f"{platform.urls[service]}{document_path(service)}").json()
            found += operations(service, document)
    return found


def test_every_operation_declares_a_role(served: list[Operation]):
    undeclared = [str(operation) for operation in served if operation.role is None]
    assert not undeclared


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("road", ["gateway", "own port"])
def test_each_operation_answers_each_caller_as_it_declares(
    platform: Platform,
    served: list[Operation],
    accounts: dict[str, str],
    gateway_key: OKPKey,
    *,
    caller: str,
    road: str,
):
    wrong: list[str] = []
    with httpx.Client(timeout=60) as client:
        for operation in served:
            base = platform.url if road == "gateway" else platform.urls[operation.service]
            token = token_of(caller, accounts, gateway_key)
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            answer = client.request(operation.verb, base + operation.path, headers=headers)
            wanted, got = expected(operation, caller), observed(answer)
            if got != wanted and not (wanted == "open" and got == "allowed"):
                wrong.append(f"{operation}: {wanted} expected, {got} ({answer.status_code} {answer.text[:200]})")
            if answer.status_code >= 500 and operation.template not in ("/ready", "/health/{service}"):
                wrong.append(f"{operation}: {answer.status_code} {answer.text[:200]}")
    assert not wrong, "\n".join(wrong)
