"""The service with real parts: its app, pool, cache and database; only the data service's edge is a fake."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from tests.services.viz.fakes import FakeData

from datalab.contracts.identity import Role
from datalab.contracts.viz import VizApi
from datalab.kernel.database.database import Database
from datalab.kernel.database.url import DatabaseUrl, SqliteFolder
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.pool.pool import Pool
from datalab.kernel.testing.app import app_parts
from datalab.kernel.testing.identity import caller
from datalab.kernel.testing.schemas import bring_to_head
from datalab.services.viz.app import Dependencies, build, pool_profiles, viz_api
from datalab.services.viz.settings import VizSettings


@dataclass
class Service:
    """The service and the ways in."""

    dependencies: Dependencies
    data: FakeData
    http: httpx.AsyncClient

    def api(self, role: Role = Role.ADMIN, name: str = "ada") -> VizApi:
        return viz_api(self.dependencies)(caller(role, name))

    def headers(self, role: Role = Role.ADMIN, name: str = "ada") -> dict[str, str]:
        return {"Authorization": f"Bearer {caller(role, name).token.get_secret_value()}"}


@pytest.fixture(scope="module")
def settings() -> VizSettings:
    return VizSettings(render_processes=1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool(
    settings: VizSettings, tmp_path_factory: pytest.TempPathFactory, forked_workers: None
) -> AsyncIterator[Pool]:
    """The drawing processes, shared by the tests of a module, whose loop they live in."""
    async with Pool(pool_profiles(settings), scratch=tmp_path_factory.mktemp("scratch")) as pool:
        yield pool


@pytest.fixture
def location(tmp_path: Path) -> DatabaseUrl:
    """Where the tables are; tests of what is kept run on both databases instead."""
    return SqliteFolder(tmp_path / "metadata")


@pytest_asyncio.fixture(loop_scope="module")
async def service(settings: VizSettings, pool: Pool, location: DatabaseUrl, tmp_home: Path) -> AsyncIterator[Service]:
    data = FakeData()
    async with Database(location, "viz") as database:
        await bring_to_head(database)
        dependencies = Dependencies(
            settings=settings,
            parts=app_parts(),
            database=database,
            outbox=Outbox(database),
            pool=pool,
            data=data,
            home=tmp_home,
        )
        transport = httpx.ASGITransport(app=build(dependencies))
        async with httpx.AsyncClient(transport=transport, base_url="http://viz") as http:
            yield Service(dependencies, data, http)
