import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

from datalab.contracts.errors import Unavailable
from datalab.contracts.ids import new_id
from datalab.kernel.database.database import Database
from datalab.kernel.database.migrate import migrate
from datalab.kernel.database.revisions import KERNEL_SCRIPTS, Revisions, read_revisions
from datalab.kernel.database.schema import SchemaState, schema_state
from datalab.kernel.database.url import DatabaseUrl, PostgresServer, parse_database_url
from datalab.kernel.testing.ports import free_port

from .conftest import BROKEN, SECOND, things


async def tables(database: Database) -> set[str]:
    async with database.read() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names(schema=schema(database))))


def schema(database: Database) -> str | None:
    return database.service if isinstance(database.url, PostgresServer) else None


async def test_the_schema_goes_through_every_state(empty: Database, scripts: Path):
    folders = [KERNEL_SCRIPTS, scripts]
    assert await schema_state(empty, folders) is SchemaState.EMPTY
    await migrate(empty, folders)
    assert await schema_state(empty, folders) is SchemaState.AT_HEAD
    (scripts / "data_0002.py").write_text(SECOND)
    assert await schema_state(empty, folders) is SchemaState.BEHIND
    await migrate(empty, folders)
    assert await schema_state(empty, folders) is SchemaState.AT_HEAD
    (scripts / "data_0002.py").unlink()
    assert await schema_state(empty, folders) is SchemaState.AHEAD


async def test_a_schema_without_the_kernels_tables_is_behind(empty: Database, scripts: Path):
    await migrate(empty, [scripts])
    assert await schema_state(empty, [KERNEL_SCRIPTS, scripts]) is SchemaState.BEHIND
    await migrate(empty, [KERNEL_SCRIPTS, scripts])
    assert await schema_state(empty, [KERNEL_SCRIPTS, scripts]) is SchemaState.AT_HEAD


async def test_the_kernels_tables_ride_along(database: Database):
    assert await tables(database) == {"alembic_version", "outbox", "things", "parts"}


async def test_migrating_again_changes_nothing(database: Database, scripts: Path):
    async with database.write() as connection:
        await connection.execute(insert(things), [{"id": new_id()}])
    await migrate(database, [KERNEL_SCRIPTS, scripts])
    async with database.read() as connection:
        assert (await connection.execute(select(func.count()).select_from(things))).scalar_one() == 1


async def test_several_migrators_at_once_take_turns(empty: Database, database_url: DatabaseUrl, scripts: Path):
    (scripts / "data_0002.py").write_text(SECOND)
    folders = [KERNEL_SCRIPTS, scripts]
    async with Database(database_url, "data") as other:
        await asyncio.gather(*(migrate(each, folders) for each in (empty, other, empty, other)))
    assert await schema_state(empty, folders) is SchemaState.AT_HEAD


async def test_services_migrate_side_by_side(database_url: DatabaseUrl, scripts: Path):
    folders = [KERNEL_SCRIPTS, scripts]
    async with Database(database_url, "data") as data, Database(database_url, "ai") as ai:
        await asyncio.gather(migrate(data, folders), migrate(ai, folders))
        assert await tables(data) == await tables(ai)
        async with data.write() as connection:
            await connection.execute(insert(things), [{"id": new_id()}])
        async with ai.read() as connection:
            assert (await connection.execute(select(func.count()).select_from(things))).scalar_one() == 0


async def test_a_broken_migration_leaves_the_schema_as_it_was(database: Database, scripts: Path):
    before = await tables(database)
    (scripts / "data_0002.py").write_text(SECOND)
    (scripts / "data_0003.py").write_text(BROKEN)
    with pytest.raises(DBAPIError):
        await migrate(database, [KERNEL_SCRIPTS, scripts])
    assert await tables(database) == before
    async with database.read() as connection:
        versions = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalars().all()
    assert set(versions) == {"kernel_0001", "data_0001"}


async def test_rebuilding_a_table_keeps_the_rows_that_point_to_it(database: Database, scripts: Path):
    thing = new_id()
    async with database.write() as connection:
        await connection.execute(insert(things), [{"id": thing, "note": "n"}])
        await connection.execute(
            text("INSERT INTO parts (id, thing) VALUES (:id, :thing)"), {"id": "p", "thing": thing}
        )
    (scripts / "data_0002.py").write_text(SECOND)
    await migrate(database, [KERNEL_SCRIPTS, scripts])
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT thing FROM parts"))).scalar_one() == thing
    async with database.write() as connection:
        await connection.execute(text("DELETE FROM things"))
        assert (await connection.execute(text("SELECT count(*) FROM parts"))).scalar_one() == 0


async def test_without_a_server_migrating_is_unavailable(scripts: Path):
    url = parse_database_url(f"postgresql://nobody@127.0.0.1:{free_port()}/nothing")
    async with Database(url, "data") as database:
        with pytest.raises(Unavailable):
            await migrate(database, [KERNEL_SCRIPTS, scripts])
        with pytest.raises(Unavailable):
            await schema_state(database, [KERNEL_SCRIPTS, scripts])


ASK = """
import asyncio, sys
from pathlib import Path
from datalab.kernel.database.database import Database
from datalab.kernel.database.revisions import KERNEL_SCRIPTS
from datalab.kernel.database.schema import schema_state
from datalab.kernel.database.url import parse_database_url
from datalab.kernel.events.memory import MemoryBus
from datalab.kernel.events.relay import Relay

async def main():
    async with Database(parse_database_url(sys.argv[1]), "data") as database:
        print(await schema_state(database, [KERNEL_SCRIPTS, Path(sys.argv[2])]))

asyncio.run(main())
print(any(name.partition(".")[0] in ("alembic", "mako") for name in sys.modules))
"""


async def test_asking_for_the_state_loads_no_alembic(database: Database, scripts: Path):
    url = database.url
    text_url = (
        url.url.render_as_string(hide_password=False) if isinstance(url, PostgresServer) else f"sqlite:///{url.folder}"
    )
    command = [sys.executable, "-c", ASK, text_url, str(scripts)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.split() == ["at_head", "False"], done.stderr


def test_heads_are_those_that_nothing_follows(tmp_path: Path):
    for name, parents in (("a", None), ("b", "a"), ("c", "a"), ("d", ("b", "c")), ("x", None)):
        (tmp_path / f"{name}.py").write_text(f"revision: str = {name!r}\ndown_revision = {parents!r}\n")
    (tmp_path / "__init__.py").write_text('"""Nothing."""')
    assert read_revisions([tmp_path]) == Revisions(frozenset("abcdx"), frozenset("dx"))


def test_a_script_without_a_revision_is_named(tmp_path: Path):
    (tmp_path / "odd.py").write_text("x = 1\n")
    with pytest.raises(ValueError, match=r"odd\.py"):
        read_revisions([tmp_path])


def test_the_kernels_scripts_have_one_head():
    assert len(read_revisions([KERNEL_SCRIPTS]).heads) == 1
