"""A submission's way into the table."""

from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.contracts.errors import FieldError, IdempotencyMismatch, InvalidInput
from datalab.contracts.jobs import JobState
from datalab.kernel.database.clock import database_now
from datalab.kernel.database.dialect import Dialect
from datalab.kernel.database.upsert import insert_if_absent
from datalab.kernel.failpoint import reach
from datalab.services.compute.adapters.announcing import Announce, announce_queued
from datalab.services.compute.adapters.event_log import state_entry, write_counted
from datalab.services.compute.adapters.finishing import conclude
from datalab.services.compute.adapters.rows import AnyRow, error_of
from datalab.services.compute.adapters.tables import idempotency_keys, job_dependencies, job_tags, jobs
from datalab.services.compute.model.submission import NewJob, fingerprint
from datalab.services.compute.model.verdict import after_dependency

_NAMED = 5


async def submit(connection: AsyncConnection, dialect: Dialect, announce: Announce, new: NewJob) -> str:
    """Queue the job, with its id or that of the one submitted before under the same key. See the port."""
    before = await _claim_key(connection, dialect, new)
    if before is not None:
        return before
    reach("compute.submit.after_key")
    parents = await _parents(connection, new)
    waiting_for = [parent for parent in parents if parent.state != JobState.SUCCEEDED.value]
    row = await _insert(connection, new, [parent.id for parent in parents], len(waiting_for))
    reach("compute.submit.after_job")
    await _insert_links(connection, new, parents)
    await write_counted(connection, row, [state_entry(JobState.QUEUED)], attempt=0)
    reach("compute.submit.after_event")
    unmet = next((parent for parent in waiting_for if JobState(parent.state).ended), None)
    if unmet is not None:
        name = f"the {unmet.kind} job {unmet.id}"
        await conclude(connection, announce, row, after_dependency(name, JobState(unmet.state), error_of(unmet)))
    elif not waiting_for:
        await announce_queued(announce, connection, row)
    reach("compute.submit.after_announcement")
    return new.id


async def _claim_key(connection: AsyncConnection, dialect: Dialect, new: NewJob) -> str | None:
    """The job that has the submission's key already, if one does."""
    if new.idempotency_key is None:
        return None
    owner, key, print_ = new.submitter.subject, new.idempotency_key, fingerprint(new.submission)
    claimed = insert_if_absent(dialect, idempotency_keys, key=["owner", "key"]).values(
        owner=owner, key=key, fingerprint=print_, job_id=new.id, created_at=database_now()
    )
    await connection.execute(claimed)
    holder = select(idempotency_keys).where(idempotency_keys.c.owner == owner, idempotency_keys.c.key == key)
    row = (await connection.execute(holder)).one()
    if row.fingerprint != print_:
        raise IdempotencyMismatch(
            f"the idempotency key {key[:80]!r} was used for another submission, job {row.job_id}; use a new key"
        )
    return None if row.job_id == new.id else str(row.job_id)


async def _parents(connection: AsyncConnection, new: NewJob) -> Sequence[AnyRow]:
    """The jobs that this one waits for, held so that none of them ends meanwhile."""
    wanted = tuple(dict.fromkeys(new.submission.depends_on))
    if not wanted:
        return ()
    found = select(jobs).where(jobs.c.id.in_(wanted)).order_by(jobs.c.id).with_for_update(read=True)
    if not new.sees_all:
        found = found.where(jobs.c.owner == new.submitter.subject)
    rows = {row.id: row for row in await connection.execute(found)}
    missing = [job_id for job_id in wanted if job_id not in rows]
    if missing:
        raise InvalidInput(
            f"depends_on: there is no job {', '.join(repr(one[:80]) for one in missing[:_NAMED])} that you may see",
            errors=[FieldError(where="body.depends_on", what="no such job", got=repr(one[:80])) for one in missing],
        )
    return [rows[job_id] for job_id in wanted]


async def _insert(connection: AsyncConnection, new: NewJob, depends_on: Sequence[str], waiting_for: int) -> AnyRow:
    submission, submitter = new.submission, new.submitter
    statement = (
        insert(jobs)
        .values(
            id=new.id,
            kind=submission.kind,
            queue=new.queue,
            spec=submission.spec,
            tags=list(dict.fromkeys(submission.tags)),
            depends_on=list(depends_on),
            priority=submission.priority,
            timeout_s=submission.timeout_s,
            retries=submission.retries,
            run_at=submission.run_at,
            deadline=submission.deadline,
            owner=submitter.subject,
            owner_name=submitter.name,
            owner_role=submitter.role.value,
            scopes=sorted(submitter.scopes),
            request_id=submitter.request_id,
            traceparent=submitter.traceparent,
            state=JobState.QUEUED.value,
            waiting_for=waiting_for,
            ready_at=submission.run_at or database_now(),
            attempt=0,
            retries_left=submission.retries,
            cancel_requested=False,
            progress=0.0,
            fence=0,
            last_sequence=1,
            created_at=database_now(),
        )
        .returning(*jobs.c)
    )
    return (await connection.execute(statement)).one()


async def _insert_links(connection: AsyncConnection, new: NewJob, parents: Sequence[AnyRow]) -> None:
    links = [
        {"job_id": new.id, "depends_on": parent.id, "satisfied": parent.state == JobState.SUCCEEDED.value}
        for parent in parents
    ]
    if links:
        await connection.execute(insert(job_dependencies), links)
        reach("compute.submit.after_dependencies")
    tags = [{"job_id": new.id, "tag": tag} for tag in dict.fromkeys(new.submission.tags)]
    if tags:
        await connection.execute(insert(job_tags), tags)
        reach("compute.submit.after_tags")
