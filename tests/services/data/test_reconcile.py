"""After a death between two writes: what was committed is indexed, what wasn't is swept; on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from deltalake import DeltaTable, write_deltalake
from sqlalchemy import delete, update
from tests.services.data.conftest import DATASETS, Service

from datalab.contracts.data import Upload, UploadMode
from datalab.contracts.errors import Unavailable
from datalab.kernel.database.url import DatabaseUrl
from datalab.services.data.actions.parts import Parts
from datalab.services.data.actions.reconcile import reconcile_index, reconcile_uploads, sweep
from datalab.services.data.adapters.tables import dataset_files, dataset_versions, datasets
from datalab.services.data.app import parts_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def location(database_url: DatabaseUrl) -> DatabaseUrl:
    return database_url


@pytest.fixture
def parts(service: Service) -> Parts:
    return parts_of(service.dependencies)


async def chunk(data: bytes) -> AsyncIterator[bytes]:
    yield data


def folders(service: Service) -> tuple[Path, Path]:
    settings = service.dependencies.settings
    return settings.tables_folder, settings.spool_folder


async def forget_newest(service: Service, dataset_id: str, version: int) -> None:
    """As if the process had died after the table's commit, before the index."""
    async with service.dependencies.database.write() as connection:
        for table, column in ((dataset_versions, "version"), (dataset_files, "added_version")):
            await connection.execute(delete(table).where(table.c.dataset_id == dataset_id, table.c[column] >= version))
        await connection.execute(
            update(dataset_files).where(dataset_files.c.removed_version >= version).values(removed_version=None)
        )
        await connection.execute(update(datasets).where(datasets.c.id == dataset_id).values(version=version - 1))


async def test_the_index_is_rebuilt_from_the_log(service: Service, parts: Parts):
    made = (await service.put("people", "id\n1\n")).json()
    await service.put("people", "id\n2\n", "?mode=append")
    await service.put("people", "id\n3\n4\n5\n", "?mode=replace")
    before = (await service.http.get(f"{DATASETS}/people/versions")).json()
    await forget_newest(service, made["id"], 1)
    assert (await reconcile_index(parts)).indexed == (made["id"],)
    assert (await service.http.get(f"{DATASETS}/people/versions")).json() == before
    assert await service.rows("SELECT count(*) FROM people") == [[3]]
    assert (await reconcile_index(parts)).indexed == ()


async def test_a_retried_append_finds_its_own_commit(service: Service):
    upload = Upload(mode=UploadMode.APPEND, publication="job-7")
    made = (await service.put("people", "id\n1\n")).json()
    await service.api().upload("people", upload, chunk(b"id\n2\n"))
    await forget_newest(service, made["id"], 1)
    again = await service.api().upload("people", upload, chunk(b"id\n2\n"))
    assert (again.version, again.rows) == (1, 2)
    assert DeltaTable(str(folders(service)[0] / made["id"])).version() == 1


async def test_another_writers_commit_is_indexed(service: Service, parts: Parts):
    made = (await service.put("people", "id\n1\n")).json()
    table = folders(service)[0] / made["id"]
    write_deltalake(str(table), DeltaTable(str(table)).to_pyarrow_table(), mode="append")
    await reconcile_index(parts)
    assert await service.rows("SELECT count(*) FROM people") == [[2]]
    assert (await service.http.get(f"{DATASETS}/people/versions")).json()["items"][0]["created_by"] == "another writer"


def abandon(service: Service, upload_id: str, dataset_id: str) -> None:
    """What a process leaves that died after it had noted its intent."""
    folder = folders(service)[1] / upload_id
    folder.mkdir(parents=True)
    (folder / "body").write_bytes(b"id\n1\n")
    (folder / "intent").write_text(dataset_id)
    folder.with_name(f"{upload_id}.lock").touch()


async def test_what_an_unfinished_creation_left_is_swept(service: Service, parts: Parts):
    tables, spool = folders(service)
    (tables / "unborn" / "_delta_log").mkdir(parents=True)
    abandon(service, "u1", "unborn")
    await reconcile_uploads(parts)
    assert list(tables.iterdir()) == []
    assert list(spool.iterdir()) == []


async def test_what_an_unfinished_append_left_is_swept_or_indexed(service: Service, parts: Parts):
    tables, spool = folders(service)
    made = (await service.put("people", "id\n1\n")).json()
    await service.put("people", "id\n2\n", "?mode=append")
    await forget_newest(service, made["id"], 1)
    abandon(service, "u1", made["id"])
    (tables / made["id"] / "part-u2.parquet").write_bytes(b"half a file")
    abandon(service, "u2", made["id"])
    await reconcile_uploads(parts)
    assert await service.rows("SELECT count(*) FROM people") == [[2]]
    assert not (tables / made["id"] / "part-u2.parquet").exists()
    assert list(spool.iterdir()) == []


async def test_an_upload_under_way_is_left_alone(service: Service, parts: Parts):
    async with parts.spool.open() as folder:
        await folder.receive(chunk(b"id\n1\n"))
        assert (await reconcile_uploads(parts)).swept == ()
        assert folder.body.read_bytes() == b"id\n1\n"
    assert list(folders(service)[1].iterdir()) == []


async def intend_and_fail(parts: Parts) -> None:
    async with parts.spool.open() as folder:
        await folder.receive(chunk(b"id\n1\n"))
        await folder.intend("somewhere")
        raise Unavailable("the database is away")


async def test_a_lock_without_an_upload_is_swept(service: Service, parts: Parts):
    async with parts.spool.open() as folder:
        await folder.receive(chunk(b"id\n1\n"))
        (folders(service)[1] / "lone.lock").touch()
        await reconcile_uploads(parts)
        assert {path.name for path in folders(service)[1].iterdir()} == {folder.id, f"{folder.id}.lock"}


async def test_an_upload_whose_index_failed_keeps_its_intent(parts: Parts):
    with pytest.raises(Unavailable):
        await intend_and_fail(parts)
    (left,) = await parts.spool.abandoned()
    assert left.dataset_id == "somewhere"


async def test_deleted_tables_and_orphans_are_swept_in_time(service: Service, parts: Parts):
    tables, _ = folders(service)
    kept = (await service.put("kept", "id\n1\n")).json()
    gone = (await service.put("gone", "id\n1\n")).json()
    await service.http.delete(f"{DATASETS}/gone")
    (tables / "orphan").mkdir()
    assert (await sweep(parts, kept_s=3600, orphan_s=3600)).swept == ()
    assert set((await sweep(parts, kept_s=0, orphan_s=0)).swept) == {gone["id"], "orphan"}
    assert [path.name for path in tables.iterdir()] == [kept["id"]]
    assert not await parts.catalogue.knows(gone["id"])
