import asyncio
import subprocess
import sys

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from datalab.contracts.errors import Unavailable
from datalab.contracts.ids import new_id
from datalab.kernel.database.database import Database
from datalab.kernel.database.dialect import Dialect
from datalab.kernel.database.url import DatabaseUrl, PostgresServer, SqliteFolder, parse_database_url
from datalab.kernel.testing.eventually import eventually
from datalab.kernel.testing.ports import free_port
from datalab.kernel.testing.process import ServerProcess

from .conftest import things


async def count(database: Database) -> int:
    async with database.read() as connection:
        return (await connection.execute(select(func.count()).select_from(things))).scalar_one()


async def add(database: Database, **values: object) -> None:
    async with database.write() as connection:
        await connection.execute(insert(things), [{"id": new_id(), **values}])


async def test_what_a_write_block_did_is_there_afterwards(database: Database):
    await add(database, name="a")
    assert await count(database) == 1


async def test_a_write_block_that_raises_leaves_nothing(database: Database):
    async def fail() -> None:
        async with database.write() as connection:
            await connection.execute(insert(things), [{"id": new_id()}])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await count(database) == 0


async def test_a_cancelled_write_block_leaves_nothing_and_hinders_nobody(database: Database):
    inside = asyncio.Event()

    async def write_and_wait() -> None:
        async with database.write() as connection:
            await connection.execute(insert(things), [{"id": new_id()}])
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write_and_wait())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await add(database)
    assert await count(database) == 1


async def test_the_read_side_refuses_to_write(database: Database):
    async def write() -> None:
        async with database.read() as connection:
            await connection.execute(insert(things), [{"id": new_id()}])

    with pytest.raises(DBAPIError):
        await write()
    assert await count(database) == 0


async def test_a_read_block_sees_one_moment(database: Database):
    number = select(func.count()).select_from(things)
    async with database.read() as connection:
        before = (await connection.execute(number)).scalar_one()
        await add(database)
        assert (await connection.execute(number)).scalar_one() == before
    assert await count(database) == before + 1


async def test_readers_do_not_wait_for_a_writer(database: Database):
    async with database.write() as connection:
        await connection.execute(insert(things), [{"id": new_id()}])
        assert await count(database) == 0
    assert await count(database) == 1


async def test_many_writers_at_once_all_succeed(database: Database, database_url: DatabaseUrl):
    async with Database(database_url, "data") as other:
        await asyncio.gather(*(add(each) for each in (database, other) for _ in range(40)))
    assert await count(database) == 80


WRITER = """
import asyncio, sys
from sqlalchemy import text
from datalab.contracts.ids import new_id
from datalab.kernel.database.database import Database
from datalab.kernel.database.url import parse_database_url

async def main():
    async with Database(parse_database_url(sys.argv[1]), "data") as database:
        for _ in range(40):
            async with database.write() as connection:
                n = (await connection.execute(text("SELECT max(count) FROM things"))).scalar_one()
                await connection.execute(
                    text("INSERT INTO things (id, count) VALUES (:id, :n)"), {"id": new_id(), "n": n + 1}
                )

asyncio.run(main())
"""


async def test_writers_of_several_processes_take_turns_on_sqlite(database: Database, database_url: DatabaseUrl):
    if not isinstance(database_url, SqliteFolder):
        return  # on PostgreSQL reading before writing needs a lock
    await add(database, count=0)
    command = [sys.executable, "-c", WRITER, f"sqlite:///{database_url.folder}"]
    runs = [asyncio.to_thread(subprocess.run, command, capture_output=True, check=False) for _ in range(3)]
    for done in await asyncio.gather(*runs):
        assert done.returncode == 0, done.stderr.decode()
    async with database.read() as connection:
        assert (await connection.execute(select(func.max(things.c.count)))).scalar_one() == 120


async def test_many_may_open_a_new_file_at_once(tmp_path):
    databases = [Database(SqliteFolder(tmp_path), "data") for _ in range(12)]

    async def touch(number: int, database: Database) -> None:
        async with database.write() as connection:
            await connection.execute(text(f"CREATE TABLE t{number} (x int)"))

    await asyncio.gather(*(touch(*numbered) for numbered in enumerate(databases)))
    async with databases[0].read() as connection:
        assert (await connection.execute(text("PRAGMA journal_mode"))).scalar_one() == "wal"
    for database in databases:
        await database.close()


async def test_the_acknowledged_is_on_disk_in_sqlite(tmp_path):
    async with Database(SqliteFolder(tmp_path), "data") as database, database.write() as connection:
        assert (await connection.execute(text("PRAGMA synchronous"))).scalar_one() == 2
        assert (await connection.execute(text("PRAGMA foreign_keys"))).scalar_one() == 1


async def test_a_broken_constraint_stays_an_integrity_error(database: Database):
    await add(database, name="a")
    with pytest.raises(IntegrityError):
        await add(database, name="a")


async def test_services_do_not_see_each_other(database: Database, database_url: DatabaseUrl):
    await add(database)
    async with Database(database_url, "ai") as other:
        with pytest.raises(DBAPIError):
            await count(other)


async def test_a_closed_database_can_be_used_again(database: Database):
    await database.close()
    await add(database)
    assert await count(database) == 1


async def test_nothing_outlives_a_transaction_that_a_pooler_would_hand_to_another(
    database: Database, database_url: DatabaseUrl
):
    """PgBouncer in transaction mode gives each transaction any server connection."""
    if not isinstance(database_url, PostgresServer):
        return
    for _ in range(10):
        assert await count(database) == 0
    async with database._writes.connect() as connection:
        assert (await connection.execute(text("SHOW search_path"))).scalar_one() == '"$user", public'
        assert (await connection.execute(text("SELECT count(*) FROM pg_prepared_statements"))).scalar_one() == 0


async def test_an_open_database_outlives_a_restart_of_postgres(own_postgres: tuple[ServerProcess, str]):
    server, url = own_postgres
    async with Database(parse_database_url(url), "data") as database:
        await asyncio.gather(*(database.ping() for _ in range(5)))
        server.restart()
        await asyncio.gather(*(database.ping() for _ in range(5)))


async def test_postgres_away_is_unavailable_and_works_again_when_back(own_postgres: tuple[ServerProcess, str]):
    server, url = own_postgres
    async with Database(parse_database_url(url), "data") as database:
        await database.ping()
        server.kill()
        for _ in range(2):
            with pytest.raises(Unavailable) as caught:
                await database.ping()
        assert "data" in caught.value.detail
        assert caught.value.retry_after_s
        server.start()
        await database.ping()


async def test_a_connection_cut_within_a_transaction_is_unavailable(database: Database, database_url: DatabaseUrl):
    if not isinstance(database_url, PostgresServer):
        return

    async def cut() -> None:
        async with database.write() as connection:
            pid = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            async with database.read() as other:
                await other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            await connection.execute(insert(things), [{"id": new_id()}])

    with pytest.raises(Unavailable):
        await cut()
    assert await count(database) == 0


async def test_a_server_that_was_never_there_is_unavailable():
    url = parse_database_url(f"postgresql://nobody@127.0.0.1:{free_port()}/nothing")
    async with Database(url, "data") as database:
        with pytest.raises(Unavailable):
            await database.ping()


async def test_changes_are_noticed(database: Database, database_url: DatabaseUrl):
    async with database.changes() as changes:
        assert await changes.changed()
        assert await changes.changed() is not (database.dialect is Dialect.SQLITE)
        async with Database(database_url, "data") as other:
            await add(other)
        assert await changes.changed()
        await add(database)
        assert await changes.changed()


async def test_listeners_hear_of_commits_only(database: Database):
    heard: list[object] = []
    unhear = database.on_commit(heard.append)

    async def fail() -> None:
        async with database.write():
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    await count(database)
    assert heard == []
    await add(database)
    assert len(heard) == 1
    unhear()
    await add(database)
    assert len(heard) == 1


async def test_waiting_transactions_do_not_leak_connections(database: Database):
    async def one() -> bool:
        await asyncio.gather(*(count(database) for _ in range(50)))
        return True

    await eventually(one)


@pytest.mark.parametrize("name", ["", "../data", 'a"b', "a b"])
def test_a_service_name_that_is_no_identifier_is_refused(name: str, tmp_path):
    with pytest.raises(ValueError, match="identifier"):
        Database(SqliteFolder(tmp_path), name)
