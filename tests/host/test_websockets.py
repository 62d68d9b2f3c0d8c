"""The platform as it is started speaks WebSocket, to those whom it knows."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.shapes import Platform, embedded
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

pytestmark = [pytest.mark.xdist_group("websockets"), pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with embedded(Path(tmp_path_factory.mktemp("websockets")) / "home") as running:
        yield running


def refusal(platform: Platform, headers: dict[str, str]) -> tuple[int, str]:
    url = platform.url.replace("http", "ws", 1) + "/api/v1/data/nowhere"
    with pytest.raises(InvalidStatus) as refused:
        connect(url, additional_headers=headers, proxy=None).close()
    response = refused.value.response
    return response.status_code, json.loads(response.body)["code"]


def test_a_stranger_and_a_wrong_address_are_refused_with_a_problem(platform: Platform):
    assert refusal(platform, {}) == (401, "unauthenticated")
    assert refusal(platform, {"Authorization": f"Bearer {platform.admin_key()}"}) == (404, "not_found")
