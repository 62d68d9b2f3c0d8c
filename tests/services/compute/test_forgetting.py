"""Jobs that ended long ago are forgotten, with all that belongs to them, and nothing else is."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from datalab.contracts.compute import JobNotFound
from datalab.contracts.jobs import Job, JobState, JobSubmission
from datalab.kernel.database.clock import database_now
from datalab.services.compute.adapters.tables import idempotency_keys, job_dependencies, job_events, job_tags, jobs

from .conftest import ADA, Compute

DAY = timedelta(days=1)


async def age(compute: Compute, *aged: Job) -> None:
    """Have these jobs ended two days ago."""
    ended = update(jobs).where(jobs.c.id.in_([job.id for job in aged])).values(finished_at=database_now(-2 * DAY))
    async with compute.dependencies.database.write() as connection:
        await connection.execute(ended)


async def rows(compute: Compute) -> list[int]:
    """How many rows are left in the tables that a job has."""
    async with compute.dependencies.database.read() as connection:
        return [
            (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in (jobs, job_events, job_tags, job_dependencies, idempotency_keys)
        ]


async def test_a_job_that_ended_long_ago_goes_with_its_log_tags_and_key(compute: Compute) -> None:
    await compute.start_executor()
    submission = JobSubmission(kind="echo", tags=("a", "b"))
    old = await compute.api(ADA).submit(submission, "my-key")
    await compute.end(old.id)
    await age(compute, old)
    assert await compute.store.forget(DAY, 365 * DAY) == 1
    assert await rows(compute) == [0, 0, 0, 0, 0]
    with pytest.raises(JobNotFound):
        await compute.job(old.id)
    again = await compute.api(ADA).submit(submission, "my-key")
    assert again.id != old.id


async def test_jobs_that_ended_lately_or_have_not_ended_stay(compute: Compute) -> None:
    queued = await compute.submit("echo", queue="work.later")
    await compute.start_executor()
    lately = await compute.submit("echo")
    await compute.end(lately.id)
    assert await compute.store.forget(DAY, DAY) == 0
    assert (await compute.job(queued.id)).state is JobState.QUEUED
    assert (await compute.job(lately.id)).state is JobState.SUCCEEDED


async def test_a_job_retried_after_its_end_is_not_forgotten(compute: Compute) -> None:
    await compute.start_executor()
    job = await compute.submit("fail", retries=0, spec={"times": 1})
    await compute.end(job.id)
    await age(compute, job)
    await compute.api(ADA).retry(job.id)
    assert await compute.store.forget(DAY, DAY) == 0
    assert (await compute.end(job.id)).state is JobState.SUCCEEDED


async def test_one_that_another_waited_for_in_vain_stays_as_long_as_that(compute: Compute) -> None:
    await compute.start_executor()
    parent = await compute.submit("fail", spec={"error": "InvalidInput"})
    child = await compute.submit("echo", depends_on=[parent.id])
    await compute.end(child.id)
    await age(compute, parent)
    assert await compute.store.forget(DAY, DAY) == 0
    await age(compute, child)
    assert await compute.store.forget(DAY, DAY) == 2
    assert await rows(compute) == [0, 0, 0, 0, 0]


async def test_a_job_whose_dependency_is_forgotten_goes_on(compute: Compute) -> None:
    await compute.start_executor()
    parent = await compute.submit("echo")
    await compute.end(parent.id)
    child = await compute.submit("echo", depends_on=[parent.id], queue="work.later")
    await age(compute, parent)
    assert await compute.store.forget(DAY, DAY) == 1
    await compute.start_executor(queues=["work.later"])
    assert (await compute.end(child.id)).state is JobState.SUCCEEDED


async def test_a_key_past_its_time_is_free_again_and_its_job_stays(compute: Compute) -> None:
    submission = JobSubmission(kind="echo")
    first = await compute.api(ADA).submit(submission, "my-key")
    await compute.store.forget(DAY, DAY)
    assert (await compute.api(ADA).submit(submission, "my-key")).id == first.id
    aged = update(idempotency_keys).values(created_at=database_now(-2 * DAY))
    async with compute.dependencies.database.write() as connection:
        await connection.execute(aged)
    await compute.store.forget(365 * DAY, DAY)
    assert (await compute.api(ADA).submit(submission, "my-key")).id != first.id
    assert (await compute.job(first.id)).state is JobState.QUEUED


async def test_several_processes_forget_at_once(compute: Compute) -> None:
    await compute.start_executor()
    old = [await compute.submit("echo", tags=["t"]) for _ in range(20)]
    for job in old:
        await compute.end(job.id)
    await age(compute, *old)
    gone = await asyncio.gather(*(compute.store.forget(DAY, DAY) for _ in range(4)))
    assert sum(gone) == 20
    assert await rows(compute) == [0, 0, 0, 0, 0]
