"""Connections, credentials, retries and timeouts."""

import asyncio

import pytest
from tests.client.platform import FakePlatform

from datalab.client.asynchronous import AsyncClient
from datalab.client.call import Call
from datalab.client.endpoints import Endpoints
from datalab.client.session import Session
from datalab.contracts.data import Dataset, QueryRequest, Upload
from datalab.contracts.errors import Cancelled, DeadlineExceeded, InvalidInput, Unavailable
from datalab.contracts.jobs import JobSubmission
from datalab.kernel.testing.identity import caller
from datalab.kernel.testing.ports import free_port


def unused_url() -> str:
    return f"http://127.0.0.1:{free_port()}"


async def test_an_unreachable_platform_is_unavailable_and_named():
    url = unused_url()
    async with AsyncClient(url) as client:
        with pytest.raises(Unavailable, match=url):
            await client.data.get_dataset("flights")


async def test_the_token_and_a_request_id_go_with_each_call(client: AsyncClient, platform: FakePlatform):
    await client.data.get_dataset("flights")
    sent = platform.seen.headers[0]
    assert sent["authorization"] == "Bearer secret"
    assert len(sent["x-request-id"]) == 36


async def test_a_read_is_repeated_while_the_service_is_away(client: AsyncClient, platform: FakePlatform):
    assert (await client.data.get_dataset("flaky")).name == "flights"
    assert platform.seen.count("/api/v1/data/datasets/flaky") == 3


async def test_a_change_is_not_repeated_while_the_service_is_away(client: AsyncClient, platform: FakePlatform):
    with pytest.raises(Unavailable):
        await client.compute.cancel("some")
    assert platform.seen.count("/api/v1/compute/jobs/some/cancel") == 1


async def test_a_submission_waits_out_a_short_limit_under_one_key(client: AsyncClient, platform: FakePlatform):
    await client.compute.submit(JobSubmission(kind="sql"))
    keys = [headers["idempotency-key"] for headers in platform.seen.headers]
    assert len(keys) == 2
    assert len(set(keys)) == 1


async def test_a_service_that_gives_no_answer_ends_in_a_deadline(client: AsyncClient):
    call = Call("data", "GET", "/api/v1/data/datasets/silent", timeout_s=0.2)
    with pytest.raises(DeadlineExceeded, match=r"no answer within 0\.2 s"):
        await client.data._transport.fetch(call, Dataset)


async def test_an_answer_that_is_cut_is_unavailable(client: AsyncClient):
    async with client.data.query_stream(QueryRequest(sql="cut")) as stream:
        pieces = aiter(stream)
        assert await anext(pieces) == b"x" * 1000
        with pytest.raises(Unavailable, match="broke off after 1,000 bytes"):
            await anext(pieces)


@pytest.mark.parametrize(("query_id", "error"), [("cancelled", Cancelled), ("failed", Unavailable)])
async def test_an_answer_that_is_cut_says_why_when_the_service_knows(client: AsyncClient, query_id: str, error: type):
    async with client.data.query_stream(QueryRequest(sql="cut", query_id=query_id)) as stream:
        pieces = aiter(stream)
        await anext(pieces)
        with pytest.raises(error, match=f"it was {query_id}"):
            await anext(pieces)


async def test_leaving_a_stream_early_tells_the_server(client: AsyncClient, platform: FakePlatform):
    async with client.data.query_stream(QueryRequest(sql="endless")) as stream:
        async for _piece in stream:
            break
    assert await asyncio.to_thread(platform.seen.left_early.wait, 10)


async def test_an_upload_that_is_refused_before_it_is_read_says_why(client: AsyncClient):
    async def body():
        for _piece in range(200):
            yield b"x" * 2**18

    with pytest.raises(InvalidInput, match="not now"):
        await client.data.upload("refused", Upload(), body())


async def test_a_client_for_a_caller_shares_the_session_and_carries_the_request(platform: FakePlatform):
    session, ada = Session(), caller()
    endpoints = Endpoints(unused_url(), {"data": [platform.url]})
    async with AsyncClient.for_caller(ada, session, endpoints) as first:
        await first.data.get_dataset("flights")
    await AsyncClient.for_caller(ada, session, endpoints).data.get_dataset("flights")
    await session.close()
    assert {sent["x-request-id"] for sent in platform.seen.headers} == {ada.request_id}
    assert platform.seen.headers[0]["authorization"] == f"Bearer {ada.token.get_secret_value()}"


async def test_another_instance_is_asked_when_one_is_away(platform: FakePlatform):
    session = Session()
    endpoints = Endpoints(platform.url, {"data": [unused_url(), platform.url]})
    client = AsyncClient.for_caller(caller(), session, endpoints)
    assert (await client.data.get_dataset("flights")).name == "flights"
    await session.close()


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://somewhere", "", "http://"])
def test_what_is_no_address_is_refused(url: str):
    with pytest.raises(InvalidInput, match="no address of a platform"):
        Endpoints(url)
