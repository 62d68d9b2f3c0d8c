"""A database that goes away and comes back while jobs run."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from datalab.contracts.errors import Unavailable
from datalab.contracts.jobs import JobEvent, JobState
from datalab.kernel.database.url import DatabaseUrl, parse_database_url
from datalab.kernel.testing.process import ServerProcess

from .conftest import ADA, Compute


@pytest.fixture
def database_url(own_postgres: tuple[ServerProcess, str]) -> DatabaseUrl:
    """A server of the test's own."""
    return parse_database_url(own_postgres[1])


async def test_a_job_outlives_an_outage_of_its_table(compute: Compute, own_postgres: tuple[ServerProcess, str]) -> None:
    server, _ = own_postgres
    await compute.start_executor()
    job = await compute.submit("hold")
    await compute.begun(job.id)
    await asyncio.to_thread(server.kill)
    with pytest.raises(Unavailable):
        await compute.submit("echo")
    compute.desk.go_on.set()
    await asyncio.to_thread(server.start)
    ended = await compute.end(job.id)
    assert ended.state is JobState.SUCCEEDED
    assert await compute.ends(job.id) == ["succeeded"]
    after = await compute.submit("echo")
    assert (await compute.end(after.id)).state is JobState.SUCCEEDED


async def test_a_follower_is_cut_off_by_an_outage_and_resumes(
    compute: Compute, own_postgres: tuple[ServerProcess, str]
) -> None:
    server, _ = own_postgres
    await compute.start_executor()
    job = await compute.submit("hold")
    await compute.begun(job.id)
    seen: list[int] = []
    events = compute.api(ADA).events(job.id)
    seen += [(await anext(events)).sequence for _ in range(2)]
    await asyncio.to_thread(server.kill)
    with pytest.raises(Unavailable):
        await _collect(events, seen)
    await asyncio.to_thread(server.start)
    compute.desk.go_on.set()
    seen += [event.sequence async for event in compute.api(ADA).events(job.id, seen[-1])]
    assert seen == list(range(1, len(seen) + 1))
    assert (await compute.job(job.id)).state is JobState.SUCCEEDED


async def _collect(events: AsyncIterator[JobEvent], into: list[int]) -> None:
    async for event in events:
        into.append(event.sequence)  # noqa: PERF401 # what came before the error is kept
