"""Which job runs when: dependencies, priorities, times, queues."""

from datetime import UTC, datetime, timedelta

import pytest

from datalab.contracts.errors import Conflict
from datalab.contracts.jobs import JobState
from datalab.services.compute.model.attempt import Wanted

from .conftest import ADA, ADMIN, Compute


async def test_a_chain_runs_in_its_order(compute: Compute) -> None:
    first = await compute.submit("echo")
    second = await compute.submit("echo", depends_on=[first.id])
    third = await compute.submit("echo", depends_on=[second.id])
    await compute.start_executor()
    assert (await compute.end(third.id)).state is JobState.SUCCEEDED
    assert compute.desk.runs == [first.id, second.id, third.id]


async def test_a_diamond_ends_with_its_last_job_run_once_after_both_sides(compute: Compute) -> None:
    top = await compute.submit("echo")
    sides = [await compute.submit("echo", depends_on=[top.id]) for _ in range(2)]
    bottom = await compute.submit("echo", depends_on=[side.id for side in sides])
    await compute.start_executor()
    await compute.end(bottom.id)
    assert compute.desk.runs[0] == top.id
    assert sorted(compute.desk.runs[1:3]) == sorted(side.id for side in sides)
    assert compute.desk.runs[3:] == [bottom.id]


async def test_a_failed_job_fails_all_that_wait_for_it_by_name(compute: Compute) -> None:
    parent = await compute.submit("fail", spec={"error": "InvalidInput"})
    child = await compute.submit("echo", depends_on=[parent.id])
    grandchild = await compute.submit("echo", depends_on=[child.id])
    await compute.start_executor()
    for job_id, named in ((child.id, parent.id), (grandchild.id, child.id)):
        ended = await compute.end(job_id)
        assert ended.state is JobState.FAILED
        assert ended.error is not None
        assert ended.error.code == "dependency_failed"
        assert named in ended.error.detail
        assert "it went wrong" in ended.error.detail
        assert await compute.ends(job_id) == ["failed"]
    assert compute.desk.runs == [parent.id]


async def test_a_cancelled_job_cancels_all_that_wait_for_it(compute: Compute) -> None:
    parent = await compute.submit("echo")
    child = await compute.submit("echo", depends_on=[parent.id])
    await compute.api(ADA).cancel(parent.id)
    ended = await compute.job(child.id)
    assert ended.error is not None
    assert (ended.state, ended.error.code) == (JobState.CANCELLED, "dependency_cancelled")


async def test_a_job_that_waits_for_one_that_failed_already_fails_at_once(compute: Compute) -> None:
    parent = await compute.submit("echo")
    await compute.api(ADA).cancel(parent.id)
    late = await compute.submit("echo", depends_on=[parent.id])
    assert late.state is JobState.CANCELLED


async def test_a_job_that_waits_for_one_that_succeeded_already_runs(compute: Compute) -> None:
    await compute.start_executor()
    parent = await compute.submit("echo")
    await compute.end(parent.id)
    child = await compute.submit("echo", depends_on=[parent.id, parent.id])
    ended = await compute.end(child.id)
    assert (ended.state, ended.depends_on) == (JobState.SUCCEEDED, (parent.id,))


async def test_a_retried_parent_releases_a_retried_child(compute: Compute) -> None:
    await compute.start_executor()
    parent = await compute.submit("fail", spec={"error": "InvalidInput", "times": 1})
    child = await compute.submit("echo", depends_on=[parent.id])
    await compute.end(child.id)
    with pytest.raises(Conflict, match=parent.id):
        await compute.api(ADA).retry(child.id)
    await compute.api(ADA).retry(parent.id)
    await compute.end(parent.id)
    await compute.api(ADA).retry(child.id)
    assert (await compute.end(child.id)).state is JobState.SUCCEEDED


async def test_a_job_run_again_does_not_release_its_children_twice(compute: Compute) -> None:
    await compute.start_executor()
    first = await compute.submit("echo")
    await compute.end(first.id)
    gate = await compute.submit("hold")
    child = await compute.submit("echo", depends_on=[first.id, gate.id])
    await compute.api(ADA).retry(first.id)
    await compute.end(first.id)
    assert (await compute.job(child.id)).state is JobState.QUEUED
    compute.desk.go_on.set()
    await compute.end(child.id)
    assert compute.desk.runs.count(child.id) == 1


async def test_the_greater_priority_runs_first_and_equals_in_their_order(compute: Compute) -> None:
    low = await compute.submit("echo", priority=-1)
    first, second = await compute.submit("echo"), await compute.submit("echo")
    high = await compute.submit("echo", priority=7)
    wanted = Wanted("someone", ("work",), ("echo",), 10, timedelta(seconds=60))
    claims = await compute.store.turn([], {}, wanted)
    assert [claim.ticket.job_id for claim in claims] == [high.id, first.id, second.id, low.id]


async def test_a_job_waits_for_its_time(compute: Compute) -> None:
    await compute.start_executor()
    later = await compute.submit("echo", run_at=datetime.now(UTC) + timedelta(hours=1))
    now = await compute.submit("echo", run_at=datetime.now(UTC) - timedelta(hours=1))
    await compute.end(now.id)
    assert (await compute.job(later.id)).state is JobState.QUEUED


async def test_a_job_that_has_not_begun_by_its_deadline_fails(compute: Compute) -> None:
    await compute.start_executor()
    job = await compute.submit("echo", deadline=datetime.now(UTC) - timedelta(seconds=1))
    ended = await compute.end(job.id)
    assert ended.error is not None
    assert (ended.state, ended.error.code) == (JobState.FAILED, "deadline_missed")
    assert compute.desk.runs == []


async def test_a_job_is_left_to_workers_of_its_queue(compute: Compute) -> None:
    await compute.start_executor(queues=["work"])
    special = await compute.submit("echo", queue="work.large")
    await compute.end((await compute.submit("echo")).id)
    assert (await compute.job(special.id)).state is JobState.QUEUED
    await compute.start_executor(queues=["work.large"])
    assert (await compute.end(special.id)).state is JobState.SUCCEEDED


async def test_a_job_is_left_to_workers_that_know_its_kind(compute: Compute) -> None:
    from .work import echo

    await compute.start_executor(kinds=[echo(compute.desk)])
    unknown = await compute.submit("hold")
    await compute.end((await compute.submit("echo")).id)
    assert (await compute.job(unknown.id)).state is JobState.QUEUED


async def test_many_children_end_with_their_parent_once_each(compute: Compute) -> None:
    parent = await compute.submit("fail", spec={"error": "InvalidInput"})
    children = [await compute.submit("echo", depends_on=[parent.id]) for _ in range(10)]
    bottom = await compute.submit("echo", depends_on=[child.id for child in children], who=ADMIN)
    await compute.start_executor()
    await compute.end(bottom.id)
    assert [await compute.ends(job.id) for job in (*children, bottom)] == [["failed"]] * 11
