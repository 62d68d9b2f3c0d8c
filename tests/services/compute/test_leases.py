"""Leases: nobody runs a job twice at once, nothing is lost with its worker, every job has one end."""

import asyncio
from datetime import timedelta

import pytest

from datalab.contracts.errors import Category
from datalab.contracts.jobs import JobError, JobState
from datalab.kernel.testing.eventually import eventually
from datalab.services.compute.executor.presence import is_gone, new_executor_id
from datalab.services.compute.model.attempt import Claim, Failed, Notes, Settlement, Succeeded, Wanted
from datalab.services.compute.settings import ComputeSettings

from .conftest import ADA, Compute

SHORT_LEASES = ComputeSettings(slots=4, lease_s=2, poll_s=0.1, drain_s=30)
ELSEWHERE = "another-host~1~1.00~x"


def wanted(executor: str, *, count: int = 1, lease_s: float = 60) -> Wanted:
    return Wanted(executor, ("work",), ("echo", "hold", "fail"), count, timedelta(seconds=lease_s))


async def claim(compute: Compute, executor: str = ELSEWHERE, *, lease_s: float = 60) -> Claim:
    (found,) = await compute.store.turn([], {}, wanted(executor, lease_s=lease_s))
    return found


async def test_jobs_are_run_by_one_of_several_executors_once_each(compute: Compute) -> None:
    jobs = [await compute.submit("echo", spec={"say": number}) for number in range(30)]
    for _ in range(3):
        await compute.start_executor()
    for job in jobs:
        assert (await compute.end(job.id)).state is JobState.SUCCEEDED
    assert sorted(compute.desk.runs) == sorted(job.id for job in jobs)
    assert set(compute.desk.most_alive.values()) == {1}
    assert [await compute.ends(job.id) for job in jobs] == [["succeeded"]] * len(jobs)


async def test_a_job_that_is_claimed_is_nobody_elses(compute: Compute) -> None:
    for _ in range(20):
        await compute.submit("echo")
    turns = [compute.store.turn([], {}, wanted(f"{ELSEWHERE}{n}", count=5)) for n in range(6)]
    claimed = [one.ticket.job_id for claims in await asyncio.gather(*turns) for one in claims]
    assert len(claimed) == len(set(claimed)) == 20


async def test_a_lease_that_ran_out_gives_the_job_to_another(compute: Compute) -> None:
    job = await compute.submit("echo", retries=1)
    await claim(compute, lease_s=-1)
    await compute.start_executor()
    ended = await compute.end(job.id)
    assert (ended.state, ended.attempt) == (JobState.SUCCEEDED, 2)
    assert await compute.states(job.id) == ["queued", "running", "queued", "running", "succeeded"]


async def test_a_job_whose_workers_are_lost_again_and_again_is_dead(compute: Compute) -> None:
    job = await compute.submit("echo", retries=1)
    for _ in range(2):
        await claim(compute, lease_s=-1)
        await compute.store.recover(lambda _: False)
    ended = await compute.job(job.id)
    assert ended.error is not None
    assert (ended.state, ended.error.code) == (JobState.DEAD, "worker_lost")


async def test_a_renewed_lease_is_kept(compute: Compute) -> None:
    job = await compute.submit("echo")
    mine = await claim(compute, lease_s=-1)
    assert await compute.store.renew(ELSEWHERE, timedelta(seconds=60)) == {mine.ticket}
    assert await compute.store.recover(lambda _: False) == 0
    assert (await compute.job(job.id)).state is JobState.RUNNING


async def test_a_late_finisher_cant_end_a_job_that_is_anothers(compute: Compute) -> None:
    job = await compute.submit("echo")
    late = await claim(compute, "first", lease_s=-1)
    await compute.store.recover(lambda _: False)
    second = await claim(compute, "second")
    assert second.ticket.fence > late.ticket.fence
    await compute.store.turn([Settlement(late.ticket, Succeeded({"by": "late"}), Notes(("late",)))], {}, None)
    assert (await compute.job(job.id)).state is JobState.RUNNING
    await compute.store.turn([Settlement(second.ticket, Succeeded({"by": "second"}))], {}, None)
    await compute.store.turn(
        [Settlement(late.ticket, Failed(JobError(code="x", detail="x"), Category.INVALID))], {}, None
    )
    ended = await compute.job(job.id)
    assert (ended.state, ended.result) == (JobState.SUCCEEDED, {"by": "second"})
    assert await compute.ends(job.id) == ["succeeded"]
    assert (await compute.api(ADA).logs(job.id)).items == ()


async def test_an_end_written_twice_is_one_end(compute: Compute) -> None:
    job = await compute.submit("echo")
    child = await compute.submit("echo", depends_on=[job.id])
    mine = await claim(compute)
    for _ in range(2):
        await compute.store.turn([Settlement(mine.ticket, Succeeded({}))], {}, None)
    assert await compute.ends(job.id) == ["succeeded"]
    assert (await claim(compute)).ticket.job_id == child.id


@pytest.mark.parametrize("settings", [SHORT_LEASES], ids=["short"])
async def test_an_executor_stops_what_it_lost(compute: Compute, settings: ComputeSettings) -> None:
    executor = await compute.start_executor()
    job = await compute.submit("hold", retries=100)
    await compute.begun(job.id)

    async def taken_back() -> int:
        # A row that the executor is just writing is passed over.
        return await compute.store.recover(lambda holder: holder == executor.id)

    await eventually(taken_back)
    await compute.until(job.id, lambda _: job.id in compute.desk.cancelled)
    compute.desk.go_on.set()
    ended = await compute.end(job.id)
    assert ended.state is JobState.SUCCEEDED
    assert ended.attempt > 1
    assert await compute.ends(job.id) == ["succeeded"]


@pytest.mark.parametrize("settings", [SHORT_LEASES], ids=["short"])
async def test_a_claim_that_its_executor_does_not_know_of_goes_back(
    compute: Compute, settings: ComputeSettings
) -> None:
    other = await compute.start_executor(queues=["none"])
    job = await compute.submit("echo", queue="work.large", retries=0)
    turn = Wanted(other.id, ("work.large",), ("echo",), 1, timedelta(seconds=60))
    assert [one.ticket.job_id for one in await compute.store.turn([], {}, turn)] == [job.id]
    back = await compute.until(job.id, lambda job: job.state is JobState.QUEUED)
    assert (back.attempt, other.running) == (0, 0)


def test_this_process_is_there_and_others_places_are_unknown() -> None:
    mine = new_executor_id()
    assert not is_gone(mine)
    assert not is_gone(ELSEWHERE)
    assert not is_gone("")


def test_a_process_that_has_ended_is_gone() -> None:
    place, _, began, unique = new_executor_id().split("~")
    assert is_gone(f"{place}~{2**22 + 1}~{began}~{unique}")
    assert is_gone(f"{place}~1~0.00~{unique}")
