"""Pages of rows over HTTP."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pyarrow.parquet as pq
import pytest
from pyarrow import ipc
from tests.services.data.conftest import DATASETS, Service
from tests.services.data.test_upload import problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

PEOPLE = "id,name,age,born\n1,ada,36,1815-12-10\n2,bob,,1990-01-01\n3,eve,21,2004-02-29\n4,NA,50,\n"
ROWS = f"{DATASETS}/people/rows"


async def ids(service: Service, query: str) -> list[int]:
    answer = await service.http.get(f"{ROWS}?{query}")
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()]


async def test_filters_orders_selections_and_pages(service: Service):
    await service.put("people", PEOPLE)
    expected: dict[str, list[int]] = {
        "age=gte.21&order=age": [3, 1, 4],
        "age=is.null": [2],
        "age=not.is.null&order=id.desc": [4, 3, 1],
        "name=like.*a*&order=id": [1],
        "name=ilike.*A*&order=id": [1, 4],
        "name=eq.NA": [4],
        "id=in.(1,3)&order=id": [1, 3],
        "born=lt.1990-01-01": [1],
        "or=(age.lt.30,name.eq.bob)&order=id": [2, 3],
        "age=gt.30&age=lt.40": [1],
        "not.and=(id.gte.2,id.lte.3)&order=id": [1, 4],
        "order=age.desc.nullslast": [4, 1, 3, 2],
        "order=age.nullsfirst,id": [2, 3, 1, 4],
        "limit=2&offset=1&order=id": [2, 3],
        "id=eq.1.5": [],
        "name=eq.x' OR '1'='1": [],
    }
    found = {query: await ids(service, query) for query in expected}
    assert found == expected
    selected = await service.http.get(f"{ROWS}?select=name,years:age&id=eq.1")
    assert selected.json() == [{"name": "ada", "years": 36}]


async def test_wrong_questions_are_named(service: Service):
    await service.put("people", PEOPLE)
    for query, words in {
        "height=gt.1": "height",
        "age=approximately.1": "approximately",
        "age=gt.old": "old",
        "limit=10001": "limit",
        "limit=0": "limit",
        "limit=many": "limit",
        "offset=-1": "offset",
        "select=height": "height",
        "order=height": "height",
        "cursor=nonsense": "cursor",
        "at=yesterday": "at",
        "at=2020-01-01T00:00:00": "at",
        "format=xml": "format",
        "version=0&at=2020-01-01T00:00:00Z": "version",
    }.items():
        answer = await service.http.get(f"{ROWS}?{query}")
        assert words in problem(answer, 422, "invalid_input")["detail"], query
    problem(await service.http.get(f"{DATASETS}/nobody/rows"), 404, "dataset_not_found")
    assert "99" in problem(await service.http.get(f"{ROWS}?version=99"), 404, "version_not_found")["detail"]
    early = await service.http.get(f"{ROWS}?at=2020-01-01T00:00:00Z")
    problem(early, 404, "version_not_found")
    problem(await service.http.get(ROWS, headers={"Accept": "image/png"}), 406, "not_acceptable")
    problem(await service.http.get(f"{ROWS}.xlsx"), 422, "invalid_input")


async def test_the_next_page_comes_from_the_same_version(service: Service):
    await service.put("people", PEOPLE)
    first = await service.http.get(f"{ROWS}?limit=3&order=id&id=gte.1")
    await service.put("people", "id,name,age,born\n9,z,1,\n", "?mode=replace")
    assert [row["id"] for row in first.json()] == [1, 2, 3]
    second = await service.http.get(first.links["next"]["url"])
    assert [row["id"] for row in second.json()] == [4]
    assert "next" not in second.links


async def test_past_states_by_version_and_by_moment(service: Service):
    await service.put("people", "id\n1\n")
    between = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    await service.put("people", "name\nx\n", "?mode=replace")
    assert await ids(service, "version=0&id=eq.1") == [1]
    assert await ids(service, f"at={between}") == [1]
    assert (await service.http.get(ROWS)).json() == [{"name": "x"}]


async def test_restoring_makes_a_past_version_the_newest(service: Service):
    await service.put("people", "id\n1\n")
    await service.put("people", "name\nx\n", "?mode=replace")
    restored = await service.http.post(f"{DATASETS}/people/restore", json={"version": 0})
    assert (restored.status_code, restored.json()["version"], restored.json()["rows"]) == (200, 2, 1)
    assert restored.json()["columns"] == [{"name": "id", "type": "BIGINT"}]
    assert await ids(service, "") == [1]
    assert (await service.http.get(f"{ROWS}?version=1")).json() == [{"name": "x"}]
    appended = await service.put("people", "id\n2\n", "?mode=append")
    assert (appended.json()["version"], appended.json()["rows"]) == (3, 2)
    again = await service.http.post(f"{DATASETS}/people/restore?version=3")
    assert again.json()["version"] == 3
    problem(await service.http.post(f"{DATASETS}/people/restore", json={"version": 9}), 404, "version_not_found")
    problem(await service.http.post(f"{DATASETS}/people/restore"), 422, "invalid_input")
    problem(await service.http.post(f"{DATASETS}/people/restore", json={"version": 10**24}), 422, "invalid_input")
    versions = (await service.http.get(f"{DATASETS}/people/versions?limit=2")).json()
    assert [one["operation"] for one in versions["items"]] == ["append", "restore"]
    rest = (await service.http.get(f"{DATASETS}/people/versions?cursor={versions['next_cursor']}")).json()
    assert [one["version"] for one in rest["items"]] == [1, 0]


async def test_formats_by_suffix_by_header_and_by_parameter(service: Service):
    await service.put("people", PEOPLE)
    query = "select=id,name&order=id&limit=2"
    text: Any = (await service.http.get(f"{ROWS}.csv?{query}")).text
    assert list(csv.reader(io.StringIO(text))) == [["id", "name"], ["1", "ada"], ["2", "bob"]]
    arrow = await service.http.get(f"{ROWS}?{query}", headers={"Accept": "application/vnd.apache.arrow.stream"})
    assert ipc.open_stream(arrow.content).read_all().to_pydict() == {"id": [1, 2], "name": ["ada", "bob"]}
    parquet = await service.http.get(f"{ROWS}?{query}&format=parquet")
    assert pq.read_table(io.BytesIO(parquet.content)).num_rows == 2
    lines = await service.http.get(f"{ROWS}.ndjson?{query}")
    assert lines.text == '{"id":1,"name":"ada"}\n{"id":2,"name":"bob"}\n'
    assert lines.headers["content-type"].startswith("application/x-ndjson")


async def test_odd_column_names_can_be_asked_for(service: Service):
    await service.put("odd", 'a b,limit,"x.y"\n1,2,3\n')
    answer = await service.http.get(f"{DATASETS}/odd/rows", params={"a b": "eq.1", "and": "(limit.eq.2)"})
    assert answer.json() == [{"a b": 1, "limit": 2, "x.y": 3}]
    dotted = await service.http.get(f"{DATASETS}/odd/rows", params={"or": '("x.y".eq.3)', "order": "x.y.desc"})
    assert len(dotted.json()) == 1


async def test_an_empty_dataset_has_no_rows(service: Service):
    await service.put("empty", "a,b\n")
    assert (await service.http.get(f"{DATASETS}/empty/rows")).json() == []
    assert await service.rows("SELECT count(*) FROM empty") == [[0]]
