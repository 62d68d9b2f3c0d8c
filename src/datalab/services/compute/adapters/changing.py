"""What a job's owner does to it: stop it, have it tried again."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.contracts.compute import JobEnded, JobNotEnded, JobNotFound
from datalab.contracts.errors import Conflict
from datalab.contracts.jobs import JobError, JobState
from datalab.kernel.database.clock import database_now
from datalab.kernel.failpoint import reach
from datalab.services.compute.adapters.announcing import Announce, announce_cancelling, announce_queued
from datalab.services.compute.adapters.event_log import state_entry, write_counted
from datalab.services.compute.adapters.finishing import conclude
from datalab.services.compute.adapters.rows import AnyRow
from datalab.services.compute.adapters.tables import job_dependencies, jobs
from datalab.services.compute.model.verdict import Verdict

_BEFORE_IT_BEGAN = JobError(code="cancelled", detail="the job was cancelled before it began")


async def cancel(connection: AsyncConnection, announce: Announce, job_id: str, owner: str | None) -> None:
    """End a queued job; ask whoever runs it to stop a running one. See the port."""
    row = await _hold(connection, job_id, owner)
    state = JobState(row.state)
    if state.ended:
        raise JobEnded(f"job {job_id} has ended as {state.value} already; there is nothing left to cancel")
    if state is JobState.QUEUED:
        verdict = Verdict(JobState.CANCELLED, error=_BEFORE_IT_BEGAN, message=_BEFORE_IT_BEGAN.detail)
        await conclude(connection, announce, row, verdict)
        return
    if row.cancel_requested:
        return
    wished = (
        update(jobs)
        .where(jobs.c.id == job_id)
        .values(cancel_requested=True, last_sequence=jobs.c.last_sequence + 1)
        .returning(*jobs.c)
    )
    changed = (await connection.execute(wished)).one()
    reach("compute.cancel.after_job")
    await write_counted(connection, changed, [state_entry(JobState.RUNNING, "cancellation requested")], row.attempt)
    reach("compute.cancel.after_event")
    await announce_cancelling(announce, connection, row)


async def retry(connection: AsyncConnection, announce: Announce, job_id: str, owner: str | None) -> None:
    """Queue an ended job anew with all its retries. See the port."""
    row = await _hold(connection, job_id, owner)
    if not JobState(row.state).ended:
        raise JobNotEnded(f"job {job_id} is {row.state}; it can be tried again once it has ended")
    await _refuse_unmet(connection, job_id)
    queued = (
        update(jobs)
        .where(jobs.c.id == job_id)
        .values(
            state=JobState.QUEUED.value,
            last_sequence=jobs.c.last_sequence + 1,
            ready_at=database_now(),
            retries_left=row.retries,
            cancel_requested=False,
            progress=0.0,
            progress_message=None,
            result=None,
            error_code=None,
            error_detail=None,
            started_at=None,
            finished_at=None,
            # It was for the first run; kept, it would fail every later one at once.
            deadline=None,
        )
        .returning(*jobs.c)
    )
    changed = (await connection.execute(queued)).one()
    reach("compute.retry.after_job")
    await write_counted(connection, changed, [state_entry(JobState.QUEUED, "tried again on request")], row.attempt)
    reach("compute.retry.after_event")
    if changed.waiting_for == 0:
        await announce_queued(announce, connection, changed)


async def _hold(connection: AsyncConnection, job_id: str, owner: str | None) -> AnyRow:
    statement = select(jobs).where(jobs.c.id == job_id).with_for_update()
    row = (await connection.execute(statement)).one_or_none()
    if row is None or (owner is not None and row.owner != owner):
        raise JobNotFound(job_id)
    return row


async def _refuse_unmet(connection: AsyncConnection, job_id: str) -> None:
    """A dependency that has failed would never release the job: it comes first."""
    unmet = (
        select(jobs.c.id, jobs.c.state)
        .join(job_dependencies, job_dependencies.c.depends_on == jobs.c.id)
        .where(
            job_dependencies.c.job_id == job_id,
            job_dependencies.c.satisfied.is_(False),
            jobs.c.state.in_([state.value for state in JobState if state.ended and state is not JobState.SUCCEEDED]),
        )
        .order_by(jobs.c.id)
        .with_for_update(read=True, of=jobs)
    )
    first = (await connection.execute(unmet)).first()
    if first is not None:
        raise Conflict(f"job {job_id} waits for job {first.id}, which is {first.state}; retry that one first")
