"""Workers that are killed at any moment: nothing acknowledged is lost, every job has one end."""

import pytest

from datalab.contracts.jobs import JobState
from datalab.kernel.database.url import DatabaseUrl
from datalab.kernel.failpoint import names

from .conftest import Compute
from .processes import ROOT, worker_process

FAILPOINTS = names(ROOT / "src" / "datalab" / "services" / "compute")


async def test_a_killed_workers_job_is_run_again_to_one_end(compute: Compute, database_url: DatabaseUrl) -> None:
    job = await compute.submit("hold")
    async with worker_process(database_url, compute.scratch, "run") as process:
        assert await process.lines_until("begun") == [f"begun {job.id}"]
        await process.kill()
    compute.desk.go_on.set()
    await compute.start_executor()
    ended = await compute.end(job.id)
    assert (ended.state, ended.attempt) == (JobState.SUCCEEDED, 2)
    assert await compute.states(job.id) == ["queued", "running", "queued", "running", "succeeded"]


async def test_a_killed_workers_scratch_is_cleared(compute: Compute, database_url: DatabaseUrl) -> None:
    await compute.submit("hold")
    async with worker_process(database_url, compute.scratch, "run") as process:
        await process.lines_until("begun")
        await process.kill()
    left = list(compute.scratch.iterdir())
    assert len(left) == 1
    compute.desk.go_on.set()
    await compute.start_executor()
    await compute.end((await compute.submit("echo")).id)
    assert left[0] not in list(compute.scratch.iterdir())


@pytest.mark.parametrize("failpoint", FAILPOINTS)
async def test_death_at_a_failpoint_loses_nothing(compute: Compute, database_url: DatabaseUrl, failpoint: str) -> None:
    scenario = "hold" if failpoint.startswith("compute.lease.") else "everything"
    async with worker_process(database_url, compute.scratch, scenario, failpoint) as process:
        told = await process.lines_until("done")
        assert not told or not told[-1].startswith("done"), f"{failpoint} was not reached"
        await process.killed()
    compute.desk.go_on.set()
    await compute.start_executor()
    acknowledged = [line.split()[1] for line in told if line.startswith("submitted")]
    for job_id in acknowledged:
        await compute.end(job_id)
        # A retry that was asked for opens a job again, so only what came after it counts.
        states = await compute.states(job_id)
        assert sum(JobState(state).ended for state in states[_last_opening(states) :]) == 1, states


def _last_opening(states: list[str]) -> int:
    """Where the last ``queued`` after an end is."""
    reopened = [
        index for index in range(1, len(states)) if states[index] == "queued" and JobState(states[index - 1]).ended
    ]
    return reopened[-1] if reopened else 0
