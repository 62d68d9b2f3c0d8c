"""Datasets and queries are the same by every road."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tests.conformance.platform import ROADS, World
from tests.conformance.told import Ask, refusal, same_answer, same_refusal

from datalab.contracts.columns import ColumnChoice
from datalab.contracts.data import (
    DataFormat,
    DatasetChange,
    DatasetExists,
    DatasetNotFound,
    DeletedDatasetNotFound,
    DryRun,
    NameTaken,
    QueryFilter,
    QueryNotFound,
    QueryRequest,
    QueryState,
    RowsRequest,
    SqlRefused,
    Undelete,
    UnreadableData,
    Upload,
    UploadMode,
    VersionNotFound,
)
from datalab.contracts.differences import Comparison
from datalab.contracts.errors import DeadlineExceeded, Forbidden, InvalidInput, PlatformError, TextPlace
from datalab.contracts.identity import Role
from datalab.contracts.ids import new_id
from datalab.contracts.model import PageRequest

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.xdist_group("conformance")]

PEOPLE = b'id,name,born,height\n1,Ada,1815-12-10,1.62\n2,\xc3\x85sa,,1.75\n3,"O\'Neil, Bo",1990-01-01,\n'
FIRST = PageRequest()


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 16):
        yield content[start : start + 16]


@pytest_asyncio.fixture(loop_scope="package")
async def people(world: World) -> str:
    """A dataset of two versions under a name of its own."""
    name = f"people_{new_id()[-12:]}"
    api = world.by_road("in process", await world.caller()).data
    await api.upload(name, Upload(), pieces(PEOPLE))
    await api.upload(name, Upload(mode=UploadMode.APPEND), pieces(b"id,name,born,height\n4,Li,2001-02-03,1.8\n"))
    return name


@pytest.mark.parametrize("road", ROADS)
async def test_an_upload_is_published_and_can_be_taken_away(world: World, road: str):
    api = world.by_road(road, await world.caller(Role.EDITOR)).data
    name = f"up_{new_id()[-12:]}"
    made = await api.upload(name, Upload(description="three people"), pieces(PEOPLE))
    assert (made.name, made.version, made.rows, made.description) == (name, 0, 3, "three people")
    assert [column.name for column in made.columns] == ["id", "name", "born", "height"]
    assert await api.get_dataset(name) == made
    added = await api.upload(name, Upload(mode=UploadMode.APPEND), pieces(PEOPLE))
    assert (added.version, added.rows) == (1, 6)
    restored = await api.restore(name, 0)
    assert (restored.version, restored.rows) == (2, 3)
    await api.delete_dataset(name)
    assert (await refusal(api.get_dataset(name))).kind is DatasetNotFound


@pytest.mark.parametrize("road", ROADS)
async def test_a_dataset_is_described(world: World, road: str, people: str):
    api = world.by_road(road, await world.caller(Role.EDITOR)).data
    assert (await api.describe_dataset(people, DatasetChange(description="by " + road))).description == "by " + road
    assert (await api.get_dataset(people)).description == "by " + road


@pytest.mark.parametrize("road", ROADS)
async def test_what_was_taken_away_can_be_brought_back(world: World, road: str):
    api = world.by_road(road, await world.caller(Role.EDITOR)).data
    name, other = f"gone_{new_id()[-12:]}", f"other_{new_id()[-12:]}"
    made = await api.upload(name, Upload(description="kept"), pieces(PEOPLE))
    await api.delete_dataset(name)
    listed = next(one for one in (await api.list_deleted(PageRequest(limit=1000))).items if one.name == name)
    assert (listed.id, listed.rows, listed.deleted_by) == (made.id, 3, "the-editor")
    back = await api.undelete(name, Undelete(id=made.id))
    assert (back.id, back.name, back.version, back.description) == (made.id, name, 0, "kept")
    await api.delete_dataset(name)
    newer = await api.upload(name, Upload(), pieces(PEOPLE))
    assert (await refusal(api.undelete(name, Undelete()))).kind is NameTaken
    assert (await api.undelete(name, Undelete(name=other))).id == made.id
    assert (await api.get_dataset(name)).id == newer.id
    assert (await refusal(api.undelete(name, Undelete()))).kind is DeletedDatasetNotFound


@pytest.mark.parametrize("road", ROADS)
async def test_a_publication_counts_once(world: World, road: str):
    api = world.by_road(road, await world.caller(Role.EDITOR)).data
    name, upload = f"once_{new_id()[-12:]}", Upload(mode=UploadMode.REPLACE, publication=new_id())
    first = await api.upload(name, upload, pieces(PEOPLE))
    again = await api.upload(name, upload, pieces(PEOPLE))
    assert (again.version, again.rows) == (first.version, first.rows)


async def test_a_preview_answers_the_same_and_an_upload_keeps_to_its_columns(world: World, people: str):
    roads = await world.roads(Role.EDITOR)
    columns = (ColumnChoice(source="id", name="number", type="VARCHAR"), ColumnChoice(source="name"))
    trial = DryRun(mode=UploadMode.REPLACE, columns=columns, partial=True)
    seen = await same_answer(roads, lambda api: api.data.preview_upload(people, trial, pieces(PEOPLE + b"4,cut")))
    assert [(one.source, one.name, one.type) for one in seen.columns] == [
        ("id", "number", "VARCHAR"),
        ("name", "name", "VARCHAR"),
    ]
    assert (seen.exists, seen.rows[0], seen.rows_read) == (1, ("1", "Ada"), 3)
    assert seen.change is not None
    assert [column.name for column in seen.change.removed] == ["id", "born", "height"]
    for road in roads:
        upload = Upload(mode=UploadMode.REPLACE, columns=columns)
        made = await road.data.upload(f"chosen_{new_id()[-12:]}", upload, pieces(PEOPLE))
        assert [(one.name, one.type) for one in made.columns] == [("number", "VARCHAR"), ("name", "VARCHAR")]


async def test_reading_answers_the_same(world: World, people: str):
    roads = await world.roads(Role.VIEWER)
    assert (await same_answer(roads, lambda api: api.data.get_dataset(people))).version == 1
    versions = await same_answer(roads, lambda api: api.data.list_versions(people, FIRST))
    assert [one.version for one in versions.items] == [1, 0]


async def test_a_profile_is_the_same(world: World, people: str):
    roads = await world.roads(Role.VIEWER)
    newest = await same_answer(roads, lambda api: api.data.profile(people))
    assert [(one.name, one.count, one.nulls) for one in newest.columns] == [
        ("id", 4, 0),
        ("name", 4, 0),
        ("born", 3, 1),
        ("height", 3, 1),
    ]
    assert (await same_answer(roads, lambda api: api.data.profile(people, 0))).rows == 3
    assert (await same_refusal(roads, lambda api: api.data.profile(people, 9))).kind is VersionNotFound


async def test_a_difference_is_the_same(world: World, people: str):
    roads = await world.roads(Role.VIEWER)
    whole = await same_answer(roads, lambda api: api.data.diff(people, Comparison()))
    assert (whole.from_version, whole.to_version, whole.added_rows[0][1]) == (0, 1, "Li")
    keyed = Comparison(from_version=1, to_version=0, key=("id",), limit=1)
    assert (await same_answer(roads, lambda api: api.data.diff(people, keyed))).removed == 1
    wrong = Comparison(key=("nope",))
    assert (await same_refusal(roads, lambda api: api.data.diff(people, wrong))).kind is InvalidInput


async def test_pages_follow_the_same_cursors(world: World, people: str):
    roads = await world.roads(Role.VIEWER)
    first = await same_answer(roads, lambda api: api.data.list_versions(people, PageRequest(limit=1)))
    assert first.next_cursor is not None
    rest = PageRequest(limit=1, cursor=first.next_cursor)
    last = await same_answer(roads, lambda api: api.data.list_versions(people, rest))
    assert [first.items[0].version, last.items[0].version] == [1, 0]
    assert last.next_cursor is None
    listed = await same_answer(roads, lambda api: api.data.list_datasets(PageRequest(limit=1000)))
    assert people in [one.name for one in listed.items]


async def test_a_query_answers_the_same_values(world: World, people: str):
    roads = await world.roads(Role.VIEWER)
    sql = (
        f"SELECT *, 170141183460469231731687303715884105727::HUGEINT AS huge, 1.10::DECIMAL(9,2) AS money, "
        f"'nan'::DOUBLE AS nan, 'ab'::BLOB AS bytes, TIMESTAMPTZ '2026-01-02 03:04:05Z' AS moment, [1, 2] AS list "
        f"FROM {people} WHERE id > ? ORDER BY id"
    )

    async def ask(api):
        result = await api.data.query(QueryRequest(sql=sql, params=[1]))
        return result.columns, result.rows, result.row_count, result.truncated

    columns, rows, count, truncated = await same_answer(roads, ask)
    assert (count, truncated, len(columns), rows[0][1]) == (3, False, 10, "Åsa")
    assert rows[0][4:7] == ("170141183460469231731687303715884105727", "1.10", None)


async def test_the_history_of_queries_is_the_same(world: World, people: str):
    roads = await world.roads(Role.EDITOR)
    tag = f"tag_{new_id()[-12:]}"
    await roads[0].data.query(QueryRequest(sql=f"SELECT 1 AS {tag}", query_id=f"{tag}_good"))
    await refusal(roads[1].data.query(QueryRequest(sql=f"SELECT {tag}", query_id=f"{tag}_bad")))
    found = await same_answer(roads, lambda api: api.data.list_queries(QueryFilter(search=tag.upper()), FIRST))
    assert [(one.query_id, one.state) for one in found.items] == [
        (f"{tag}_bad", QueryState.FAILED),
        (f"{tag}_good", QueryState.SUCCEEDED),
    ]
    assert await same_answer(roads, lambda api: api.data.query_status(f"{tag}_good")) == found.items[1]
    failed = QueryFilter(search=tag, state=QueryState.FAILED)
    assert len((await same_answer(roads, lambda api: api.data.list_queries(failed, PageRequest(limit=1)))).items) == 1
    everybody = QueryFilter(search=tag, everybody=True)
    assert (await same_refusal(roads, lambda api: api.data.list_queries(everybody, FIRST))).kind is Forbidden
    admins = await world.roads(Role.ADMIN)
    assert await same_answer(admins, lambda api: api.data.list_queries(everybody, FIRST)) == found
    assert await same_answer(admins, lambda api: api.data.query_status(f"{tag}_good")) == found.items[1]


@pytest.mark.parametrize("format", DataFormat)
async def test_rows_are_the_same_bytes(world: World, people: str, format: DataFormat):
    request = RowsRequest(
        select="id,name", order="id.desc", filters=(("id", "gte.2"), ("name", "neq.x&y=z")), limit=2, format=format
    )

    async def ask(api):
        async with api.data.rows_stream(people, request) as stream:
            return stream.format, b"".join([piece async for piece in stream])

    roads = await world.roads(Role.VIEWER)
    _, content = await same_answer(roads, ask)
    assert content


async def test_past_rows_are_the_same_bytes(world: World, people: str):
    roads = await world.roads(Role.VIEWER)
    then = (await roads[0].data.list_versions(people, FIRST)).items[1].created_at

    async def ask(api, **moment):
        request = RowsRequest(format=DataFormat.CSV, **moment)
        async with api.data.rows_stream(people, request) as stream:
            return b"".join([piece async for piece in stream])

    by_version = await same_answer(roads, lambda api: ask(api, version=0))
    assert by_version.count(b"\n") == 4
    assert await same_answer(roads, lambda api: ask(api, at=then)) == by_version


def upload_of(content: bytes, **upload) -> Ask:
    return lambda api: api.data.upload("refused", Upload(**upload), pieces(content))


async def drained(stream) -> None:
    async with stream as opened:
        async for _ in opened:
            pass


REFUSALS: dict[str, tuple[type[PlatformError], Ask]] = {
    "unknown dataset": (DatasetNotFound, lambda api: api.data.get_dataset("nothing_here")),
    "a path for a name": (InvalidInput, lambda api: api.data.get_dataset("a/b")),
    "nothing for a name": (InvalidInput, lambda api: api.data.list_versions("", FIRST)),
    "describing nothing": (
        DatasetNotFound,
        lambda api: api.data.describe_dataset("nothing_here", DatasetChange(description="x")),
    ),
    "no dataset name": (InvalidInput, lambda api: api.data.get_dataset("1 of; them")),
    "versions of nothing": (DatasetNotFound, lambda api: api.data.list_versions("nothing_here", FIRST)),
    "deleting nothing": (DatasetNotFound, lambda api: api.data.delete_dataset("nothing_here")),
    "bringing back nothing": (DeletedDatasetNotFound, lambda api: api.data.undelete("nothing_here", Undelete())),
    "a bad place in the list": (InvalidInput, lambda api: api.data.list_deleted(PageRequest(cursor="no cursor"))),
    "unknown query": (QueryNotFound, lambda api: api.data.query_status("nothing")),
    "cancelling nothing": (QueryNotFound, lambda api: api.data.cancel_query("nothing")),
    "cursor": (PlatformError, lambda api: api.data.list_datasets(PageRequest(cursor="no cursor"))),
    "syntax": (SqlRefused, lambda api: api.data.query(QueryRequest(sql="SELEKT 1"))),
    "not read-only": (SqlRefused, lambda api: api.data.query(QueryRequest(sql="CREATE TABLE t (i INT)"))),
    "unknown table": (DatasetNotFound, lambda api: api.data.query(QueryRequest(sql="SELECT * FROM nothing_here"))),
    "at run time": (
        SqlRefused,
        lambda api: api.data.query(QueryRequest(sql="SELECT CAST('boom ' || range AS INT) FROM range(3)")),
    ),
    "streamed": (SqlRefused, lambda api: drained(api.data.query_stream(QueryRequest(sql="SELECT nope")))),
    "rows of nothing": (DatasetNotFound, lambda api: drained(api.data.rows_stream("nothing_here", RowsRequest()))),
    "empty upload": (PlatformError, upload_of(b"")),
    "no Parquet": (UnreadableData, upload_of(b"PAR1 but no more", format=DataFormat.PARQUET)),
    "broken rows": (PlatformError, upload_of(b'{"a": 1}\n{"a": \n', format=DataFormat.NDJSON)),
    "no such column to keep": (InvalidInput, upload_of(PEOPLE, columns=(ColumnChoice(source="x"),))),
    "no such type": (InvalidInput, upload_of(PEOPLE, columns=(ColumnChoice(source="id", type="FANCY"),))),
    "upsert without key": (PlatformError, upload_of(PEOPLE, mode=UploadMode.UPSERT)),
    "past its time": (
        DeadlineExceeded,
        lambda api: api.data.query(
            QueryRequest(sql="SELECT count(*) FROM range(10000000000) a, range(1000) b", timeout_s=0.3)
        ),
    ),
}


async def test_what_is_wrong_with_a_statement_is_marked_by_every_road(world: World):
    request = QueryRequest(sql="SELECT 'ö',\n  nope")
    (error,) = (await same_refusal(await world.roads(), lambda api: api.data.query(request))).errors
    assert error.place == TextPlace(line=2, column=3, offset=14, length=4)


@pytest.mark.parametrize("what", REFUSALS)
async def test_a_refusal_is_the_same(world: World, what: str):
    kind, ask = REFUSALS[what]
    told = await same_refusal(await world.roads(), ask)
    assert issubclass(told.kind, kind)
    assert told.detail


REFUSED_OF_ONE: dict[str, tuple[type[PlatformError], Ask]] = {
    "exists": (DatasetExists, lambda api: api.data.upload("taken", Upload(), pieces(PEOPLE))),
    "no such version": (VersionNotFound, lambda api: api.data.restore("taken", 99)),
    "rows of no version": (VersionNotFound, lambda api: drained(api.data.rows_stream("taken", RowsRequest(version=9)))),
    "filter": (InvalidInput, lambda api: drained(api.data.rows_stream("taken", RowsRequest(filters=(("x", "eq.1"),))))),
    "order": (InvalidInput, lambda api: drained(api.data.rows_stream("taken", RowsRequest(order="nope.desc")))),
    "types that don't fit": (
        PlatformError,
        lambda api: api.data.upload("taken", Upload(mode=UploadMode.APPEND), pieces(b"id,name\nx,y\n")),
    ),
}


@pytest.mark.parametrize("what", REFUSED_OF_ONE)
async def test_a_refusal_about_a_dataset_is_the_same(world: World, what: str):
    roads = await world.roads()
    replace = Upload(mode=UploadMode.REPLACE)
    await roads[0].data.upload("taken", replace, pieces(PEOPLE))
    kind, ask = REFUSED_OF_ONE[what]
    assert issubclass((await same_refusal(roads, ask)).kind, kind)


@pytest.mark.parametrize("road", ROADS)
async def test_an_upload_that_its_sender_breaks_off_publishes_nothing(world: World, road: str):
    api = world.by_road(road, await world.caller(Role.EDITOR)).data
    name = f"broken_{new_id()[-12:]}"

    async def breaking() -> AsyncIterator[bytes]:
        yield PEOPLE
        raise OSError("the disk is gone")

    with pytest.raises((OSError, PlatformError)):
        await api.upload(name, Upload(), breaking())
    assert (await refusal(api.get_dataset(name))).kind is DatasetNotFound


@pytest.mark.parametrize("road", ROADS)
async def test_a_cancelled_upload_publishes_nothing(world: World, road: str):
    api = world.by_road(road, await world.caller(Role.EDITOR)).data
    name, begun = f"left_{new_id()[-12:]}", asyncio.Event()

    async def hanging() -> AsyncIterator[bytes]:
        yield PEOPLE
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(api.upload(name, Upload(), hanging()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await refusal(api.get_dataset(name))).kind is DatasetNotFound
