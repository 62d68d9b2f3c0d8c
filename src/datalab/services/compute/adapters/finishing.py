"""How attempts and jobs end. All of it happens in the caller's transaction, with the job's row held."""

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.contracts.jobs import JobState
from datalab.kernel.database.clock import database_now
from datalab.kernel.failpoint import reach
from datalab.services.compute.adapters.announcing import Announce, announce_ended, announce_queued
from datalab.services.compute.adapters.event_log import note_entries, state_entry, write_counted
from datalab.services.compute.adapters.rows import AnyRow, error_of, standing_of
from datalab.services.compute.adapters.tables import job_dependencies, jobs
from datalab.services.compute.model.attempt import Notes, Settlement, Ticket
from datalab.services.compute.model.verdict import Verdict, after_dependency, judge


async def hold_running(connection: AsyncConnection, tickets: Sequence[Ticket]) -> dict[Ticket, AnyRow]:
    """The rows of those attempts that still hold their job, locked in the order that every transaction keeps."""
    wanted = [ticket.job_id for ticket in tickets]
    statement = (
        select(jobs)
        .where(jobs.c.id.in_(wanted), jobs.c.state == JobState.RUNNING.value)
        .order_by(jobs.c.id)
        .with_for_update()
    )
    rows = (await connection.execute(statement)).all()
    found = {Ticket(row.id, row.fence): row for row in rows}
    return {ticket: found[ticket] for ticket in tickets if ticket in found}


async def settle(
    connection: AsyncConnection,
    announce: Announce,
    settlements: Sequence[Settlement],
    held: Mapping[Ticket, AnyRow],
) -> None:
    """End these attempts; one that is not among those that hold their job changes nothing."""
    for settlement in sorted(settlements, key=lambda one: one.ticket):
        row = held.get(settlement.ticket)
        if row is not None:
            verdict = judge(settlement.outcome, standing_of(row))
            await conclude(connection, announce, row, verdict, settlement.notes)


async def conclude(
    connection: AsyncConnection, announce: Announce, row: AnyRow, verdict: Verdict, notes: Notes | None = None
) -> None:
    """Put the verdict on a job into effect, and what follows from it for those that wait for the job."""
    entries = [*note_entries(notes or Notes()), state_entry(verdict.state, verdict.message)]
    changed = await _update(connection, row, verdict, len(entries))
    reach("compute.finish.after_job")
    await write_counted(connection, changed, entries, row.attempt)
    reach("compute.finish.after_events")
    if verdict.state is JobState.QUEUED:
        await announce_queued(announce, connection, changed)
        return
    await announce_ended(announce, connection, changed)
    reach("compute.finish.after_announcement")
    if verdict.state is JobState.SUCCEEDED:
        await _release_dependants(connection, announce, row.id)
    else:
        await _end_dependants(connection, announce, changed)


async def _update(connection: AsyncConnection, row: AnyRow, verdict: Verdict, events: int) -> AnyRow:
    values: dict[str, Any] = {
        "state": verdict.state.value,
        "error_code": verdict.error.code if verdict.error else None,
        "error_detail": verdict.error.detail if verdict.error else None,
        "result": None if verdict.result is None else dict(verdict.result),
        "lease_owner": None,
        "lease_until": None,
        "retries_left": row.retries_left - int(verdict.spends_retry),
        "attempt": row.attempt - int(not verdict.counts),
        "last_sequence": jobs.c.last_sequence + events,
    }
    if verdict.state is JobState.QUEUED:
        values |= {
            "ready_at": database_now(timedelta(seconds=verdict.delay_s)),
            "progress": 0.0,
            "progress_message": None,
        }
    else:
        values["finished_at"] = database_now()
    if verdict.state is JobState.SUCCEEDED:
        values["progress"] = 1.0
    statement = update(jobs).where(jobs.c.id == row.id).values(values).returning(*jobs.c)
    return (await connection.execute(statement)).one()


async def _release_dependants(connection: AsyncConnection, announce: Announce, job_id: str) -> None:
    """Take the job off what others wait for; those that wait for nothing more can be claimed."""
    satisfied = (
        update(job_dependencies)
        .where(job_dependencies.c.depends_on == job_id, job_dependencies.c.satisfied.is_(False))
        .values(satisfied=True)
        .returning(job_dependencies.c.job_id)
    )
    released = sorted((await connection.execute(satisfied)).scalars())
    if not released:
        return
    reach("compute.finish.after_dependencies")
    # One by one and in order: two parents that end at once must not lock their children crosswise.
    for child in released:
        counted = update(jobs).where(jobs.c.id == child).values(waiting_for=jobs.c.waiting_for - 1).returning(*jobs.c)
        row = (await connection.execute(counted)).one()
        reach("compute.finish.after_dependant")
        if row.waiting_for == 0 and row.state == JobState.QUEUED.value:
            await announce_queued(announce, connection, row)


async def _end_dependants(connection: AsyncConnection, announce: Announce, ended: AnyRow) -> None:
    """End all that wait for the job, and all that wait for those."""
    parents = deque([ended])
    while parents:
        parent = parents.popleft()
        verdict = after_dependency(f"the {parent.kind} job {parent.id}", JobState(parent.state), error_of(parent))
        for child in await _waiting_for(connection, parent.id):
            changed = await _update(connection, child, verdict, 1)
            reach("compute.finish.after_dependants_end")
            await write_counted(connection, changed, [state_entry(verdict.state, verdict.message)], child.attempt)
            reach("compute.finish.after_dependants_event")
            await announce_ended(announce, connection, changed)
            parents.append(changed)


async def _waiting_for(connection: AsyncConnection, job_id: str) -> Sequence[AnyRow]:
    statement = (
        select(jobs)
        .join(job_dependencies, job_dependencies.c.job_id == jobs.c.id)
        .where(job_dependencies.c.depends_on == job_id, jobs.c.state == JobState.QUEUED.value)
        .order_by(jobs.c.id)
        .with_for_update(of=jobs)
    )
    return (await connection.execute(statement)).all()


async def note(connection: AsyncConnection, row: AnyRow, notes: Notes) -> None:
    """Keep what a running attempt said."""
    entries = note_entries(notes)
    values: dict[str, Any] = {"last_sequence": jobs.c.last_sequence + len(entries)}
    if notes.progress is not None:
        fraction, message = notes.progress
        values |= {"progress": fraction, "progress_message": message or None}
    statement = update(jobs).where(jobs.c.id == row.id).values(values).returning(*jobs.c)
    changed = (await connection.execute(statement)).one()
    reach("compute.note.after_job")
    await write_counted(connection, changed, entries, row.attempt)
