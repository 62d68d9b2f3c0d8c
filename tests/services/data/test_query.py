"""SQL over HTTP."""

import asyncio
from typing import Any

import pytest
from tests.services.data.conftest import QUERY, Service
from tests.services.data.test_upload import problem

from datalab.contracts.data import DataFormat, QueryRequest, QueryState
from datalab.contracts.errors import Cancelled, DeadlineExceeded, MemoryLimitExceeded, PlatformError
from datalab.contracts.identity import Role

pytestmark = pytest.mark.asyncio(loop_scope="module")

ENDLESS = "SELECT count(*) FROM range(10000000000) a, range(100000) b WHERE a.range % 7 = b.range % 5"


async def test_the_same_question_over_the_same_versions_is_answered_from_memory(service: Service):
    await service.put("people", "id\n1\n")
    first = (await service.sql("SELECT sum(id) AS s FROM people")).json()
    again = (await service.sql(" SELECT sum(id) AS s FROM people ")).json()
    assert (first["cached"], again["cached"]) == (False, True)
    metrics = (await service.http.get("/metrics")).text
    assert 'datalab_cache_requests_total{cache="answers",outcome="hit",service="data"} 1.0' in metrics
    assert (again["columns"], again["rows"], again["row_count"]) == (first["columns"], [[1]], 1)
    await service.put("people", "id\n2\n", "?mode=append")
    changed = (await service.sql("SELECT sum(id) AS s FROM people")).json()
    assert (changed["cached"], changed["rows"]) == (False, [[3]])


async def test_other_parameters_formats_and_limits_are_other_questions(service: Service):
    await service.put("people", "id\n1\n2\n")
    ask: list[dict[str, Any]] = [{"params": [1]}, {"params": [2]}, {"params": [1], "max_rows": 1}]
    for more in ask:
        assert not (await service.sql("SELECT id FROM people WHERE id >= ?", **more)).json()["cached"]
    text = await service.sql("SELECT id FROM people WHERE id >= ?", params=[1], format="csv")
    assert (text.text, text.headers["x-cached"]) == ("id\n1\n2\n", "false")


async def test_what_differs_each_time_is_asked_each_time(service: Service):
    answers = [(await service.sql("SELECT random() AS r")).json() for _ in range(2)]
    assert [one["cached"] for one in answers] == [False, False]


async def test_permission_comes_before_memory(service: Service):
    await service.put("lab.cells", "id\n1\n")
    assert await service.rows("SELECT * FROM lab.cells") == [[1]]
    viewer = service.headers(Role.VIEWER)
    problem(
        await service.http.post(QUERY, json={"sql": "SELECT * FROM lab.cells"}, headers=viewer),
        404,
        "dataset_not_found",
    )


async def test_the_answer_names_its_query(service: Service):
    answer = await service.sql("SELECT 1", query_id="mine-1")
    assert (answer.headers["x-query-id"], answer.json()["query_id"]) == ("mine-1", "mine-1")
    assert answer.headers["x-row-count"] == "1"
    status = (await service.http.get(f"{QUERY}/mine-1")).json()
    assert (status["state"], status["row_count"], status["sql"]) == ("succeeded", 1, "SELECT 1")
    problem(await service.http.get(f"{QUERY}/mine-1", headers=service.headers(name="eve")), 404, "query_not_found")
    problem(await service.http.delete(f"{QUERY}/unknown"), 404, "query_not_found")
    problem(await service.sql("SELECT 1", query_id="no spaces"), 422, "invalid_input")


async def test_a_past_version_is_queried_by_its_name(service: Service):
    await service.put("people", "id\n1\n")
    await service.put("people", "id\n2\n", "?mode=replace")
    sql = 'SELECT (SELECT id FROM "people@0"), (SELECT id FROM "People@1"), (SELECT id FROM people)'
    assert await service.rows(sql) == [[1, 2, 2]]
    problem(await service.sql('SELECT * FROM "people@7"'), 404, "dataset_not_found")


async def test_a_cut_answer_says_so(service: Service):
    answer = (await service.sql("SELECT * FROM range(10)", max_rows=3)).json()
    assert (len(answer["rows"]), answer["row_count"], answer["truncated"]) == (3, 3, True)
    text = await service.sql("SELECT * FROM range(10)", max_rows=3, format="ndjson")
    assert text.headers["x-truncated"] == "true"


async def test_the_whole_answer_in_process(service: Service):
    result = await service.api().query(QueryRequest(sql="SELECT 1 AS a, 'x' AS b", format=DataFormat.CSV))
    assert (result.rows, result.row_count, result.cached) == (((1, "x"),), 1, False)


async def test_a_long_answer_streams_in_pieces(service: Service):
    request = QueryRequest(sql="SELECT range AS n FROM range(300000)", format=DataFormat.NDJSON, max_rows=1_000_000)
    async with service.api().query_stream(request) as answer:
        pieces = [piece async for piece in answer]
    assert len(pieces) > 5
    assert b"".join(pieces).count(b"\n") == 300_000


async def test_a_query_past_its_deadline_is_stopped(service: Service):
    problem(await service.sql(ENDLESS, timeout_s=0.5, query_id="slow"), 408, DeadlineExceeded.code)
    assert (await service.http.get(f"{QUERY}/slow")).json()["state"] == "failed"
    assert await service.rows("SELECT 1") == [[1]]


async def test_a_query_past_its_memory_is_stopped(service: Service):
    greedy = "SELECT length(repeat('a', 4000000000))"
    answer = await service.sql(greedy)
    assert problem(answer, 422, answer.json()["code"])["code"] in {MemoryLimitExceeded.code, "sql_refused"}
    assert await service.rows("SELECT 1") == [[1]]


async def test_a_cancelled_query_ends(service: Service):
    api = service.api()
    running = asyncio.create_task(api.query(QueryRequest(sql=ENDLESS, query_id="long")))
    while True:
        await asyncio.sleep(0.02)
        try:
            if (await api.query_status("long")).state is QueryState.RUNNING:
                break
        except PlatformError:
            continue
    problem(await service.sql("SELECT 1", query_id="long"), 409, "conflict")
    assert (await service.http.delete(f"{QUERY}/long")).status_code == 204
    with pytest.raises(Cancelled, match="long"):
        await running
    assert (await api.query_status("long")).state is QueryState.CANCELLED


async def test_leaving_early_frees_the_worker(service: Service):
    request = QueryRequest(sql="SELECT range FROM range(100000000)", format=DataFormat.NDJSON, max_rows=100_000_000)
    for number in range(5):
        async with service.api().query_stream(request.model_copy(update={"query_id": f"q{number}"})) as answer:
            await anext(aiter(answer))
    assert (await service.api().query_status("q0")).state is QueryState.CANCELLED
    assert await service.rows("SELECT 1") == [[1]]


@pytest.mark.parametrize(
    ("sql", "status", "marked"),
    [
        ("SELECT 'ö',\n  nope FROM marked", 422, "nope"),
        ("SELECT id\nFROM marked\nJOIN nowhere USING (id)", 404, "nowhere"),
        ("SELECT id\nFROM elsewhere.things", 404, "elsewhere.things"),
        ("SELECT id FROM marked GRUOP BY id", 422, "BY"),
        ("SELECT 1,\n  CAST('ü' || id AS INTEGER) FROM marked", 422, "CAST('ü' || id AS INTEGER)"),
        ("SELECT id,\n  upper(id, 1) FROM marked", 422, "upper(id, 1)"),
    ],
)
async def test_what_is_wrong_with_a_statement_is_marked(service: Service, sql: str, status: int, marked: str):
    await service.put("marked", "id\n1\n")
    answer = await service.sql(sql)
    assert answer.status_code == status, answer.text
    (error,) = answer.json()["errors"]
    place = error["place"]
    assert sql[place["offset"] : place["offset"] + place["length"]] == error["got"] == marked
    before = sql[: place["offset"]]
    assert (place["line"], place["column"]) == (before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
    assert error["where"] == f"sql, line {place['line']}, column {place['column']}"
