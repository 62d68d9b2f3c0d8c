"""An executor that is told to stop."""

import asyncio
from contextlib import suppress

import pytest

from datalab.contracts.jobs import JobState
from datalab.services.compute.settings import ComputeSettings

from .conftest import Compute


async def ended(task: asyncio.Task[None]) -> None:
    with suppress(asyncio.CancelledError):
        await task
    assert task.cancelled()


async def test_a_draining_executor_finishes_what_runs_and_claims_nothing_more(compute: Compute) -> None:
    executor = compute.executor()
    running = asyncio.create_task(executor.run())
    job = await compute.submit("hold")
    await compute.begun(job.id)
    running.cancel()
    later = await compute.submit("echo")
    compute.desk.go_on.set()
    await ended(running)
    assert (await compute.job(job.id)).state is JobState.SUCCEEDED
    assert (await compute.job(later.id)).state is JobState.QUEUED


async def test_an_executor_without_work_stops_at_once(compute: Compute) -> None:
    running = asyncio.create_task(compute.executor().run())
    await compute.end((await compute.submit("echo")).id)
    running.cancel()
    await ended(running)


async def test_an_executor_told_twice_hands_back_what_runs_and_spends_no_retry(compute: Compute) -> None:
    running = asyncio.create_task(compute.executor().run())
    job = await compute.submit("hold", retries=0)
    await compute.begun(job.id)
    running.cancel()
    await asyncio.sleep(0)
    running.cancel()
    await ended(running)
    back = await compute.job(job.id)
    assert (back.state, back.attempt) == (JobState.QUEUED, 0)
    compute.desk.go_on.set()
    await compute.start_executor()
    assert (await compute.end(job.id)).state is JobState.SUCCEEDED


@pytest.mark.parametrize("settings", [ComputeSettings(drain_s=0, poll_s=0.1)])
async def test_a_drain_that_is_over_hands_back_what_still_runs(compute: Compute, settings: ComputeSettings) -> None:
    running = asyncio.create_task(compute.executor().run())
    job = await compute.submit("hold", retries=0)
    await compute.begun(job.id)
    running.cancel()
    await ended(running)
    assert (await compute.job(job.id)).state is JobState.QUEUED
