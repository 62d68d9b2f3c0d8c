import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from datalab.kernel.database.database import Database
from datalab.kernel.database.url import SqliteFolder

SOME_MILLISECONDS = text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT count(*) FROM n"
)


async def read(database: Database) -> None:
    async with database.read() as connection:
        await connection.execute(SOME_MILLISECONDS)


async def others() -> set[asyncio.Task[None]]:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    return (await asyncio.wait(tasks, timeout=20))[1] if tasks else set()


@pytest.mark.parametrize("turns", range(8))
async def test_a_task_that_is_cancelled_again_while_it_closes_its_connection_leaves_nothing_that_waits(
    tmp_path: Path, turns: int
):
    before = set(threading.enumerate())
    database = Database(SqliteFolder(tmp_path), "data")
    task = asyncio.create_task(read(database))
    await asyncio.sleep(0.005)
    for _ in range(3):
        task.cancel()
        for _ in range(turns):
            await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await task
    await database.close()
    for one in asyncio.all_tasks() - {asyncio.current_task()}:
        one.cancel()
    assert not await others()
    assert not [one for one in set(threading.enumerate()) - before if "connection_worker" in one.name]


async def test_a_connection_that_was_being_opened_when_its_task_was_cancelled_is_closed(tmp_path: Path):
    database = Database(SqliteFolder(tmp_path), "data")
    for _ in range(20):
        task = asyncio.create_task(read(database))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await read(database)
    await database.close()
    assert not await others()
