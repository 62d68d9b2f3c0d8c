"""Filters over whatever a statement reads, and what it says it read."""

import pytest
from tests.services.data.conftest import Service
from tests.services.data.test_upload import problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

PEOPLE = "id,town,born\n1,Oslo,1990-01-01\n2,Oslo,1985-05-05\n3,Rome,2000-12-31\n"
TOWNS = "town,country\nOslo,Norway\nRome,Italy\n"


async def test_all_rows_are_narrowed_before_they_are_put_together(service: Service):
    await service.put("people", PEOPLE)
    sql = "SELECT town, count(*) AS n FROM main.people GROUP BY town"
    answer = (await service.sql(sql, where=[["town", "eq.Oslo"]])).json()
    assert answer["rows"] == [["Oslo", 2]]
    assert answer["datasets"] == [{"name": "people", "version": 0, "narrowed_by": ["town"]}]
    both = await service.sql(sql, where=[["born", "gte.1990-01-01"], ["TOWN", "in.(Oslo,Rome)"]])
    assert sorted(both.json()["rows"]) == [["Oslo", 1], ["Rome", 1]]


async def test_each_dataset_is_narrowed_by_the_columns_that_it_has(service: Service):
    await service.put("people", PEOPLE)
    await service.put("towns", TOWNS)
    sql = "SELECT id, country FROM people JOIN towns USING (town) ORDER BY id"
    answer = (await service.sql(sql, where=[["country", "eq.Italy"], ["shoe", "eq.42"]])).json()
    assert answer["rows"] == [[3, "Italy"]]
    assert {one["name"]: one["narrowed_by"] for one in answer["datasets"]} == {"people": [], "towns": ["country"]}


async def test_other_filters_are_other_questions(service: Service):
    await service.put("people", PEOPLE)
    sql = "SELECT count(*) FROM people"
    for where, count in (([], 3), ([["town", "eq.Oslo"]], 2), ([["town", "eq.Rome"]], 1)):
        answer = (await service.sql(sql, where=where)).json()
        assert (answer["cached"], answer["rows"]) == (False, [[count]])
    assert (await service.sql(sql, where=[["town", "eq.Rome"]])).json()["cached"]


async def test_a_value_is_a_value_whatever_it_holds(service: Service):
    await service.put("people", PEOPLE)
    for value in ("Oslo' OR '1'='1", "'); DROP VIEW people; --", "$1", "?", "getvariable('x')"):
        answer = await service.sql("SELECT count(*) FROM people", where=[["town", f"eq.{value}"]])
        assert answer.json()["rows"] == [[0]]


async def test_an_old_version_is_narrowed_by_the_columns_that_it_had(service: Service):
    await service.put("people", "id\n1\n2\n")
    await service.put("people", PEOPLE, "?mode=replace")
    sql = 'SELECT (SELECT count(*) FROM "people@0"), (SELECT count(*) FROM people)'
    answer = (await service.sql(sql, where=[["town", "eq.Rome"]])).json()
    assert answer["rows"] == [[2, 1]]
    assert sorted((one["version"], one["narrowed_by"]) for one in answer["datasets"]) == [(0, []), (1, ["town"])]


async def test_a_filter_that_cannot_be_says_where_and_what_would_be_right(service: Service):
    await service.put("people", PEOPLE)
    ask = "SELECT * FROM people"
    wrong = problem(await service.sql(ask, where=[["id", "eq.many"]]), 422, "invalid_input")
    assert wrong["errors"][0]["what"] == "'many' is no BIGINT, the type of id"
    problem(await service.sql(ask, where=[["id", "is"]]), 422, "invalid_input")
    problem(await service.sql(ask, where=[["or", "(id.eq.1,id.eq.2)"]]), 422, "invalid_input")


async def test_an_answer_says_which_versions_it_was_read_from(service: Service):
    await service.put("people", PEOPLE)
    await service.put("people", "id,town,born\n4,Bern,1970-01-01\n", "?mode=append")
    await service.put("towns", TOWNS)
    answer = await service.sql("SELECT id FROM people WHERE 'towns' <> ''")
    assert answer.headers["x-datasets"] == "people@1"
    file = await service.sql("SELECT id, country FROM people JOIN towns USING (town)", format="csv")
    assert file.headers["x-datasets"] == "people@1, towns@0"
    assert "x-datasets" not in (await service.sql("SELECT 1")).headers
    page = await service.http.get("/api/v1/data/datasets/people/rows.csv?version=0")
    assert page.headers["x-datasets"] == "people@0"
