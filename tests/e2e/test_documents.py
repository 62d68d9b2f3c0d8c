"""The services hold to the OpenAPI documents they serve, whatever they are sent: no 5xx, answers as described."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.e2e.known import PASSWORD, Known, fill
from tests.e2e.shapes import Platform, separate

from datalab.catalog import SERVICES
from datalab.contracts.identity import Role

if TYPE_CHECKING:  # schemathesis takes seconds of a processor to import: where nobody asks, nobody pays
    from tests.e2e.campaign import Campaign

pytestmark = [pytest.mark.xdist_group("documents"), pytest.mark.timeout(1800)]

ENOUGH = 0.9
CALLERS = (Role.ADMIN, Role.VIEWER)
ROADS = ("gateway", "own port")
STARTS_JOBS = {"submit_job", "train", "retry_job"}


def few(_operation: str) -> int:
    """How many times an operation is asked."""
    return 6


def many(operation: str) -> int:
    """The same for the long tests; jobs take their time."""
    return 25 if operation in STARTS_JOBS else 200


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory, redis_server: str) -> Iterator["Campaign"]:
    from tests.e2e.campaign import Campaign

    servers = {"REDIS_URL": f"{redis_server}/10"}
    platform = separate(tmp_path_factory.mktemp("documents"), servers)
    migrated = platform.run("migrate")
    assert migrated.returncode == 0, migrated.stderr
    try:
        platform.start()
        _make_accounts(platform)
        campaign = Campaign(platform, Known({}))
        headers = {"Authorization": f"Bearer {campaign.token(Role.ADMIN)}"}
        with httpx.Client(base_url=platform.url, headers=headers, timeout=60) as client:
            campaign.known = fill(client)
        with campaign.session:
            yield campaign
    finally:
        platform.__exit__(None, None, None)


def _make_accounts(platform: Platform) -> None:
    headers = {"Authorization": f"Bearer {platform.admin_key()}"}
    with httpx.Client(base_url=platform.url, headers=headers, timeout=60) as client:
        for role in CALLERS:
            draft = {"name": f"fuzz-{role.value}", "password": PASSWORD, "role": role.value}
            assert client.post("/api/v1/auth/users", json=draft).status_code == 201


@pytest.mark.parametrize("role", CALLERS)
@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_answers_is_what_its_document_says(campaign: "Campaign", service: str, road: str, role: Role):
    campaign.ask(service, road, role, few)


def test_an_administrator_reaches_nearly_every_operation(campaign: "Campaign"):
    missed = campaign.tried - campaign.reached
    assert len(campaign.reached) >= ENOUGH * len(campaign.tried), sorted(missed)


@pytest.mark.faults
@pytest.mark.parametrize("role", CALLERS)
@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_answers_often_is_what_its_document_says(
    campaign: "Campaign", service: str, road: str, role: Role
):
    campaign.ask(service, road, role, many)
