"""Tables in an object store: what can be done with tables in a folder, and what only happens there."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import pytest_asyncio
from deltalake import DeltaTable
from pyarrow import BufferReader
from tests.kernel.storage.conftest import MIB, opened, settings_for
from tests.services.data.conftest import DATASETS, Service, over

from datalab.contracts.data import Upload, UploadMode
from datalab.contracts.ids import new_id
from datalab.kernel.config.storage import StorageSettings
from datalab.kernel.database.database import Database
from datalab.kernel.database.url import DatabaseUrl, SqliteFolder
from datalab.kernel.pool.pool import Pool
from datalab.kernel.storage.s3 import S3ObjectStore
from datalab.kernel.testing.relay import Relay
from datalab.kernel.testing.s3 import ACCESS_KEY, SECRET_KEY, new_bucket
from datalab.kernel.testing.schemas import bring_to_head
from datalab.services.data.actions.parts import Parts
from datalab.services.data.actions.reconcile import reconcile_index, reconcile_uploads, sweep
from datalab.services.data.app import parts_of, pool_profiles
from datalab.services.data.settings import DataSettings

pytestmark = pytest.mark.asyncio(loop_scope="module")
SECRET = {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool(ground: Path) -> AsyncIterator[Pool]:
    widest = DataSettings(home=ground, spool_path=ground, query_workers=2, ingest_workers=2)
    variables = {**os.environ, **SECRET}
    async with Pool(pool_profiles(widest, ground), scratch=ground.with_name("s"), variables=variables) as pool:
        yield pool


@pytest_asyncio.fixture(loop_scope="module")
async def relay(s3_server: str) -> AsyncIterator[Relay]:
    """The way to the server, which can be cut."""
    async with Relay(s3_server) as relay:
        yield relay


@pytest.fixture
def bucket(s3_server: str, relay: Relay) -> StorageSettings:
    return settings_for(relay.url, new_bucket(s3_server))


class Machines:
    """Instances of the service that share a database and a bucket, and nothing else."""

    def __init__(self, ground: Path, pool: Pool, database: Database, bucket: StorageSettings) -> None:
        self._ground = ground
        self._pool = pool
        self._database = database
        self._bucket = bucket

    @asynccontextmanager
    async def another(self, cache_bytes: int = 100 * MIB) -> AsyncIterator[tuple[Service, S3ObjectStore]]:
        own = self._ground / new_id()
        settings = DataSettings(home=own, spool_path=own / "uploads")
        async with (
            opened(self._bucket, own / "cache", cache_bytes) as store,
            over(settings, self._database, self._pool, store) as service,
        ):
            yield service, store


@pytest_asyncio.fixture(loop_scope="module")
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    location: DatabaseUrl = SqliteFolder(tmp_path / "metadata")
    async with Database(location, "data") as opened_database:
        await bring_to_head(opened_database)
        yield opened_database


@pytest.fixture
def machines(ground: Path, pool: Pool, database: Database, bucket: StorageSettings) -> Machines:
    return Machines(ground, pool, database, bucket)


@pytest_asyncio.fixture(loop_scope="module")
async def machine(machines: Machines) -> AsyncIterator[tuple[Service, S3ObjectStore]]:
    async with machines.another() as one:
        yield one


@pytest.fixture
def service(machine: tuple[Service, S3ObjectStore]) -> Service:
    return machine[0]


@pytest.fixture
def store(machine: tuple[Service, S3ObjectStore]) -> S3ObjectStore:
    return machine[1]


@pytest.fixture
def parts(service: Service) -> Parts:
    return parts_of(service.dependencies)


async def chunk(data: bytes) -> AsyncIterator[bytes]:
    yield data


def in_place(bucket: StorageSettings, dataset_id: str) -> DeltaTable:
    """The table as other programs read it."""
    options = {**SECRET, "AWS_ENDPOINT_URL": str(bucket.endpoint_url), "AWS_ALLOW_HTTP": "true", "AWS_REGION": "x"}
    return DeltaTable(f"{bucket.url}/tables/{dataset_id}", storage_options=options)


async def test_every_way_to_change_a_table_makes_its_version(service: Service, bucket: StorageSettings):
    made = (await service.put("people", "id,name\n1,ada\n2,bob\n")).json()
    await service.put("people", "id,name\n3,eve\n", "?mode=append")
    await service.put("people", "id,name\n1,ADA\n4,dan\n", "?mode=upsert&key=id")
    await service.put("people", "id,name\n9,zoe\n", "?mode=replace")
    restored = await service.http.post(f"{DATASETS}/people/restore", json={"version": 1})
    assert (restored.status_code, restored.json()["rows"]) == (200, 3), restored.text
    assert await service.rows("SELECT id, name FROM people ORDER BY id") == [[1, "ada"], [2, "bob"], [3, "eve"]]
    assert await service.rows('SELECT id, name FROM "people@2" ORDER BY id') == [
        [1, "ADA"],
        [2, "bob"],
        [3, "eve"],
        [4, "dan"],
    ]
    assert await service.rows('SELECT count(*) FROM "people@3"') == [[1]]
    table = await asyncio.to_thread(in_place, bucket, made["id"])
    assert (table.version(), len(await asyncio.to_thread(table.file_uris))) == (4, 2)


async def test_what_is_asked_of_a_table_is_answered(service: Service):
    await service.put("people", "id,name\n1,ada\n2,bob\n")
    await service.put("people", "id,name\n3,eve\n", "?mode=append")
    profile = (await service.http.get(f"{DATASETS}/people/profile")).json()
    assert [column["count"] for column in profile["columns"]] == [3, 3]
    difference = (await service.http.get(f"{DATASETS}/people/diff?from=0&to=1&key=id")).json()
    assert (difference["added"], difference["removed"]) == (1, 0)
    export = await service.http.get(f"{DATASETS}/people/rows?format=parquet&limit=100")
    assert pq.read_table(BufferReader(export.content)).num_rows == 3
    page = await service.http.get(f"{DATASETS}/people/rows?version=0&order=id.desc")
    assert [row["id"] for row in page.json()] == [2, 1]


async def test_a_deleted_table_comes_back_until_it_is_purged(service: Service, store: S3ObjectStore, parts: Parts):
    made = (await service.put("people", "id\n1\n")).json()
    await service.http.delete(f"{DATASETS}/people")
    assert (await service.http.post(f"{DATASETS}/people/undelete", json={})).status_code == 200
    assert await service.rows("SELECT * FROM people") == [[1]]
    await service.http.delete(f"{DATASETS}/people")
    await store.put("tables/orphan/part", chunk(b"x"))
    assert (await sweep(parts, kept_s=3600, orphan_s=3600)).swept == ()
    assert set((await sweep(parts, kept_s=0, orphan_s=0)).swept) == {made["id"], "orphan"}
    assert await store.list("") == ()


async def test_machines_that_append_at_once_lose_nothing(machines: Machines):
    async with machines.another() as (one, _), machines.another() as (two, _):
        await one.put("numbers", "n\n0\n")
        answers = await asyncio.gather(
            *(who.put("numbers", f"n\n{number}\n", "?mode=append") for number in range(1, 9) for who in (one, two))
        )
        assert [answer.status_code for answer in answers] == [200] * 16
        for who in (one, two):
            assert await who.rows("SELECT count(*), sum(n), max(n) FROM numbers") == [[17, 72, 8]]
        versions = (await two.http.get(f"{DATASETS}/numbers/versions?limit=100")).json()["items"]
        assert sorted(version["version"] for version in versions) == list(range(17))


async def test_the_index_is_rebuilt_from_the_log(machines: Machines, tmp_path: Path, bucket: StorageSettings):
    async with machines.another() as (one, _):
        made = (await one.put("people", "id\n1\n")).json()
        await one.put("people", "id\n2\n", "?mode=append")
        parts = parts_of(one.dependencies)
        table = await asyncio.to_thread(in_place, bucket, made["id"])
        await asyncio.to_thread(table.delete, "id = 1")
        assert (await reconcile_index(parts)).indexed == (made["id"],)
        assert await one.rows("SELECT id FROM people") == [[2]]
        assert (await reconcile_index(parts)).indexed == ()


async def test_a_publication_is_found_again_by_another_machine(machines: Machines):
    upload = Upload(mode=UploadMode.APPEND, publication="job-7")
    async with machines.another() as (one, _), machines.another() as (two, _):
        await one.put("people", "id\n1\n")
        first = await one.api().upload("people", upload, chunk(b"id\n2\n"))
        again = await two.api().upload("people", upload, chunk(b"id\n2\n"))
        assert (first.version, again.version, again.rows) == (1, 1, 2)


async def test_queries_are_right_with_a_cache_smaller_than_the_tables(machines: Machines):
    async with machines.another(cache_bytes=2000) as (one, _):
        for name in ("a", "b", "c", "d"):
            await one.put(name, "id\n" + "\n".join(map(str, range(500))))
        sums = [
            one.rows(f"SELECT sum(id) + {again} FROM {name}") for again in range(3) for name in ("a", "b", "c", "d")
        ]
        assert await asyncio.gather(*sums) == [[[124750 + again]] for again in range(3) for _ in range(4)]


async def test_a_store_that_goes_leaves_nothing_half_and_comes_back(
    machines: Machines, relay: Relay, tmp_path: Path
) -> None:
    async with machines.another() as (one, store):
        await one.put("people", "id\n1\n")
        await relay.cut()
        for answer in (await one.put("people", "id\n2\n", "?mode=append"), await one.put("others", "id\n2\n")):
            told = answer.json()
            assert (answer.status_code, told["code"]) == (503, "storage_unavailable"), answer.text
            assert "s3://" in told["detail"]
            assert SECRET_KEY not in answer.text
        async with machines.another() as (two, _):
            query = await two.sql("SELECT id FROM people")
            assert (query.status_code, query.json()["code"]) == (503, "storage_unavailable"), query.text
            await relay.mend()
            assert await two.rows("SELECT id FROM people") == [[1]]
        parts = parts_of(one.dependencies)
        await reconcile_uploads(parts)
        assert list(one.dependencies.settings.spool_folder.iterdir()) == []
        assert len(await store.folders("tables/")) == 1
        assert (await one.put("people", "id\n3\n", "?mode=append")).status_code == 200
        assert (await one.put("others", "id\n4\n")).status_code == 201
        assert await one.rows("SELECT id FROM people ORDER BY id") == [[1], [3]]


async def test_a_table_goes_on_past_a_checkpoint(machines: Machines, bucket: StorageSettings):
    async with machines.another() as (one, store):
        made = (await one.put("people", "id\n0\n")).json()
        for number in range(1, 4):
            assert (await one.put("people", f"id\n{number}\n", "?mode=append")).status_code == 200
        table = await asyncio.to_thread(in_place, bucket, made["id"])
        await asyncio.to_thread(table.create_checkpoint)
        for number in range(4, 6):
            assert (await one.put("people", f"id\n{number}\n", "?mode=append")).status_code == 200
        log = await store.list(f"tables/{made['id']}/_delta_log/")
        assert [name.rpartition("/")[2].lstrip("0") for name in log if "checkpoint" in name] == [
            "3.checkpoint.parquet",
            "_last_checkpoint",
        ]
        async with machines.another() as (two, _):
            assert await two.rows("SELECT sum(id) FROM people") == [[15]]
        restored = await one.http.post(f"{DATASETS}/people/restore", json={"version": 2})
        assert (restored.status_code, restored.json()["rows"]) == (200, 3), restored.text
        table = await asyncio.to_thread(in_place, bucket, made["id"])
        assert (table.version(), len(await asyncio.to_thread(table.file_uris))) == (6, 3)
