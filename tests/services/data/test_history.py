"""What made each version, and how two versions differ, on both databases."""

from typing import Any

import pytest
import sqlalchemy as sa
from tests.services.data.conftest import DATASETS, Service

from datalab.kernel.database.url import DatabaseUrl
from datalab.services.data.migrations.data_0003_row_counts import COUNTED

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def location(database_url: DatabaseUrl) -> DatabaseUrl:
    return database_url


async def publish(service: Service, *uploads: tuple[str, str]) -> None:
    for query, content in uploads:
        made = await service.put("things", content, query)
        assert made.status_code in {200, 201}, made.text


async def diff(service: Service, query: str = "") -> dict[str, Any]:
    answer = await service.http.get(f"{DATASETS}/things/diff{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def versions(service: Service, query: str = "") -> list[dict[str, Any]]:
    return (await service.http.get(f"{DATASETS}/things/versions{query}")).json()["items"]


async def test_each_version_says_what_made_it(service: Service):
    await publish(
        service,
        ("", "id,word\n1,a\n2,b\n"),
        ("?mode=append", "id,word\n3,c\n"),
        ("?mode=upsert&key=id", "id,word\n3,C\n4,d\n"),
        ("?mode=replace", "id,size\n1.5,9\n"),
    )
    await service.http.post(f"{DATASETS}/things/restore", json={"version": 1})
    found = await versions(service)
    assert [(one["operation"], one["mode"], one["rows_added"], one["rows_removed"], one["rows"]) for one in found] == [
        ("restore", None, 3, 1, 3),
        ("replace", "replace", 1, 4, 1),
        ("upsert", "upsert", 2, 1, 4),
        ("append", "append", 1, 0, 3),
        ("create", "create", 2, 0, 2),
    ]
    assert [one["created_by"] for one in found] == ["ada"] * 5
    assert found[1]["change"] == {
        "added": [{"name": "size", "type": "BIGINT"}],
        "removed": [{"name": "word", "type": "VARCHAR"}],
        "retyped": [{"name": "id", "before": "BIGINT", "after": "DOUBLE", "widened": False}],
    }
    assert found[3]["change"] == {"added": [], "removed": [], "retyped": []}
    assert found[4]["change"] is None
    assert (await versions(service, "?limit=1"))[0]["change"] == found[0]["change"]


async def test_versions_from_before_are_counted_by_their_files(service: Service):
    await publish(service, ("", "id\n1\n2\n"), ("?mode=append", "id\n3\n"), ("?mode=replace", "id\n1\n"))
    told = await versions(service)
    async with service.dependencies.database.write() as connection:
        await connection.execute(sa.text("UPDATE dataset_versions SET rows_added = NULL, rows_removed = NULL"))
        await connection.execute(sa.text(COUNTED))
    assert await versions(service) == told


async def test_rows_are_compared_whole(service: Service):
    await publish(service, ("", "id,word\n1,a\n2,b\n2,b\n3,\n"), ("?mode=replace", "id,word\n1,a\n2,b\n3,c\n4,d\n"))
    found = await diff(service)
    assert (found["from_version"], found["to_version"], found["rows_before"], found["rows_after"]) == (0, 1, 4, 4)
    assert (found["added"], found["removed"], found["changed"]) == (2, 2, 0)
    assert found["added_rows"] == [[3, "c"], [4, "d"]]
    assert found["removed_rows"] == [[2, "b"], [3, None]]
    back = await diff(service, "?from=1&to=0")
    assert (back["added_rows"], back["removed_rows"]) == (found["removed_rows"], found["added_rows"])
    assert (await diff(service, "?from=1&to=1"))["added"] == 0


async def test_with_a_key_changed_rows_say_which_columns(service: Service):
    await publish(
        service,
        ("", "id,word,n\n1,a,1\n2,b,2\n3,c,3\n"),
        ("?mode=upsert&key=id", "id,word,n\n2,B,2\n3,C,\n4,d,4\n"),
        ("?mode=replace", "id,word,n\n2,B,2\n3,C,\n4,d,4\n"),
    )
    found = await diff(service, "?from=0&to=2&key=ID")
    assert (found["key"], found["added"], found["removed"], found["changed"]) == (["id"], 1, 1, 2)
    assert (found["added_rows"], found["removed_rows"]) == ([[4, "d", 4]], [[1, "a", 1]])
    assert found["changed_rows"] == [
        {"columns": ["word"], "before": [2, "b", 2], "after": [2, "B", 2]},
        {"columns": ["word", "n"], "before": [3, "c", 3], "after": [3, "C", None]},
    ]
    assert found["changed_columns"] == [{"name": "word", "rows": 2}, {"name": "n", "rows": 1}]
    assert len((await diff(service, "?from=0&to=2&key=id&limit=1"))["changed_rows"]) == 1


async def test_an_append_adds_only_its_own_rows(service: Service):
    await publish(service, ("", "id\n1\n1\n"), ("?mode=append", "id\n1\n"))
    assert ((await diff(service))["added"], (await diff(service))["removed_rows"]) == (1, [])
    keyed = await diff(service, "?key=id")
    assert (keyed["added"], keyed["changed"]) == (1, 0)


async def test_columns_that_one_version_lacks_are_told_and_not_compared(service: Service):
    await publish(service, ("", "id,word,n\n1,a,1\n2,b,2\n"), ("?mode=replace", "id,n,more\n1,1.0,x\n2,2.5,y\n"))
    found = await diff(service, "?key=id")
    assert found["columns"] == [{"name": "id", "type": "BIGINT"}, {"name": "n", "type": "DOUBLE"}]
    assert [column["name"] for column in found["change"]["added"]] == ["more"]
    assert [(row["before"], row["after"]) for row in found["changed_rows"]] == [([2, 2.0], [2, 2.5])]
    await publish(service, ("?mode=replace", "other\n1\n"))
    strangers = await diff(service)
    assert (strangers["columns"], strangers["added"], strangers["removed"]) == ([], 1, 2)


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("?key=nope", 422, "key: 'nope' is no column of both versions, which have id, word"),
        ("?key=word", 422, "is the same in several rows of the later version"),
        ("?from=7", 404, "has no version 7"),
        ("?to=0", 422, "from: there is no version before the first"),
        ("?since=0", 422, "since"),
    ],
)
async def test_what_can_not_be_compared_says_why(service: Service, query: str, status: int, words: str):
    await publish(service, ("", "id,word\n1,a\n"), ("?mode=replace", "id,word\n1,b\n2,b\n"))
    refused = await service.http.get(f"{DATASETS}/things/diff{query}")
    assert refused.status_code == status
    assert words in refused.json()["detail"]


async def test_nested_values_are_compared_too(service: Service):
    ndjson = {"Content-Type": "application/x-ndjson"}
    before = '{"id": 1, "tags": ["a"], "inner": {"x": 1}}\n{"id": 2, "tags": [], "inner": null}\n'
    await service.put("things", before, **ndjson)
    await service.put("things", before.replace('"x": 1', '"x": 2'), "?mode=replace", **ndjson)
    found = await diff(service)
    assert (found["removed_rows"], found["added_rows"]) == ([[1, ["a"], {"x": 1}]], [[1, ["a"], {"x": 2}]])
    assert (await diff(service, "?key=id"))["changed_columns"] == [{"name": "inner", "rows": 1}]
