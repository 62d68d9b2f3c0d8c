"""Jobs are the same by every road."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime

import pytest
from tests.conformance.platform import ROADS, Apis, World
from tests.conformance.told import Ask, same_answer, same_refusal

from datalab.contracts.compute import ComputeApi, JobEnded, JobFilter, JobNotEnded, JobNotFound
from datalab.contracts.errors import IdempotencyMismatch, InvalidInput, PlatformError
from datalab.contracts.identity import Role
from datalab.contracts.ids import new_id
from datalab.contracts.jobs import Job, JobEventKind, JobState, JobSubmission
from datalab.contracts.model import PageRequest

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.xdist_group("conformance")]

QUICK = JobSubmission(kind="sql", spec={"sql": "SELECT 42 AS answer"}, tags=("conformance",))
ENDLESS = JobSubmission(kind="sql", spec={"sql": "SELECT count(*) FROM range(10000000000) a, range(1000) b"})
LATER = datetime(2099, 1, 1, tzinfo=UTC)
NO_JOB = "0198c0de-0000-7000-8000-000000000000"


async def ended(api: ComputeApi, job: Job) -> Job:
    """The job once it has ended."""
    async with asyncio.timeout(60):
        async for _ in api.events(job.id):
            pass
    return await api.get_job(job.id)


async def a_finished_job(roads: list[Apis]) -> Job:
    """One that has succeeded."""
    return await ended(roads[0].compute, await roads[0].compute.submit(QUICK))


@pytest.mark.parametrize("road", ROADS)
async def test_a_job_is_submitted_followed_and_answered(world: World, road: str):
    api = world.by_road(road, await world.caller(Role.EDITOR)).compute
    submitted = await api.submit(QUICK)
    assert (submitted.kind, submitted.state, submitted.tags) == ("sql", JobState.QUEUED, ("conformance",))
    done = await ended(api, submitted)
    assert (done.state, done.error) == (JobState.SUCCEEDED, None)
    assert done.result is not None
    assert done.result["rows"] == [[42]]


async def test_reading_a_job_answers_the_same(world: World):
    roads = await world.roads(Role.EDITOR)
    job = await a_finished_job(roads)
    assert (await same_answer(roads, lambda api: api.compute.get_job(job.id))).state is JobState.SUCCEEDED
    logs = await same_answer(roads, lambda api: api.compute.logs(job.id))
    assert [line.message for line in logs.items if "running" in str(line.message)]
    assert (await same_answer(roads, lambda api: api.compute.logs(job.id, logs.items[-1].sequence))).items == ()


async def test_events_come_whole_in_order_and_resume_after_a_sequence(world: World):
    roads = await world.roads(Role.EDITOR)
    job = await a_finished_job(roads)

    async def told(api: Apis, after: int):
        return [event async for event in api.compute.events(job.id, after)]

    events = await same_answer(roads, lambda api: told(api, 0))
    assert [one.sequence for one in events] == list(range(1, len(events) + 1))
    assert [one.state for one in events if one.kind is JobEventKind.STATE][-1] is JobState.SUCCEEDED
    assert await same_answer(roads, lambda api: told(api, 2)) == events[2:]
    assert await same_answer(roads, lambda api: told(api, len(events))) == []


@pytest.mark.parametrize("road", ROADS)
async def test_events_arrive_while_the_job_runs_and_may_be_left(world: World, road: str):
    api = world.by_road(road, await world.caller(Role.EDITOR)).compute
    job = await api.submit(ENDLESS)
    async with asyncio.timeout(60), aclosing(api.events(job.id)) as events:  # pyright: ignore[reportArgumentType]
        async for event in events:
            if event.state is JobState.RUNNING:
                break
    stopped = await ended(api, await api.cancel(job.id))
    assert stopped.state is JobState.CANCELLED


@pytest.mark.parametrize("road", ROADS)
async def test_a_follower_can_be_cancelled(world: World, road: str):
    api = world.by_road(road, await world.caller(Role.EDITOR)).compute
    job = await api.submit(QUICK.model_copy(update={"run_at": LATER}))
    begun = asyncio.Event()

    async def follow() -> None:
        async for _ in api.events(job.id):
            begun.set()

    task = asyncio.create_task(follow())
    async with asyncio.timeout(30):
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert (await api.cancel(job.id)).state is JobState.CANCELLED


async def test_an_idempotency_key_names_one_job_on_all_roads(world: World):
    roads, key = await world.roads(Role.EDITOR), new_id()
    jobs = {(await road.compute.submit(QUICK, key)).id for road in roads}
    assert len(jobs) == 1
    other = QUICK.model_copy(update={"priority": 5})
    assert (await same_refusal(roads, lambda api: api.compute.submit(other, key))).kind is IdempotencyMismatch


async def test_pages_follow_the_same_cursors(world: World):
    roads, tag = await world.roads(Role.EDITOR), new_id()
    submission = QUICK.model_copy(update={"tags": (tag,), "run_at": LATER})
    made = [await roads[0].compute.submit(submission) for _ in range(3)]
    which = JobFilter(tag=tag, state=JobState.QUEUED)
    first = await same_answer(roads, lambda api: api.compute.list_jobs(which, PageRequest(limit=2)))
    assert [job.id for job in first.items] == [made[2].id, made[1].id]
    rest = PageRequest(limit=2, cursor=first.next_cursor)
    last = await same_answer(roads, lambda api: api.compute.list_jobs(which, rest))
    assert ([job.id for job in last.items], last.next_cursor) == ([made[0].id], None)
    for job in made:
        await roads[0].compute.cancel(job.id)


async def test_what_has_ended_is_not_cancelled_and_what_has_not_is_not_retried(world: World):
    roads = await world.roads(Role.EDITOR)
    job = await a_finished_job(roads)
    assert (await same_refusal(roads, lambda api: api.compute.cancel(job.id))).kind is JobEnded
    later = await roads[0].compute.submit(QUICK.model_copy(update={"run_at": LATER}))
    assert (await same_refusal(roads, lambda api: api.compute.retry(later.id))).kind is JobNotEnded
    await roads[0].compute.cancel(later.id)


async def test_another_owners_job_is_not_found(world: World):
    job = await (await world.roads(Role.ADMIN))[0].compute.submit(QUICK)
    others = await world.roads(Role.EDITOR)
    assert (await same_refusal(others, lambda api: api.compute.get_job(job.id))).kind is JobNotFound
    assert (await same_refusal(others, lambda api: api.compute.cancel(job.id))).kind is JobNotFound


async def followed(api: Apis) -> None:
    async for _ in api.compute.events(NO_JOB):
        pass


REFUSALS: dict[str, tuple[type[PlatformError], Ask]] = {
    "unknown job": (JobNotFound, lambda api: api.compute.get_job(NO_JOB)),
    "logs of nothing": (JobNotFound, lambda api: api.compute.logs(NO_JOB)),
    "events of nothing": (JobNotFound, followed),
    "retry of nothing": (JobNotFound, lambda api: api.compute.retry(NO_JOB)),
    "no id": (JobNotFound, lambda api: api.compute.get_job("no id, ünknown")),
    "unknown kind": (InvalidInput, lambda api: api.compute.submit(JobSubmission(kind="dance"))),
    "a spec's field": (InvalidInput, lambda api: api.compute.submit(JobSubmission(kind="sql", spec={"sqll": "x"}))),
    "no such dependency": (
        PlatformError,
        lambda api: api.compute.submit(QUICK.model_copy(update={"depends_on": (NO_JOB,)})),
    ),
    "queue": (InvalidInput, lambda api: api.compute.submit(QUICK.model_copy(update={"queue": "nowhere"}))),
    "key": (InvalidInput, lambda api: api.compute.submit(QUICK, "k" * 300)),
    "cursor": (InvalidInput, lambda api: api.compute.list_jobs(JobFilter(), PageRequest(cursor="no cursor"))),
}


@pytest.mark.parametrize("what", REFUSALS)
async def test_a_refusal_is_the_same(world: World, what: str):
    kind, ask = REFUSALS[what]
    told = await same_refusal(await world.roads(Role.EDITOR), ask)
    assert issubclass(told.kind, kind)
    assert told.detail
