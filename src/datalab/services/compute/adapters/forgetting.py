"""Forgetting jobs that ended long ago, and keys under which nobody submits again. Several processes may do so at once."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.contracts.jobs import JobState
from datalab.kernel.database.clock import database_now
from datalab.kernel.upkeep import BATCH
from datalab.services.compute.adapters.tables import idempotency_keys, job_dependencies, jobs

_ENDED = [state.value for state in JobState if state.ended]


async def forget_jobs(connection: AsyncConnection, kept: timedelta) -> int:
    """Delete a batch of jobs that ended longer ago than ``kept``, with their events, tags and keys; how many there were.

    One on which another waited in vain stays as long as that one: it could be retried, and must then find it.
    """
    in_vain = select(job_dependencies.c.job_id).where(
        job_dependencies.c.depends_on == jobs.c.id, job_dependencies.c.satisfied.is_(False)
    )
    old = (
        select(jobs.c.id)
        .where(jobs.c.finished_at < database_now(-kept), jobs.c.state.in_(_ENDED), ~in_vain.exists())
        .order_by(jobs.c.finished_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    ids = list((await connection.execute(old)).scalars())
    if ids:
        await connection.execute(delete(idempotency_keys).where(idempotency_keys.c.job_id.in_(ids)))
        await connection.execute(delete(jobs).where(jobs.c.id.in_(ids)))
    return len(ids)


async def forget_keys(connection: AsyncConnection, kept: timedelta) -> int:
    """Delete a batch of the keys that are older than ``kept``; how many there were."""
    keys = idempotency_keys.c
    old = select(keys.owner, keys.key).where(keys.created_at < database_now(-kept)).limit(BATCH)
    found = (await connection.execute(old.with_for_update(skip_locked=True))).all()
    for row in found:
        await connection.execute(delete(idempotency_keys).where(keys.owner == row.owner, keys.key == row.key))
    return len(found)
