"""What an upload would make, and choosing what becomes of its columns, on both databases."""

import gzip
import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.services.data.conftest import CSV, DATASETS, Service
from tests.services.data.test_parsing import arrow

from datalab.contracts.identity import Role
from datalab.kernel.database.url import DatabaseUrl

pytestmark = pytest.mark.asyncio(loop_scope="module")
NDJSON = {"Content-Type": "application/x-ndjson"}


@pytest.fixture
def location(database_url: DatabaseUrl) -> DatabaseUrl:
    return database_url


async def preview(service: Service, content: bytes | str, query: str = "", **headers: str) -> dict[str, Any]:
    answer = await service.put("new", content, f"?dry_run=true{query}", **headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def types(seen: dict[str, Any]) -> dict[str, str]:
    return {column["name"]: column["type"] for column in seen["columns"]}


def problems(seen: dict[str, Any]) -> list[dict[str, Any]]:
    """As a refused upload tells them: without what isn't there."""
    return [{key: value for key, value in one.items() if value is not None} for one in seen["problems"]]


def chosen(*columns: dict[str, str]) -> str:
    return f"columns={json.dumps(columns)}"


async def test_a_preview_tells_columns_rows_and_why_a_column_is_text(service: Service):
    rows = "".join(f"{n},{n / 2},2026-01-0{n}\n" for n in range(1, 10))
    seen = await preview(service, f"id,half,day\n{rows}x,?,\n")
    assert (seen["format"], seen["mode"], seen["exists"], seen["rows_read"]) == ("csv", "create", None, 10)
    assert types(seen) == {"id": "VARCHAR", "half": "VARCHAR", "day": "DATE"}
    assert seen["columns"][0] == {
        "source": "id",
        "name": "id",
        "type": "VARCHAR",
        "reason": "values",
        "nulls": 0,
        "nearly": {"type": "BIGINT", "misfits": 1, "row": 10, "got": "x"},
    }
    assert seen["columns"][1]["nearly"] == {"type": "DOUBLE", "misfits": 1, "row": 10, "got": "?"}
    assert (seen["columns"][2]["nulls"], seen["columns"][2]["nearly"]) == (1, None)
    assert seen["rows"][0] == ["1", "0.5", "2026-01-01"]
    assert (seen["problems"], seen["partial"], seen["change"]) == ([], False, None)


async def test_a_preview_stores_nothing(service: Service):
    await preview(service, "id\n1\n")
    assert (await service.http.get(f"{DATASETS}/new")).status_code == 404
    settings = service.dependencies.settings
    assert list(settings.spool_folder.iterdir()) == []
    assert not settings.tables_folder.exists() or list(settings.tables_folder.iterdir()) == []


@pytest.mark.parametrize("cut", [b'3,"c', b'3,"c\n', b"3", b""])
async def test_the_beginning_of_a_file_may_be_cut_anywhere(service: Service, cut: bytes):
    seen = await preview(service, b'id,word\n1,"a\nb"\n2,\n' + cut, "&partial=true")
    assert (types(seen), seen["rows"]) == ({"id": "BIGINT", "word": "VARCHAR"}, [[1, "a\nb"], [2, None]])
    assert (seen["partial"], seen["problems"]) == (True, [])


async def test_the_beginning_of_other_formats_too(service: Service):
    lines = await preview(service, b'{"a": 1}\n{"a": 2}\n{"a', "&partial=true", **NDJSON)
    array = await preview(service, b' [{"a": "]\\"}"}, {"a": "x", "b": [1, {}]}, {"a": [', "&partial=true&format=json")
    table = pa.table({"a": list(range(50_000))})
    stream = arrow(table)
    begun = await preview(service, stream[: len(stream) // 2 + 100], "&partial=true&format=arrow")
    assert (lines["rows"], array["rows"][0][0], array["rows_read"]) == ([[1], [2]], ']"}', 2)
    assert begun["problems"] == []
    assert begun["columns"][0]["reason"] == "file"


async def test_the_beginning_of_a_compressed_file_too(service: Service):
    whole = gzip.compress("".join(["id,word\n", *(f"{n},{n * 7919 % 10_007}\n" for n in range(20_000))]).encode())
    seen = await preview(service, whole[: len(whole) // 2], "&partial=true&format=csv")
    assert (types(seen), seen["problems"]) == ({"id": "BIGINT", "word": "BIGINT"}, [])
    assert 1_000 < seen["rows_read"] < 20_000


async def test_parquet_must_be_whole(service: Service):
    buffer = io.BytesIO()
    pq.write_table(pa.table({"a": [1]}), buffer)
    seen = await preview(service, buffer.getvalue()[:-20], "&partial=true&format=parquet")
    assert "whole file" in seen["problems"][0]["what"]
    assert seen["columns"] == []
    whole = await preview(service, buffer.getvalue(), "&format=parquet")
    assert (whole["rows"], whole["columns"][0]["reason"]) == ([[1]], "file")


async def test_what_can_not_be_read_is_a_problem_with_its_place(service: Service):
    seen = await preview(service, "a,b\n1,2\n3\n")
    assert problems(seen) == [{"where": "line 3", "what": "has 1 values where the header has 2"}]


async def test_what_a_mode_would_do_to_a_dataset(service: Service):
    await service.put("new", "id,n,word\n1,1,a\n")
    create = await preview(service, "id\n2\n")
    assert (create["exists"], create["problems"][0]["where"]) == (0, "mode")
    append = await preview(service, "id,extra\n2,1\nx,1\n", "&mode=append")
    assert append["missing"] == ["n", "word"]
    assert append["change"] == {"added": [], "removed": [], "retyped": []}
    told = {problem["where"]: problem for problem in problems(append)}
    assert told["column extra"]["what"] == "is no column of the dataset"
    assert told["row 2, column id"] == {"where": "row 2, column id", "what": "does not fit BIGINT", "got": "x"}
    assert append["rows"] == [[2], [None]]
    replace = await preview(service, "id,n,more\n1.5,x,1\n", "&mode=replace")
    assert replace["problems"] == []
    assert replace["change"]["added"] == [{"name": "more", "type": "BIGINT"}]
    assert replace["change"]["removed"] == [{"name": "word", "type": "VARCHAR"}]
    assert replace["change"]["retyped"] == [
        {"name": "id", "before": "BIGINT", "after": "DOUBLE", "widened": False},
        {"name": "n", "before": "BIGINT", "after": "VARCHAR", "widened": True},
    ]
    upsert = await preview(service, "n\n1\n", "&mode=upsert&key=id")
    assert problems(upsert) == [{"where": "key", "what": "the upload has no such column", "got": "id"}]


async def test_columns_are_chosen_renamed_and_typed(service: Service):
    query = "?" + chosen(
        {"source": "Zip Code", "name": "zip", "type": "text"},
        {"source": "N", "type": "decimal(9, 2)"},
        {"source": "maybe", "type": "BIGINT"},
        {"source": "other"},
    )
    content = "maybe,Zip Code,N,other,not this\nNA,00501,1.5,2026-01-01,x\n7,10001,2,2026-01-02,y\n"
    made = await service.put("mapped", content, query)
    assert made.status_code == 201, made.text
    assert types(made.json()) == {"zip": "VARCHAR", "N": "DECIMAL(9,2)", "maybe": "BIGINT", "other": "DATE"}
    assert await service.rows("SELECT * FROM mapped ORDER BY zip") == [
        ["00501", "1.50", None, "2026-01-01"],
        ["10001", "2.00", 7, "2026-01-02"],
    ]
    seen = await preview(service, content, query.replace("?", "&"))
    assert types(seen) == types(made.json())
    assert [column["reason"] for column in seen["columns"]] == ["chosen", "chosen", "chosen", "values"]


async def test_columns_of_json_are_chosen_as_they_are_spelled(service: Service):
    query = "?" + chosen({"source": "at", "type": "VARCHAR"}, {"source": "n", "name": "m", "type": "DOUBLE"})
    content = '{"at": "2026-01-01T00:00:00Z", "n": 1}\n{"at": "2026-01-02T00:00:00Z", "n": 2}\n'
    made = await service.put("mapped", content, query, **NDJSON)
    assert made.status_code == 201, made.text
    assert (await service.rows("SELECT * FROM mapped"))[0] == ["2026-01-01T00:00:00Z", 1.0]


async def test_a_preview_of_nothing_that_the_dataset_has_says_so(service: Service):
    assert (await service.put("new", "id,word\n1,x\n")).status_code == 201
    seen = await preview(service, "city,people\nOslo,700000\n", "&mode=append")
    assert (seen["columns"], seen["missing"]) == ([], ["id", "word"])
    assert [problem["where"] for problem in problems(seen)] == ["column city", "column people"]


async def test_choices_append_under_the_datasets_names(service: Service):
    await service.put("mapped", "id,word\n1,a\n")
    query = "?mode=append&" + chosen({"source": "Number", "name": "id"}, {"source": "Text", "name": "word"})
    appended = await service.put("mapped", "Number,Text,x\n2,007,\n", query)
    assert appended.json()["rows"] == 2, appended.text
    assert await service.rows("SELECT * FROM mapped ORDER BY id") == [[1, "a"], [2, "007"]]


async def test_choices_come_in_a_form_too(service: Service):
    form = {"columns": json.dumps([{"source": "b", "name": "only"}])}
    files = {"file": ("x.csv", "a,b\n1,2\n", "text/csv")}
    made = await service.http.put(f"{DATASETS}/mapped", data=form, files=files)
    assert (made.status_code, types(made.json())) == (201, {"only": "BIGINT"})


async def test_choices_behind_the_file_are_not_passed_over(service: Service):
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\na\n1\n\r\n'
        b'--x\r\nContent-Disposition: form-data; name="columns"\r\n\r\n[]\r\n--x--\r\n'
    )
    late = await service.put("mapped", body, **{"Content-Type": "multipart/form-data; boundary=x"})
    assert (late.status_code, late.json()["detail"]) == (400, "body: the field columns must come before the file")
    assert (await service.http.get(f"{DATASETS}/mapped")).status_code == 404


@pytest.mark.parametrize(
    ("kind", "content", "where", "got"),
    [
        ("BIGINT", "a\n1\nx\n", "row 2, column a", "x"),
        ("BIGINT", "a\n1\n1.5\n", "row 2, column a", "1.5"),
        ("BIGINT", "a\nNA\n1.5\nx\n", "row 2, column a", "1.5"),
        ("DATE", "a\n2026-01-01\n31/12/2026\n", "row 2, column a", "31/12/2026"),
        ("DATE", "a\n2026-01-01 10:00:00\n", "row 1, column a", "2026-01-01 10:00:00"),
        ("BOOLEAN", "a\n1\n2\n", "row 2, column a", "2"),
    ],
)
async def test_a_value_that_does_not_fit_its_chosen_type_is_named(
    service: Service, kind: str, content: str, where: str, got: str
):
    query = chosen({"source": "a", "name": "b", "type": kind})
    refused = await service.put("mapped", content, f"?{query}")
    assert refused.status_code == 422
    told = {"where": where, "what": f"does not fit {kind}", "got": got}
    assert refused.json()["errors"] == [told]
    assert problems(await preview(service, content, f"&{query}")) == [told]


@pytest.mark.parametrize(
    ("columns", "where", "words"),
    [
        ("{", "columns", "is no JSON"),
        ("[]", "columns", "at least one"),
        ('[{"name": "x"}]', "columns[0].source", "field required"),
        ('[{"source": "a", "typ": "DATE"}]', "columns[0].typ", "extra"),
        ('[{"source": "a", "type": "FANCY"}]', "columns[0].type", "'FANCY' is no type for column 'a'"),
        ('[{"source": "a", "type": "DECIMAL(39,2)"}]', "columns[0].type", "no type"),
        ('[{"source": "a", "name": "x"}, {"source": "b", "name": "X"}]', "columns[1].name", "columns[0].name"),
        ('[{"source": "a"}, {"source": "A", "name": "x"}]', "columns[1].source", "already"),
        ('[{"source": "a", "name": " "}]', "columns[0].name", "empty"),
        ('[{"source": "a"}, {"source": "zz"}]', "columns[1].source", "has no column 'zz'; it has a, b"),
    ],
)
async def test_choices_that_can_not_be_name_the_column(service: Service, columns: str, where: str, words: str):
    refused = await service.http.put(
        f"{DATASETS}/mapped", params={"columns": columns}, content="a,b\n1,2\n", headers=CSV
    )
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["where"] == where
    assert words in refused.json()["detail"]


async def test_previewing_needs_the_right_to_write(service: Service):
    refused = await service.http.put(
        f"{DATASETS}/new?dry_run=true", content="a\n1\n", headers=service.headers(Role.VIEWER) | CSV
    )
    assert refused.status_code == 403
    lone = await service.put("new", "a\n1\n", "?partial=true")
    assert (lone.status_code, lone.json()["detail"]) == (
        422,
        "partial: only with dry_run=true; an upload must be whole",
    )
