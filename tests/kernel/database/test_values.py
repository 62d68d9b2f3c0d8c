from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import StatementError

from datalab.contracts.ids import new_id
from datalab.kernel.database.clock import database_now
from datalab.kernel.database.database import Database
from datalab.kernel.database.upsert import insert_if_absent, upsert

from .conftest import things


async def stored(database: Database, column: str, value: object) -> object:
    key = new_id()
    async with database.write() as connection:
        await connection.execute(insert(things), [{"id": key, column: value}])
    async with database.read() as connection:
        return (await connection.execute(select(things.c[column]).where(things.c.id == key))).scalar_one()


async def test_moments_come_back_in_utc_to_the_microsecond(database: Database):
    moment = datetime(2026, 3, 29, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    found = await stored(database, "at", moment)
    assert found == moment
    assert found.tzinfo is UTC
    assert await stored(database, "at", None) is None


async def test_a_naive_moment_is_refused(database: Database):
    with pytest.raises(StatementError, match="time zone"):
        await stored(database, "at", datetime(2026, 1, 1))  # noqa: DTZ001


async def test_moments_compare_as_time(database: Database):
    early = datetime(2026, 1, 1, 0, 0, 0, 5, tzinfo=UTC)
    late = datetime(2026, 1, 1, 3, 0, tzinfo=timezone(timedelta(hours=2)))
    await stored(database, "at", late)
    await stored(database, "at", early)
    async with database.read() as connection:
        found = (await connection.execute(select(things.c.at).order_by(things.c.at))).scalars().all()
        assert found == [early, late]
        later = await connection.execute(select(func.count()).where(things.c.at > early))
        assert later.scalar_one() == 1


@pytest.mark.parametrize(
    "value",
    [{"z": 1, "a": [1.5, None, True, "é\u0000"]}, [], "text", 0, False, 1.0, 1e300, {"deep": {"er": {}}}, 2**53],
)
async def test_json_comes_back_as_it_was_with_its_order(database: Database, value: object):
    found = await stored(database, "facts", value)
    assert found == value
    assert type(found) is type(value)
    if isinstance(value, dict):
        assert list(found) == list(value)


async def test_no_json_is_null(database: Database):
    await stored(database, "facts", None)
    async with database.read() as connection:
        assert (await connection.execute(select(func.count()).where(things.c.facts.is_(None)))).scalar_one() == 1


async def test_names_sort_by_code_point(database: Database):
    names = ["b", "B", "a", "Z", "_", "é", "10", "9", "a b", "ab"]
    for name in names:
        await stored(database, "name", name)
    async with database.read() as connection:
        found = (await connection.execute(select(things.c.name).order_by(things.c.name))).scalars().all()
    assert list(found) == sorted(names)


async def test_the_clock_is_in_utc_and_whole_milliseconds(database: Database):
    before = datetime.now(UTC) - timedelta(seconds=5)
    async with database.read() as connection:
        now = (await connection.execute(select(database_now()))).scalar_one()
    assert now.tzinfo is UTC
    assert now.microsecond % 1000 == 0
    assert before < now < datetime.now(UTC) + timedelta(seconds=5)


async def test_the_clock_can_be_moved(database: Database):
    async with database.read() as connection:
        now, later, earlier = (
            await connection.execute(
                select(
                    database_now(), database_now(timedelta(days=1, milliseconds=500)), database_now(-timedelta(hours=1))
                )
            )
        ).one()
    assert later - now == timedelta(days=1, milliseconds=500)
    assert earlier - now == -timedelta(hours=1)


async def test_the_clock_can_be_stored_and_compared(database: Database):
    await stored(database, "note", "x")
    async with database.write() as connection:
        await connection.execute(update(things).values(at=database_now(timedelta(seconds=60))))
    async with database.read() as connection:
        count = select(func.count()).select_from(things)
        assert (await connection.execute(count.where(things.c.at > database_now()))).scalar_one() == 1
        due = count.where(things.c.at <= database_now(timedelta(seconds=120)))
        assert (await connection.execute(due)).scalar_one() == 1


async def test_upsert_changes_only_what_it_names(database: Database):
    statement = upsert(database.dialect, things, key=["name"], update=["count"])
    first, second = new_id(), new_id()
    async with database.write() as connection:
        await connection.execute(statement, [{"id": first, "name": "a", "count": 1, "note": "kept"}])
        await connection.execute(statement, [{"id": second, "name": "a", "count": 2, "note": "ignored"}])
    async with database.read() as connection:
        row = (await connection.execute(select(things.c.id, things.c.count, things.c.note))).one()
    assert tuple(row) == (first, 2, "kept")


async def test_insert_if_absent_leaves_the_first(database: Database):
    statement = insert_if_absent(database.dialect, things, key=["name"])
    async with database.write() as connection:
        await connection.execute(statement, [{"id": new_id(), "name": "a", "count": 1}])
        await connection.execute(
            statement, [{"id": new_id(), "name": "a", "count": 2}, {"id": new_id(), "name": "b", "count": 3}]
        )
    async with database.read() as connection:
        rows = (await connection.execute(select(things.c.name, things.c.count).order_by(things.c.name))).all()
    assert [tuple(row) for row in rows] == [("a", 1), ("b", 3)]
