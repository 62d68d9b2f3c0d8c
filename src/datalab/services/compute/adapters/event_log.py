"""Writing what happens to jobs.

One transaction at a time writes a job's events, since it holds the job's row: so sequences become visible in order, and
who reads on from the last one misses nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.contracts.jobs import JobEventKind, JobState
from datalab.kernel.database.clock import database_now
from datalab.services.compute.adapters.rows import AnyRow
from datalab.services.compute.adapters.tables import job_events
from datalab.services.compute.model.attempt import Notes


@dataclass(frozen=True, slots=True)
class Entry:
    """An event that has no sequence yet."""

    kind: JobEventKind
    state: JobState | None = None
    progress: float | None = None
    message: str | None = None


def state_entry(state: JobState, message: str | None = None) -> Entry:
    """The job is in this state now."""
    return Entry(JobEventKind.STATE, state=state, message=message)


def note_entries(notes: Notes) -> list[Entry]:
    """Log lines in their order, then the latest progress."""
    entries = [Entry(JobEventKind.LOG, message=line) for line in notes.lines]
    if notes.progress is not None:
        fraction, message = notes.progress
        entries.append(Entry(JobEventKind.PROGRESS, progress=fraction, message=message or None))
    return entries


async def write_counted(connection: AsyncConnection, row: AnyRow, entries: Sequence[Entry], attempt: int) -> None:
    """Add events to the job whose row this transaction holds and whose ``last_sequence`` counts them already."""
    if not entries:
        return
    first = row.last_sequence - len(entries) + 1
    values = [
        {
            "job_id": row.id,
            "sequence": first + index,
            "kind": entry.kind.value,
            "attempt": attempt,
            "state": None if entry.state is None else entry.state.value,
            "progress": entry.progress,
            "message": entry.message,
        }
        for index, entry in enumerate(entries)
    ]
    await connection.execute(insert(job_events).values(at=database_now()), values)
