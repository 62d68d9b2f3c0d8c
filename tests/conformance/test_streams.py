"""Streamed answers: in order, whole or known to be broken, and stopped when nobody reads them any more."""

import asyncio

import pytest
from tests.conformance.platform import ROADS, World
from tests.conformance.told import refusal, same_answer, until_running

from datalab.contracts.data import DataFormat, QueryRequest, QueryState
from datalab.contracts.errors import Cancelled, DeadlineExceeded, PlatformError
from datalab.contracts.identity import Role
from datalab.contracts.ids import new_id
from datalab.kernel.testing.eventually import eventually

# No stream comes from the metadata's database, and each test here ends worker processes: one database is enough.
pytestmark = [
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.xdist_group("conformance"),
    pytest.mark.parametrize("world", ["sqlite"], indirect=True, scope="package"),
]

ENDLESS = "SELECT count(*) FROM range(10000000000) a, range(1000) b"
LONG = QueryRequest(sql="SELECT range AS n FROM range(100000000)", format=DataFormat.NDJSON, max_rows=100_000_000)


def of_its_own(request: QueryRequest) -> QueryRequest:
    return request.model_copy(update={"query_id": new_id()})


async def test_a_long_answer_arrives_whole_and_in_order(world: World):
    request = QueryRequest(sql="SELECT range AS n FROM range(200000)", format=DataFormat.CSV, max_rows=1_000_000)

    async def ask(api):
        async with api.data.query_stream(request) as stream:
            return b"".join([piece async for piece in stream])

    content = await same_answer(await world.roads(Role.VIEWER), ask)
    assert content.split() == [b"n", *(str(number).encode() for number in range(200_000))]


@pytest.mark.parametrize("road", ROADS)
async def test_a_stream_names_its_query_and_format(world: World, road: str):
    api = world.by_road(road, await world.caller(Role.VIEWER)).data
    request = of_its_own(QueryRequest(sql="SELECT 1 AS a", format=DataFormat.ARROW))
    async with api.query_stream(request) as stream:
        assert (stream.query_id, stream.format) == (request.query_id, DataFormat.ARROW)
        assert [piece async for piece in stream]
    status = await api.query_status(stream.query_id)
    assert (status.state, status.row_count, status.sql) == (QueryState.SUCCEEDED, 1, "SELECT 1 AS a")


@pytest.mark.parametrize("road", ROADS)
async def test_leaving_a_stream_early_cancels_its_query(world: World, road: str):
    api = world.by_road(road, await world.caller(Role.VIEWER)).data
    request = of_its_own(LONG)
    async with api.query_stream(request) as stream:
        assert await anext(aiter(stream))
        assert (await api.query_status(stream.query_id)).state is QueryState.RUNNING
    await ends_as_cancelled(api, stream.query_id)


@pytest.mark.parametrize("road", ROADS)
async def test_an_error_of_the_reader_is_its_own_and_cancels_the_query(world: World, road: str):
    api = world.by_road(road, await world.caller(Role.VIEWER)).data
    request = of_its_own(LONG)
    with pytest.raises(ValueError, match="the reader's own"):  # noqa: PT012 - raised while reading
        async with api.query_stream(request) as stream:
            await anext(aiter(stream))
            raise ValueError("the reader's own")
    await ends_as_cancelled(api, str(request.query_id))


@pytest.mark.parametrize("road", ROADS)
async def test_an_error_in_mid_stream_never_looks_like_a_whole_answer(world: World, road: str):
    api = world.by_road(road, await world.caller(Role.VIEWER)).data
    sql = "SELECT CAST(CASE WHEN range = 299999 THEN 'boom ' || range ELSE range::VARCHAR END AS BIGINT) AS n FROM range(300000)"
    request = of_its_own(QueryRequest(sql=sql, format=DataFormat.CSV, max_rows=10_000_000))
    begun = False
    with pytest.raises(PlatformError, match="boom 299999"):  # noqa: PT012 - the failure comes while reading
        async with api.query_stream(request) as stream:
            begun = True
            async for _ in stream:
                pass
    assert begun
    assert (await api.query_status(str(request.query_id))).state is QueryState.FAILED


@pytest.mark.parametrize("road", ROADS)
async def test_a_query_past_its_deadline_is_stopped(world: World, road: str):
    api = world.by_road(road, await world.caller(Role.VIEWER)).data
    request = of_its_own(QueryRequest(sql=ENDLESS, timeout_s=0.3))
    assert (await refusal(api.query(request))).kind is DeadlineExceeded
    assert (await api.query_status(str(request.query_id))).state is QueryState.FAILED


@pytest.mark.parametrize("road", ROADS)
async def test_cancelling_the_callers_task_stops_the_query(world: World, road: str):
    api = world.by_road(road, await world.caller(Role.VIEWER)).data
    request = of_its_own(QueryRequest(sql=ENDLESS, timeout_s=60))
    query_id = str(request.query_id)
    task = asyncio.create_task(api.query(request))
    await until_running(lambda: api.query_status(query_id))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await ends_as_cancelled(api, query_id)


@pytest.mark.parametrize("road", ROADS)
async def test_a_query_cancelled_by_its_id_says_so_to_who_waits_for_it(world: World, road: str):
    api = world.by_road(road, await world.caller(Role.VIEWER)).data
    request = of_its_own(QueryRequest(sql=ENDLESS, timeout_s=60))
    query_id = str(request.query_id)
    task = asyncio.create_task(refusal(api.query(request)))
    await until_running(lambda: api.query_status(query_id))
    await api.cancel_query(query_id)
    told = await task
    assert told.kind is Cancelled
    assert query_id in told.detail


@pytest.mark.parametrize("road", ROADS)
async def test_a_stream_cancelled_by_its_id_says_so_to_its_reader(world: World, road: str):
    api = world.by_road(road, await world.caller(Role.VIEWER)).data
    with pytest.raises(Cancelled):  # noqa: PT012 - the failure comes while reading
        async with api.query_stream(of_its_own(LONG)) as stream:
            pieces = aiter(stream)
            await anext(pieces)
            await api.cancel_query(stream.query_id)
            async for _ in pieces:
                pass


async def ends_as_cancelled(api, query_id: str) -> None:
    async def cancelled() -> bool:
        return (await api.query_status(query_id)).state is QueryState.CANCELLED

    await eventually(cancelled)
