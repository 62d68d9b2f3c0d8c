"""Platforms that several tests of a module share."""

from collections.abc import Iterator

import httpx
import pytest
from tests.e2e.shapes import Platform, embedded


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The platform in one process."""
    with embedded(tmp_path_factory.mktemp("platform") / "home") as running:
        yield running


@pytest.fixture(scope="module")
def admin(platform: Platform) -> Iterator[httpx.Client]:
    """An administrator's connection to the gateway."""
    headers = {"Authorization": f"Bearer {platform.admin_key()}"}
    with httpx.Client(base_url=platform.url, headers=headers, timeout=60) as client:
        yield client
