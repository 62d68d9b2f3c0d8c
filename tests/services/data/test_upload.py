"""Uploads over HTTP, on both databases."""

import asyncio
import gzip
import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable
from tests.services.data.conftest import CSV, DATASETS, Service
from tests.services.data.test_parsing import arrow

from datalab.contracts.data import Upload, UploadMode
from datalab.contracts.errors import PlatformError
from datalab.contracts.identity import Role
from datalab.kernel.database.url import DatabaseUrl
from datalab.services.data.model.ingest import Ingested, IngestRequest
from datalab.services.data.ports import OnProgress

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def location(database_url: DatabaseUrl) -> DatabaseUrl:
    return database_url


async def chunks(*pieces: bytes):
    for piece in pieces:
        yield piece


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert answer.json()["code"] == code
    return answer.json()


async def test_create_append_replace_and_upsert(service: Service):
    created = await service.put("people", "id,name\n1,ada\n2,bob\n", description="x")
    assert created.status_code == 201
    assert created.headers["location"] == f"{DATASETS}/people"
    appended = await service.put("people", "id,name\n3,eve\n", "?mode=append")
    assert (appended.status_code, appended.json()["version"], appended.json()["rows"]) == (200, 1, 3)
    upserted = await service.put("people", "id,name\n3,Eve\n4,joe\n", "?mode=upsert&key=id")
    assert (upserted.json()["version"], upserted.json()["rows"]) == (2, 4)
    assert await service.rows("SELECT * FROM people ORDER BY id") == [[1, "ada"], [2, "bob"], [3, "Eve"], [4, "joe"]]
    replaced = await service.put("people", "x\n1.5\n", "?mode=replace")
    assert replaced.json()["columns"] == [{"name": "x", "type": "DOUBLE"}]
    assert await service.rows("SELECT * FROM people") == [[1.5]]

    table = DeltaTable(str(service.dependencies.settings.tables_folder / created.json()["id"]))
    assert table.version() == 3
    assert table.to_pyarrow_table().to_pylist() == [{"x": 1.5}]
    versions = (await service.http.get(f"{DATASETS}/people/versions")).json()["items"]
    assert [(one["version"], one["operation"], one["rows"]) for one in versions] == [
        (3, "replace", 1),
        (2, "upsert", 4),
        (1, "append", 3),
        (0, "create", 2),
    ]
    assert {one["created_by"] for one in versions} == {"ada"}


async def test_modes_that_do_not_fit_what_is_there(service: Service):
    await service.put("people", "id\n1\n")
    hint = problem(await service.put("people", "id\n1\n"), 409, "dataset_exists")
    assert "mode=" in hint["detail"]
    problem(await service.put("people", "id\n1\n", "?mode=upsert"), 422, "invalid_input")
    problem(await service.put("people", "id\n1\n", "?mode=append&key=id"), 422, "invalid_input")
    problem(await service.put("people", "id\n1\n", "?mode=sideways"), 422, "invalid_input")
    problem(await service.put("people", "id\n1\n", "?made=append"), 422, "invalid_input")


async def test_what_is_not_there_is_created_by_every_mode(service: Service):
    for number, query in enumerate(("?mode=append", "?mode=replace", "?mode=upsert&key=id")):
        created = await service.put(f"fresh{number}", "id\n1\n2\n", query)
        assert (created.status_code, created.json()["version"], created.json()["rows"]) == (201, 0, 2)


async def test_names_differ_in_more_than_case(service: Service):
    await service.put("People", "id\n1\n")
    problem(await service.put("people", "id\n1\n"), 409, "dataset_exists")
    assert (await service.http.get(f"{DATASETS}/PEOPLE")).json()["name"] == "People"
    assert await service.rows("SELECT * FROM pEoPlE") == [[1]]


async def test_names_that_no_dataset_may_have(service: Service):
    for name in ("1st", "a-b", "a.b.c", "a..b", "x" * 64, "ü", "pg_x", "sqlite_master", "temp.x", "a%20b", "%27"):
        problem(await service.put(name, "id\n1\n"), 422, "invalid_input")


async def test_an_unreadable_upload_leaves_nothing(service: Service):
    refused = await service.put("bad", "a,b\n1,x\n2\n")
    errors = problem(refused, 422, "unreadable_data")["errors"]
    assert errors[0]["where"] == "line 3"
    problem(await service.http.get(f"{DATASETS}/bad"), 404, "dataset_not_found")
    assert list(service.dependencies.settings.tables_folder.glob("*")) == []
    assert list(service.dependencies.settings.spool_folder.glob("*")) == []


async def test_formats_are_recognised(service: Service):
    sink = io.BytesIO()
    table = pa.table({"a": [1], "b": ["x"]})
    pq.write_table(table, sink)
    uploads = {
        "by_type": (b'{"a": 1, "b": "x"}\n', "application/x-ndjson", ""),
        "by_parameter": (b"a\tb\n1\tx\n", "text/plain", "?format=tsv"),
        "by_bytes": (sink.getvalue(), "application/octet-stream", ""),
        "json_bytes": (b'[{"a": 1, "b": "x"}]', "application/octet-stream", ""),
        "stream": (arrow(table), "application/octet-stream", ""),
        "packed": (gzip.compress(b"a,b\n1,x\n"), "text/csv", ""),
    }
    for name, (content, media_type, query) in uploads.items():
        answer = await service.put(name, content, query, **{"Content-Type": media_type})
        assert answer.status_code == 201, (name, answer.text)
        assert await service.rows(f"SELECT * FROM {name}") == [[1, "x"]]


async def test_a_form_is_an_upload_too(service: Service):
    parts = {"note": (None, b"ignored"), "file": ("data.csv.gz", gzip.compress(b"a\n1\n"), "application/gzip")}
    answer = await service.http.put(f"{DATASETS}/form", files=parts)
    assert answer.status_code == 201, answer.text
    assert await service.rows("SELECT * FROM form") == [[1]]
    problem(await service.http.put(f"{DATASETS}/none", files={"note": (None, b"x")}), 400, "malformed_input")
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    problem(await service.put("none", b"garbage", **headers), 400, "malformed_input")
    problem(await service.put("none", b"x", **{"Content-Type": "multipart/form-data"}), 400, "malformed_input")


async def test_formats_that_are_not_read_here(service: Service):
    problem(await service.put("x", b"x", **{"Content-Type": "video/mp4"}), 415, "unsupported_format")
    problem(await service.put("x", b"x", **CSV, **{"Content-Encoding": "br"}), 415, "unsupported_format")


async def test_a_publication_is_published_once(service: Service):
    api = service.api()
    upload = Upload(publication="job-1")
    first = await api.upload("people", upload, chunks(b"id\n1\n"))
    again = await api.upload("people", upload, chunks(b"id\n1\n"))
    assert (first.version, again.version, again.rows) == (0, 0, 1)
    more = Upload(mode=UploadMode.APPEND, publication="job-2")
    for _ in range(2):
        assert (await api.upload("people", more, chunks(b"id\n", b"2\n"))).rows == 2
    by_header = {**CSV, "Idempotency-Key": "key-1"}
    answers = [await service.put("people", "id\n3\n", "?mode=append", **by_header) for _ in range(2)]
    assert [answer.json()["version"] for answer in answers] == [2, 2]


async def test_one_of_many_creators_wins(service: Service):
    answers = await asyncio.gather(*(service.put("race", f"n\n{n}\n") for n in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    winner = next(n for n, answer in enumerate(answers) if answer.status_code == 201)
    assert await service.rows("SELECT n FROM race") == [[winner]]
    assert len(list(service.dependencies.settings.tables_folder.iterdir())) == 1


async def test_no_append_is_lost_among_many(service: Service):
    await service.put("log", "n\n0\n")
    answers = await asyncio.gather(*(service.put("log", f"n\n{n}\n", "?mode=append") for n in range(1, 9)))
    assert {answer.status_code for answer in answers} == {200}
    assert await service.rows("SELECT n FROM log ORDER BY n") == [[n] for n in range(9)]
    assert (await service.http.get(f"{DATASETS}/log")).json()["version"] == 8


async def test_rows_are_added_to_what_became_of_the_dataset_meanwhile(
    service: Service, monkeypatch: pytest.MonkeyPatch
):
    made = (await service.put("log", "n\n1\n")).json()
    ingest = service.api()._parts.ingest
    parse, parsed = ingest.parse, list[IngestRequest]()

    async def with_others_after_it(request: IngestRequest, on_progress: OnProgress | None = None) -> Ingested:
        parsed.append(request)
        ingested = await parse(request, on_progress)
        if len(parsed) == 1:
            assert (await service.put("log", "n\nold\n", "?mode=replace")).status_code == 200
        return ingested

    monkeypatch.setattr(ingest, "parse", with_others_after_it)
    added = await service.put("log", "n\n2\n", "?mode=append")
    assert (added.status_code, added.json()["rows"], len(parsed)) == (200, 2, 3)
    assert await service.rows("SELECT n FROM log ORDER BY n") == [["2"], ["old"]]
    folder = service.dependencies.settings.tables_folder / made["id"]
    assert len(list(folder.glob("part-*"))) == 3


async def test_a_change_of_another_state_is_refused(service: Service):
    etag = (await service.put("people", "id\n1\n")).headers["etag"]
    assert (await service.http.get(f"{DATASETS}/people", headers={"If-None-Match": etag})).status_code == 304
    changed = await service.put("people", "id\n2\n", "?mode=append", **CSV, **{"If-Match": etag})
    assert changed.status_code == 200
    stale = {"If-Match": etag}
    problem(await service.put("people", "id\n3\n", "?mode=append", **CSV, **stale), 412, "precondition_failed")
    body = {"description": "x"}
    problem(await service.http.patch(f"{DATASETS}/people", json=body, headers=stale), 412, "precondition_failed")
    problem(await service.http.delete(f"{DATASETS}/people", headers=stale), 412, "precondition_failed")
    fresh = {"If-Match": changed.headers["etag"]}
    assert (await service.http.patch(f"{DATASETS}/people", json=body, headers=fresh)).json()["description"] == "x"


async def test_a_deleted_name_is_free_at_once(service: Service):
    first = (await service.put("people", "id\n1\n")).json()
    assert (await service.http.delete(f"{DATASETS}/people")).status_code == 204
    problem(await service.http.get(f"{DATASETS}/people"), 404, "dataset_not_found")
    problem(await service.http.delete(f"{DATASETS}/people"), 404, "dataset_not_found")
    problem(await service.sql("SELECT * FROM people"), 404, "dataset_not_found")
    second = (await service.put("people", "id\n2\n")).json()
    assert (second["version"], second["id"] != first["id"]) == (0, True)
    assert await service.rows("SELECT * FROM people") == [[2]]


async def test_datasets_are_listed_by_name_and_paged(service: Service):
    for name in ("b", "a", "C"):
        await service.put(name, "id\n1\n")
    first = (await service.http.get(f"{DATASETS}?limit=2")).json()
    rest = (await service.http.get(f"{DATASETS}?limit=2&cursor={first['next_cursor']}")).json()
    assert [one["name"] for one in first["items"] + rest["items"]] == ["a", "b", "C"]
    assert rest["next_cursor"] is None
    problem(await service.http.get(f"{DATASETS}?cursor=%00"), 422, "invalid_input")
    problem(await service.http.get(f"{DATASETS}?limit=0"), 422, "invalid_input")


async def test_a_viewer_reads_and_writes_nothing(service: Service):
    await service.put("people", "id\n1\n")
    viewer = service.headers(Role.VIEWER)
    assert (await service.http.get(f"{DATASETS}/people", headers=viewer)).status_code == 200
    problem(await service.http.put(f"{DATASETS}/x", content=b"a\n", headers=viewer), 403, "forbidden")
    problem(await service.http.delete(f"{DATASETS}/people", headers=viewer), 403, "forbidden")
    with pytest.raises(PlatformError, match="role editor"):
        await service.api(Role.VIEWER).upload("x", Upload(), chunks(b"a\n"))


async def test_other_namespaces_are_the_admins(service: Service):
    await service.put("lab.cells", "id\n1\n")
    assert await service.rows("SELECT * FROM lab.cells") == [[1]]
    editor = service.headers(Role.EDITOR)
    for path in (f"{DATASETS}/lab.cells", f"{DATASETS}/lab.cells/rows", f"{DATASETS}/lab.cells/versions"):
        problem(await service.http.get(path, headers=editor), 404, "dataset_not_found")
    asked = await service.http.post("/api/v1/data/query", json={"sql": "SELECT * FROM lab.cells"}, headers=editor)
    problem(asked, 404, "dataset_not_found")
    problem(await service.http.delete(f"{DATASETS}/lab.cells", headers=editor), 404, "dataset_not_found")
    problem(await service.http.put(f"{DATASETS}/lab.x", content=b"a\n", headers=editor), 403, "forbidden")
    assert (await service.http.get(DATASETS, headers=editor)).json()["items"] == []
