"""The service with real parts: its app, its pool, Delta tables, both databases."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from datalab.contracts.identity import Role
from datalab.contracts.ids import new_id
from datalab.kernel.database.database import Database
from datalab.kernel.database.url import DatabaseUrl, SqliteFolder
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.pool.pool import Pool
from datalab.kernel.storage.port import TableStore
from datalab.kernel.testing.app import app_parts
from datalab.kernel.testing.identity import caller
from datalab.kernel.testing.schemas import bring_to_head
from datalab.services.data.actions.api import DataActions
from datalab.services.data.app import ActionsFor, Dependencies, actions_for, build, pool_profiles
from datalab.services.data.settings import DataSettings

CSV = {"Content-Type": "text/csv"}
DATASETS, QUERY = "/api/v1/data/datasets", "/api/v1/data/query"


@dataclass
class Service:
    """The service and the ways in."""

    dependencies: Dependencies
    actions: ActionsFor
    http: httpx.AsyncClient

    def api(self, role: Role = Role.ADMIN, name: str = "ada") -> DataActions:
        return self.actions(caller(role, name))

    def headers(self, role: Role = Role.ADMIN, name: str = "ada") -> dict[str, str]:
        return {"Authorization": f"Bearer {caller(role, name).token.get_secret_value()}"}

    async def put(self, name: str, content: bytes | str, query: str = "", **headers: str) -> httpx.Response:
        body = content.encode() if isinstance(content, str) else content
        return await self.http.put(f"{DATASETS}/{name}{query}", content=body, headers=headers or CSV)

    async def sql(self, sql: str, **more: Any) -> httpx.Response:
        return await self.http.post(QUERY, json={"sql": sql, **more})

    async def rows(self, sql: str, **more: Any) -> list[list[Any]]:
        answer = await self.sql(sql, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()["rows"]


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The one folder that a module's worker processes may touch."""
    return tmp_path_factory.mktemp("ground")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool(ground: Path, forked_workers: None) -> AsyncIterator[Pool]:
    """The worker processes, shared by the tests of a module, whose loop they live in."""
    widest = DataSettings(tables_path=ground, spool_path=ground, query_workers=2, ingest_workers=1)
    async with Pool(pool_profiles(widest), scratch=ground.with_name("scratch")) as pool:
        yield pool


@pytest.fixture
def settings(ground: Path) -> DataSettings:
    own = ground / new_id()
    return DataSettings(tables_path=own / "tables", spool_path=own / "uploads")


@pytest.fixture
def location(tmp_path: Path) -> DatabaseUrl:
    """Where the metadata is; tests of what is kept run on both databases instead."""
    return SqliteFolder(tmp_path / "metadata")


@pytest_asyncio.fixture(loop_scope="module")
async def service(settings: DataSettings, pool: Pool, location: DatabaseUrl) -> AsyncIterator[Service]:
    async with Database(location, "data") as database:
        await bring_to_head(database)
        async with over(settings, database, pool) as made:
            yield made


@asynccontextmanager
async def over(
    settings: DataSettings, database: Database, pool: Pool, store: TableStore | None = None
) -> AsyncIterator[Service]:
    """The service over these parts."""
    dependencies = Dependencies(settings, database, Outbox(database), pool, app_parts(), store)
    actions = actions_for(dependencies)
    app = build(dependencies, actions)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://data", timeout=60)
    client.headers["Authorization"] = f"Bearer {caller().token.get_secret_value()}"
    async with client:
        yield Service(dependencies, actions, client)
