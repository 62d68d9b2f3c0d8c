"""Claiming jobs and keeping their leases, by the database's clock."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.contracts.jobs import JobEventKind, JobState
from datalab.kernel.database.clock import database_now
from datalab.kernel.failpoint import reach
from datalab.services.compute.adapters.announcing import Announce
from datalab.services.compute.adapters.finishing import conclude, hold_running, settle
from datalab.services.compute.adapters.rows import claim_of
from datalab.services.compute.adapters.tables import job_events, jobs
from datalab.services.compute.model.attempt import Claim, Look, Lost, Settlement, Ticket, Wanted
from datalab.services.compute.model.verdict import missed_deadline

_BATCH = 100
_QUEUED = JobState.QUEUED.value
_RUNNING = JobState.RUNNING.value


async def look(connection: AsyncConnection, wanted: Wanted) -> Look:
    """See the port."""
    claimable = False
    if wanted.count > 0:
        found = await connection.execute(_claimable(wanted).where(jobs.c.queue.in_(wanted.queues)).limit(1))
        claimable = found.first() is not None
    stopping = select(jobs.c.id, jobs.c.fence).where(
        jobs.c.lease_owner == wanted.executor, jobs.c.state == _RUNNING, jobs.c.cancel_requested
    )
    rows = await connection.execute(stopping)
    return Look(claimable, frozenset(Ticket(row.id, row.fence) for row in rows))


async def claim(connection: AsyncConnection, wanted: Wanted) -> list[Claim]:
    """Take jobs of the queues in their order until there are as many as wanted; nobody else can take the same."""
    claims: list[Claim] = []
    for queue in wanted.queues:
        if len(claims) < wanted.count:
            claims += await _claim_from(connection, wanted, queue, wanted.count - len(claims))
    return claims


async def _claim_from(connection: AsyncConnection, wanted: Wanted, queue: str, count: int) -> list[Claim]:
    ordered = (
        _claimable(wanted).where(jobs.c.queue == queue).order_by(jobs.c.priority.desc(), jobs.c.ready_at, jobs.c.id)
    )
    free = ordered.limit(count).with_for_update(skip_locked=True)
    chosen = list((await connection.execute(free)).scalars())
    if not chosen:
        return []
    taken = (
        update(jobs)
        .where(jobs.c.id.in_(chosen))
        .values(
            state=_RUNNING,
            fence=jobs.c.fence + 1,
            attempt=jobs.c.attempt + 1,
            lease_owner=wanted.executor,
            lease_until=database_now(wanted.lease),
            started_at=database_now(),
            last_sequence=jobs.c.last_sequence + 1,
        )
        .returning(*jobs.c)
    )
    rows = {row.id: row for row in await connection.execute(taken)}
    reach("compute.claim.after_jobs")
    started = [
        {"job_id": row.id, "sequence": row.last_sequence, "attempt": row.attempt, "state": _RUNNING}
        for row in rows.values()
    ]
    await connection.execute(insert(job_events).values(at=database_now(), kind=JobEventKind.STATE.value), started)
    reach("compute.claim.after_events")
    return [claim_of(rows[job_id]) for job_id in chosen]


def _claimable(wanted: Wanted) -> Select[tuple[str]]:
    return select(jobs.c.id).where(
        jobs.c.state == _QUEUED,
        jobs.c.waiting_for == 0,
        jobs.c.kind.in_(wanted.kinds),
        jobs.c.ready_at <= database_now(),
        or_(jobs.c.deadline.is_(None), jobs.c.deadline > database_now()),
    )


async def renew(connection: AsyncConnection, executor: str, lease: timedelta) -> frozenset[Ticket]:
    """See the port."""
    prolonged = (
        update(jobs)
        .where(jobs.c.lease_owner == executor, jobs.c.state == _RUNNING)
        .values(lease_until=database_now(lease))
        .returning(jobs.c.id, jobs.c.fence)
    )
    return frozenset(Ticket(row.id, row.fence) for row in await connection.execute(prolonged))


async def holds(connection: AsyncConnection, ticket: Ticket) -> bool:
    """See the port."""
    mine = select(jobs.c.id).where(
        jobs.c.id == ticket.job_id,
        jobs.c.fence == ticket.fence,
        jobs.c.state == _RUNNING,
        jobs.c.lease_until >= database_now(),
    )
    return (await connection.execute(mine)).first() is not None


async def lease_holders(connection: AsyncConnection) -> set[str]:
    """The executors that hold leases."""
    statement = select(jobs.c.lease_owner).where(jobs.c.state == _RUNNING).distinct()
    return {holder for holder in (await connection.execute(statement)).scalars() if holder}


async def anything_to_recover(connection: AsyncConnection, dead: Sequence[str]) -> bool:
    """Whether :func:`recover` would find something."""
    due = select(jobs.c.id).where(or_(_lost(dead), _overdue())).limit(1)
    return (await connection.execute(due)).first() is not None


async def recover(connection: AsyncConnection, announce: Announce, dead: Sequence[str]) -> int:
    """See the port; at most a batch of each at once."""
    lost = select(jobs.c.id, jobs.c.fence).where(_lost(dead)).order_by(jobs.c.id).limit(_BATCH)
    tickets = [Ticket(row.id, row.fence) for row in await connection.execute(lost.with_for_update(skip_locked=True))]
    held = await hold_running(connection, tickets)
    await settle(connection, announce, [Settlement(ticket, Lost()) for ticket in tickets], held)
    reach("compute.recover.after_lost")
    overdue = select(jobs).where(_overdue()).order_by(jobs.c.id).limit(_BATCH).with_for_update(skip_locked=True)
    late = (await connection.execute(overdue)).all()
    for row in late:
        await conclude(connection, announce, row, missed_deadline(row.deadline))
        reach("compute.recover.after_late")
    return len(tickets) + len(late)


def _lost(dead: Sequence[str]) -> ColumnElement[bool]:
    return and_(jobs.c.state == _RUNNING, or_(jobs.c.lease_until < database_now(), jobs.c.lease_owner.in_(list(dead))))


def _overdue() -> ColumnElement[bool]:
    return and_(jobs.c.state == _QUEUED, jobs.c.deadline <= database_now())
