"""Queries as they are remembered, on both databases."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from tests.services.data.conftest import DATASETS, QUERY, Service
from tests.services.data.test_query import ENDLESS

from datalab.contracts.data import QueryFilter, QueryNotFound, QueryRequest, QueryResult, QueryState
from datalab.contracts.errors import Cancelled
from datalab.contracts.identity import Role
from datalab.contracts.model import PageRequest
from datalab.kernel.database.url import DatabaseUrl
from datalab.kernel.testing.identity import caller
from datalab.services.data.adapters.tables import queries
from datalab.services.data.app import actions_for
from datalab.services.data.model.query_history import LOST, LOST_AFTER_S

pytestmark = pytest.mark.asyncio(loop_scope="module")
LONG = timedelta(days=30)


@pytest.fixture
def location(database_url: DatabaseUrl) -> DatabaseUrl:
    return database_url


async def history(service: Service, **wanted: Any) -> dict[str, Any]:
    answer = await service.http.get(QUERY, params=wanted)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def ids(service: Service, **wanted: Any) -> list[str]:
    return [one["query_id"] for one in (await history(service, **wanted))["items"]]


async def set_seen(service: Service, ago_s: float) -> None:
    """Have the processes of all queries told of them that long ago."""
    then = datetime.now(UTC) - timedelta(seconds=ago_s)
    async with service.dependencies.database.write() as connection:
        await connection.execute(sa.update(queries).values(seen_at=then))


async def begun(service: Service, query_id: str) -> asyncio.Task[QueryResult]:
    """A query that runs on until it is stopped."""
    task = asyncio.create_task(service.api().query(QueryRequest(sql=ENDLESS, query_id=query_id)))
    async with asyncio.timeout(30):
        while True:
            try:
                await service.api().query_status(query_id)
            except QueryNotFound:
                await asyncio.sleep(0.01)
            else:
                return task


async def test_each_query_says_what_came_of_it(service: Service):
    await service.put("things", "id\n1\n2\n")
    for number in (1, 2):
        await service.sql("SELECT * FROM things", query_id=f"good{number}")
    await service.sql("SELECT nope FROM things", query_id="bad")
    await service.http.get(f"{DATASETS}/things/rows")
    items = {one["query_id"]: one for one in (await history(service))["items"]}
    assert list(items) == ["bad", "good2", "good1"]
    told = [(one["state"], one["row_count"], one["cached"], one["by"], one["sql_cut"]) for one in items.values()]
    assert told == [
        ("failed", None, False, "ada", False),
        ("succeeded", 2, True, "ada", False),
        ("succeeded", 2, False, "ada", False),
    ]
    assert items["good1"]["sql"] == "SELECT * FROM things"
    assert items["good1"]["elapsed_ms"] > 0
    assert "nope" in items["bad"]["error"]


async def test_pages_states_and_words(service: Service):
    for number in range(5):
        await service.sql(f"SELECT {number} AS Number_{number}", query_id=f"q{number}")
    await service.sql("SELECT 100%", query_id="broken")
    first = await history(service, limit=2)
    assert [one["query_id"] for one in first["items"]] == ["broken", "q4"]
    assert await ids(service, limit=2, cursor=first["next_cursor"]) == ["q3", "q2"]
    assert await ids(service, search="nUmBeR_3") == ["q3"]
    assert await ids(service, search="100%") == ["broken"]
    assert await ids(service, state="failed") == ["broken"]
    assert await ids(service, state="running") == []
    assert (await service.http.get(QUERY, params={"cursor": "nonsense"})).status_code == 422


async def test_others_queries_are_for_admins(service: Service):
    await service.sql("SELECT 1", query_id="mine")
    eve = service.headers(Role.EDITOR, "eve")
    await service.http.post(QUERY, json={"sql": "SELECT 2", "query_id": "hers"}, headers=eve)
    assert [one["query_id"] for one in (await service.http.get(QUERY, headers=eve)).json()["items"]] == ["hers"]
    assert (await service.http.get(f"{QUERY}/mine", headers=eve)).status_code == 404
    assert (await service.http.get(f"{QUERY}?everybody=true", headers=eve)).status_code == 403
    assert await ids(service) == ["mine"]
    assert [(one["query_id"], one["by"]) for one in (await history(service, everybody="true"))["items"]] == [
        ("hers", "eve"),
        ("mine", "ada"),
    ]
    link = await service.http.get(f"{QUERY}/hers")
    assert (link.status_code, link.json()["sql"]) == (200, "SELECT 2")


async def test_a_running_query_is_listed_and_found_by_another_process(service: Service):
    running = await begun(service, "long")
    assert await ids(service, state="running") == ["long"]
    there = actions_for(service.dependencies)(caller())
    assert (await there.query_status("long")).state is QueryState.RUNNING
    assert (await there.query_status("long")).elapsed_ms is None
    await service.api().cancel_query("long")
    with pytest.raises(Cancelled):
        await running
    (ended,) = (await history(service))["items"]
    assert (ended["state"], ended["query_id"]) == ("cancelled", "long")


async def test_a_query_whose_process_is_gone_has_failed(service: Service):
    running = await begun(service, "left")
    await service.actions.parts.shared_queries.tell(at_once=True)
    later = actions_for(service.dependencies)
    await later.parts.shared_queries.end_lost()
    assert (await later(caller()).query_status("left")).state is QueryState.RUNNING
    await set_seen(service, LOST_AFTER_S + 1)
    for _ in range(2):
        page = await later(caller()).list_queries(QueryFilter(state=QueryState.FAILED), PageRequest())
        assert [(one.query_id, one.state, one.error) for one in page.items] == [("left", QueryState.FAILED, LOST)]
        assert page.items[0].finished_at is not None
        running_ones = await later(caller()).list_queries(QueryFilter(state=QueryState.RUNNING), PageRequest())
        assert running_ones.items == ()
        await later.parts.shared_queries.end_lost()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_query_that_runs_long_is_told_of_again_and_again(service: Service):
    running = await begun(service, "long")
    shared, there = service.actions.parts.shared_queries, actions_for(service.dependencies)(caller())
    await shared.tell(at_once=True)
    await set_seen(service, LOST_AFTER_S + 1)
    assert (await there.query_status("long")).state is QueryState.FAILED
    async with asyncio.timeout(30):
        while (await there.query_status("long")).state is not QueryState.RUNNING:
            await asyncio.sleep(0.1)
            await shared.tell()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_the_history_is_bounded_in_number_and_age(service: Service):
    for number in range(4):
        await service.sql(f"SELECT {number}", query_id=f"q{number}")
    eve = service.headers(Role.EDITOR, "eve")
    await service.http.post(QUERY, json={"sql": "SELECT 2", "query_id": "hers"}, headers=eve)
    assert len(await ids(service, everybody="true")) == 5
    shared = service.actions.parts.shared_queries
    await shared.forget_old(LONG, 2)
    assert await ids(service, everybody="true") == ["hers", "q3", "q2"]
    await shared.forget_old(timedelta(0), 2)
    assert await ids(service, everybody="true") == []


async def test_of_a_very_long_text_the_beginning_is_kept(service: Service):
    await service.sql(f"SELECT 1 -- {'x' * 30_000}", query_id="long")
    (item,) = (await history(service))["items"]
    assert (len(item["sql"]), item["sql_cut"]) == (20_000, True)
