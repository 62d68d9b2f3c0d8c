"""The fake platform and clients of it."""

from collections.abc import AsyncIterator, Iterator

import pytest
from tests.client.platform import FakePlatform, running

from datalab.client.asynchronous import AsyncClient


@pytest.fixture
def platform() -> Iterator[FakePlatform]:
    with running() as started:
        yield started


@pytest.fixture
async def client(platform: FakePlatform) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(platform.url, "secret") as opened:
        yield opened
