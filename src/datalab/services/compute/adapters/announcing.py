"""Telling others what became of a job, in the transaction in which it did."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.services.compute.adapters.rows import AnyRow

JOB_QUEUED = "job.queued"
"""A job can be claimed: ``{"id", "queue"}``."""

JOB_CANCELLING = "job.cancelling"
"""A running job shall stop: ``{"id"}``."""

JOB_ENDED = "job.ended"
"""A job has reached its end: ``{"id", "kind", "state", "owner"}``."""

Announce: TypeAlias = Callable[[AsyncConnection, str, str, Mapping[str, JsonValue]], Awaitable[None]]
"""Adds an event (topic, key, payload) to the transaction."""


async def announce_queued(announce: Announce, connection: AsyncConnection, row: AnyRow) -> None:
    """The job can be claimed, now or at the time it waits for."""
    await announce(connection, JOB_QUEUED, row.id, {"id": row.id, "queue": row.queue})


async def announce_cancelling(announce: Announce, connection: AsyncConnection, row: AnyRow) -> None:
    """Whoever runs the job shall stop it."""
    await announce(connection, JOB_CANCELLING, row.id, {"id": row.id})


async def announce_ended(announce: Announce, connection: AsyncConnection, row: AnyRow) -> None:
    """The job has ended."""
    payload: dict[str, JsonValue] = {"id": row.id, "kind": row.kind, "state": row.state, "owner": row.owner}
    await announce(connection, JOB_ENDED, row.id, payload)
