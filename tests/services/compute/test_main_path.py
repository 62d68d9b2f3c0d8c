"""A job is submitted, runs and succeeds, and tells of it."""

from itertools import pairwise

from datalab.contracts.jobs import JobEventKind, JobState

from .conftest import ADA, Compute


async def test_a_submitted_job_runs_and_succeeds(compute: Compute) -> None:
    await compute.start_executor()
    job = await compute.submit("echo", spec={"say": "good day"})
    assert job.state is JobState.QUEUED
    ended = await compute.end(job.id)
    assert ended.state is JobState.SUCCEEDED
    assert ended.result == {"said": "good day", "by": "ada"}
    assert ended.attempt == 1
    assert ended.progress == 1
    assert ended.error is None
    assert ended.started_at is not None
    assert ended.finished_at is not None
    assert ended.created_at <= ended.started_at <= ended.finished_at


async def test_its_events_tell_the_whole_story_in_order(compute: Compute) -> None:
    await compute.start_executor()
    job = await compute.submit("echo", spec={"say": "a\nb"})
    events = [event async for event in compute.api(ADA).events(job.id)]
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert [event.state for event in events if event.kind is JobEventKind.STATE] == [
        JobState.QUEUED,
        JobState.RUNNING,
        JobState.SUCCEEDED,
    ]
    assert [event.message for event in events if event.kind is JobEventKind.LOG] == ["a", "b"]
    assert [event.progress for event in events if event.kind is JobEventKind.PROGRESS] == [0.5]
    assert all(earlier.at <= later.at for earlier, later in pairwise(events))


async def test_a_handler_acts_as_the_jobs_owner(compute: Compute) -> None:
    await compute.start_executor()
    job = await compute.submit("echo")
    await compute.end(job.id)
    assert compute.gateway.asked == [("user-ada", ADA.identity.role, frozenset({"*"}), job.id)]
    assert compute.desk.contexts[0].caller.request_id == ADA.request_id


async def test_an_attempts_scratch_folder_is_gone_after_it(compute: Compute) -> None:
    await compute.start_executor()
    job = await compute.submit("echo")
    await compute.end(job.id)
    assert not compute.desk.contexts[0].scratch.exists()


async def test_text_that_no_database_takes_is_logged_all_the_same(compute: Compute) -> None:
    from .work import QUEUE, Echo, JobContext, JobKind

    async def handler(context: JobContext) -> dict[str, str]:
        await context.log("nul \x00, surrogate \ud800")
        return {"nul": "\x00"}

    await compute.start_executor(kinds=[JobKind("echo", QUEUE, Echo, handler)])  # pyright: ignore[reportArgumentType]
    job = await compute.submit("echo")
    ended = await compute.end(job.id)
    assert (ended.state, ended.result) == (JobState.SUCCEEDED, {"nul": "\x00"})
    page = await compute.api(ADA).logs(job.id)
    assert [line.message for line in page.items] == ["nul \ufffd, surrogate ?"]
