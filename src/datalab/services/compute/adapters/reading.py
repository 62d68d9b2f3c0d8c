"""Reading jobs and their events."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.contracts.compute import JobFilter, JobNotFound
from datalab.contracts.jobs import Job, JobEventKind, JobState
from datalab.services.compute.adapters.rows import event_of, job_of
from datalab.services.compute.adapters.tables import job_events, job_tags, jobs
from datalab.services.compute.ports import Happenings

_LIVE = (JobState.QUEUED.value, JobState.RUNNING.value)


async def read_job(connection: AsyncConnection, job_id: str, owner: str | None) -> Job:
    """See the port."""
    row = (await connection.execute(_narrowed(select(jobs).where(jobs.c.id == job_id), owner))).one_or_none()
    if row is None:
        raise JobNotFound(job_id)
    return job_of(row)


async def read_newest(
    connection: AsyncConnection, which: JobFilter, owner: str | None, limit: int, before: str | None
) -> Sequence[Job]:
    """See the port."""
    statement = _narrowed(select(jobs), owner).order_by(jobs.c.id.desc()).limit(limit)
    if which.state is not None:
        statement = statement.where(jobs.c.state == which.state.value)
    if which.kind is not None:
        statement = statement.where(jobs.c.kind == which.kind)
    if which.tag is not None:
        statement = statement.join(job_tags, job_tags.c.job_id == jobs.c.id).where(job_tags.c.tag == which.tag)
    if before is not None:
        statement = statement.where(jobs.c.id < before)
    return [job_of(row) for row in await connection.execute(statement)]


async def read_happenings(
    connection: AsyncConnection, job_id: str, owner: str | None, *, after: int, kind: JobEventKind | None, limit: int
) -> Happenings:
    """See the port."""
    state = _narrowed(select(jobs.c.state).where(jobs.c.id == job_id), owner)
    row = (await connection.execute(state)).one_or_none()
    if row is None:
        raise JobNotFound(job_id)
    wanted = (
        select(job_events)
        .where(job_events.c.job_id == job_id, job_events.c.sequence > after)
        .order_by(job_events.c.sequence)
        .limit(limit)
    )
    if kind is not None:
        wanted = wanted.where(job_events.c.kind == kind.value)
    events = tuple(event_of(one) for one in await connection.execute(wanted))
    return Happenings(events, JobState(row.state).ended and len(events) < limit)


async def read_lengths(connection: AsyncConnection) -> dict[tuple[str, str], int]:
    """See the port."""
    statement = (
        select(jobs.c.queue, jobs.c.state, func.count().label("jobs"))
        .where(jobs.c.state.in_(_LIVE))
        .group_by(jobs.c.queue, jobs.c.state)
    )
    return {(row.queue, row.state): row.jobs for row in await connection.execute(statement)}


def _narrowed(statement: Select[Any], owner: str | None) -> Select[Any]:
    return statement if owner is None else statement.where(jobs.c.owner == owner)
