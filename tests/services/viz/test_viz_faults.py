"""A process that dies between two writes leaves nothing half done, and the change can be made again."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.services.viz import change_once

import datalab.services.viz
from datalab.kernel import failpoint
from datalab.kernel.database.database import Database
from datalab.kernel.database.migrate import migrate
from datalab.kernel.database.url import DatabaseUrl, SqliteFolder
from datalab.kernel.events.outbox import outbox
from datalab.services.viz.adapters.tables import charts, dashboards

STEPS = ["viz.chart.save", "viz.dashboard.save", "viz.dashboard.delete", "viz.chart.delete"]
POINTS = failpoint.names(Path(next(iter(datalab.services.viz.__path__))))
State = tuple[list[str], list[str], list[str]]


def address(url: DatabaseUrl) -> str:
    return f"sqlite:///{url.folder}" if isinstance(url, SqliteFolder) else url.url.render_as_string(hide_password=False)


async def change_and_die(url: DatabaseUrl, step: str, point: str) -> int:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(change_once.__file__),
        address(url),
        step,
        env={**os.environ, failpoint.VARIABLE: point},
    )
    return await process.wait()


async def state(database: Database) -> State:
    async with database.read() as connection:
        kept = [
            [str(value) for value in (await connection.execute(select(column).order_by(column))).scalars()]
            for column in (charts.c.name, dashboards.c.name, outbox.c.topic)
        ]
    return kept[0], kept[1], kept[2]


@pytest.mark.parametrize("point", POINTS)
async def test_killed_change_leaves_nothing_and_can_be_made_again(database_url: DatabaseUrl, point: str) -> None:
    step = point.rpartition(".")[0]
    async with Database(database_url, "viz") as database:
        await migrate(database)
        for earlier in STEPS[: STEPS.index(step)]:
            await change_once.change(address(database_url), earlier)
        before = await state(database)

        assert await change_and_die(database_url, step, point) == -signal.SIGKILL
        assert await state(database) == before

        await change_once.change(address(database_url), step)
        assert len((await state(database))[2]) == len(before[2]) + 1


def test_every_change_has_a_failpoint_between_its_writes() -> None:
    assert {point.rpartition(".")[0] for point in POINTS} == set(STEPS)
