"""A row of the job table as a contract."""

from typing import Any

from sqlalchemy import Row

from datalab.contracts.identity import Role
from datalab.contracts.jobs import Job, JobError, JobEvent, JobEventKind, JobState
from datalab.services.compute.model.attempt import Claim, Ticket
from datalab.services.compute.model.submission import Submitter
from datalab.services.compute.model.verdict import Standing

AnyRow = Row[Any]


def job_of(row: AnyRow) -> Job:
    """The job."""
    return Job(
        id=row.id,
        kind=row.kind,
        queue=row.queue,
        spec=row.spec,
        state=JobState(row.state),
        progress=row.progress,
        progress_message=row.progress_message,
        result=row.result,
        error=error_of(row),
        attempt=row.attempt,
        retries=row.retries,
        priority=row.priority,
        depends_on=tuple(row.depends_on),
        tags=tuple(row.tags),
        owner=row.owner,
        timeout_s=row.timeout_s,
        run_at=row.run_at,
        deadline=row.deadline,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def error_of(row: AnyRow) -> JobError | None:
    """Why its last attempt failed."""
    return None if row.error_code is None else JobError(code=row.error_code, detail=row.error_detail or "")


def claim_of(row: AnyRow) -> Claim:
    """The job with the proof that it is the claimer's."""
    submitter = Submitter(
        row.owner, row.owner_name, Role(row.owner_role), frozenset(row.scopes), row.request_id, row.traceparent
    )
    return Claim(Ticket(row.id, row.fence), job_of(row), submitter)


def standing_of(row: AnyRow) -> Standing:
    """What a verdict depends on."""
    return Standing(row.attempt, row.retries, row.retries_left, row.cancel_requested)


def event_of(row: AnyRow) -> JobEvent:
    """The event."""
    return JobEvent(
        sequence=row.sequence,
        at=row.at,
        kind=JobEventKind(row.kind),
        attempt=row.attempt,
        state=None if row.state is None else JobState(row.state),
        progress=row.progress,
        message=row.message,
    )
