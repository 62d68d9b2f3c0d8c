"""Following a job, over connections that break too."""

import pytest
from tests.client.platform import FakePlatform

from datalab.client.asynchronous import AsyncClient
from datalab.client.sse import ServerEvent, events
from datalab.client.waiting import JobFailed
from datalab.contracts.errors import Unavailable


async def pieces(*parts: bytes):
    for part in parts:
        yield part


async def test_events_are_read_across_the_borders_of_pieces():
    text = b": hello\n\nid: 7\r\nevent: log\r\ndata: one\r\ndata:two\r\n\r\ndata: three\n\ndata: cut off"
    split = [bytes([byte]) for byte in text]
    found = [event async for event in events(pieces(*split))]
    assert found == [ServerEvent("7", "log", "one\ntwo"), ServerEvent("7", "message", "three")]


@pytest.mark.parametrize("job_id", ["whole", "cut", "drained"])
async def test_each_event_comes_once_and_in_order(client: AsyncClient, job_id: str):
    found = [event.sequence async for event in client.compute.events(job_id)]
    assert found == [1, 2, 3, 4]


async def test_a_cut_stream_is_resumed_after_the_last_event(client: AsyncClient, platform: FakePlatform):
    async for _event in client.compute.events("cut"):
        pass
    assert [sent["last-event-id"] for sent in platform.seen.headers] == ["0", "2"]


async def test_a_job_that_had_ended_has_no_more_events(client: AsyncClient):
    assert [event async for event in client.compute.events("over", after=9)] == []


async def test_a_stream_that_never_lasts_is_given_up(client: AsyncClient):
    with pytest.raises(Unavailable, match="broke off"):
        async for _event in client.compute.events("gone"):
            pass


async def test_waiting_gives_the_job_and_tells_of_its_events(client: AsyncClient):
    told: list[int] = []
    job = await client.wait("whole", on_event=lambda event: told.append(event.sequence))
    assert job.result == {"version": 1}
    assert told == [1, 2, 3, 4]


async def test_waiting_for_a_job_that_fails_raises_why(client: AsyncClient, platform: FakePlatform):
    platform.job |= {"state": "dead", "error": {"code": "untrainable_data", "detail": "one class only"}}
    with pytest.raises(JobFailed, match="ended as dead: one class only"):
        await client.wait("whole")
