"""Stopping jobs, and having them tried again."""

import pytest

from datalab.contracts.compute import JobEnded, JobNotEnded
from datalab.contracts.jobs import JobState

from .conftest import ADA, ADMIN, Compute


async def test_a_queued_job_is_cancelled_at_once_and_never_runs(compute: Compute) -> None:
    job = await compute.submit("echo")
    assert (await compute.api(ADA).cancel(job.id)).state is JobState.CANCELLED
    await compute.start_executor()
    await compute.end((await compute.submit("echo")).id)
    assert job.id not in compute.desk.runs
    assert await compute.ends(job.id) == ["cancelled"]


async def test_a_running_job_is_stopped(compute: Compute) -> None:
    await compute.start_executor()
    job = await compute.submit("hold", retries=5)
    await compute.begun(job.id)
    await compute.api(ADA).cancel(job.id)
    ended = await compute.end(job.id)
    assert ended.error is not None
    assert (ended.state, ended.error.code) == (JobState.CANCELLED, "cancelled")
    assert compute.desk.cancelled == [job.id]
    assert await compute.ends(job.id) == ["cancelled"]


async def test_asking_twice_to_stop_a_running_job_is_the_same_as_once(compute: Compute) -> None:
    await compute.start_executor()
    job = await compute.submit("hold", spec={"stubborn": True})
    await compute.begun(job.id)
    await compute.store.cancel(job.id, None)
    await compute.end(job.id)
    with pytest.raises(JobEnded):
        await compute.store.cancel(job.id, None)


async def test_a_handler_that_ignores_the_wish_is_cancelled_all_the_same(compute: Compute) -> None:
    await compute.start_executor()
    job = await compute.submit("hold", spec={"stubborn": True})
    await compute.begun(job.id)
    await compute.api(ADA).cancel(job.id)
    assert (await compute.end(job.id)).state is JobState.CANCELLED


async def test_an_administrator_may_stop_anybodys_job(compute: Compute) -> None:
    job = await compute.submit("echo", who=ADA)
    assert (await compute.api(ADMIN).cancel(job.id)).state is JobState.CANCELLED


async def test_an_ended_job_is_tried_again_under_its_id(compute: Compute) -> None:
    await compute.start_executor()
    job = await compute.submit("fail", spec={"error": "InvalidInput", "times": 1})
    failed = await compute.end(job.id)
    assert failed.state is JobState.FAILED
    again = await compute.api(ADA).retry(job.id)
    assert (again.id, again.state, again.error, again.finished_at) == (job.id, JobState.QUEUED, None, None)
    ended = await compute.end(job.id)
    assert (ended.state, ended.attempt) == (JobState.SUCCEEDED, 2)


async def test_a_dead_job_gets_all_its_retries_again(compute: Compute) -> None:
    await compute.start_executor()
    job = await compute.submit("fail", retries=1)
    assert (await compute.end(job.id)).attempt == 2
    await compute.api(ADA).retry(job.id)
    again = await compute.end(job.id)
    assert (again.state, again.attempt) == (JobState.DEAD, 4)


async def test_a_job_that_has_not_ended_is_not_tried_again(compute: Compute) -> None:
    job = await compute.submit("echo")
    with pytest.raises(JobNotEnded):
        await compute.api(ADA).retry(job.id)


async def test_a_follower_sees_a_retried_job_to_its_new_end(compute: Compute) -> None:
    await compute.start_executor()
    job = await compute.submit("fail", spec={"error": "InvalidInput", "times": 1})
    before = [event async for event in compute.api(ADA).events(job.id)]
    await compute.api(ADA).retry(job.id)
    after = [event async for event in compute.api(ADA).events(job.id, before[-1].sequence)]
    assert [event.state for event in after if event.state] == [JobState.QUEUED, JobState.RUNNING, JobState.SUCCEEDED]
