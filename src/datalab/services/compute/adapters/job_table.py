"""The job table: every operation in a transaction of its own."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.contracts.compute import JobFilter
from datalab.contracts.jobs import Job, JobEventKind
from datalab.kernel.database.database import Database
from datalab.kernel.events.event import new_event
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.failpoint import reach
from datalab.kernel.upkeep import in_batches
from datalab.services.compute.adapters import changing, claiming, finishing, forgetting, reading, submitting
from datalab.services.compute.model.attempt import Claim, Look, Notes, Settlement, Ticket, Wanted
from datalab.services.compute.model.submission import NewJob
from datalab.services.compute.ports import Happenings


class JobTable:
    """Jobs in a database; implements the ports ``JobStore`` and ``AttemptStore``."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    async def submit(self, new: NewJob) -> Job:
        """See the port."""
        async with self._database.write() as connection:
            job_id = await submitting.submit(connection, self._database.dialect, self._announce, new)
            return await reading.read_job(connection, job_id, None)

    async def get(self, job_id: str, owner: str | None) -> Job:
        """See the port."""
        async with self._database.read() as connection:
            return await reading.read_job(connection, job_id, owner)

    async def newest(self, which: JobFilter, owner: str | None, limit: int, before: str | None) -> Sequence[Job]:
        """See the port."""
        async with self._database.read() as connection:
            return await reading.read_newest(connection, which, owner, limit, before)

    async def cancel(self, job_id: str, owner: str | None) -> Job:
        """See the port."""
        async with self._database.write() as connection:
            await changing.cancel(connection, self._announce, job_id, owner)
            return await reading.read_job(connection, job_id, owner)

    async def retry(self, job_id: str, owner: str | None) -> Job:
        """See the port."""
        async with self._database.write() as connection:
            await changing.retry(connection, self._announce, job_id, owner)
            return await reading.read_job(connection, job_id, owner)

    async def happenings(
        self, job_id: str, owner: str | None, *, after: int, kind: JobEventKind | None, limit: int
    ) -> Happenings:
        """See the port."""
        async with self._database.read() as connection:
            return await reading.read_happenings(connection, job_id, owner, after=after, kind=kind, limit=limit)

    async def lengths(self) -> Mapping[tuple[str, str], int]:
        """See the port."""
        async with self._database.read() as connection:
            return await reading.read_lengths(connection)

    async def look(self, wanted: Wanted) -> Look:
        """See the port."""
        async with self._database.read() as connection:
            return await claiming.look(connection, wanted)

    async def turn(
        self, settled: Sequence[Settlement], noted: Mapping[Ticket, Notes], wanted: Wanted | None
    ) -> Sequence[Claim]:
        """See the port."""
        async with self._database.write() as connection:
            held = await finishing.hold_running(connection, [*noted, *(one.ticket for one in settled)])
            for ticket in sorted(noted):
                if ticket in held:
                    await finishing.note(connection, held[ticket], noted[ticket])
            reach("compute.turn.after_notes")
            await finishing.settle(connection, self._announce, settled, held)
            reach("compute.turn.after_settlements")
            claims = [] if wanted is None else await claiming.claim(connection, wanted)
            reach("compute.turn.before_commit")
        reach("compute.turn.after_commit")
        return claims

    async def renew(self, executor: str, lease: timedelta) -> frozenset[Ticket]:
        """See the port."""
        async with self._database.write() as connection:
            held = await claiming.renew(connection, executor, lease)
        reach("compute.lease.after_renewal")
        return held

    async def holds(self, ticket: Ticket) -> bool:
        """See the port."""
        async with self._database.read() as connection:
            return await claiming.holds(connection, ticket)

    async def recover(self, is_gone: Callable[[str], bool]) -> int:
        """See the port."""
        async with self._database.read() as connection:
            dead = [holder for holder in await claiming.lease_holders(connection) if is_gone(holder)]
            if not await claiming.anything_to_recover(connection, dead):
                return 0
        async with self._database.write() as connection:
            return await claiming.recover(connection, self._announce, dead)

    async def forget(self, jobs_kept: timedelta, keys_kept: timedelta) -> int:
        """Delete jobs that ended, and keys that were used, longer ago than that; how many jobs there were."""

        async def some_jobs() -> int:
            async with self._database.write() as connection:
                return await forgetting.forget_jobs(connection, jobs_kept)

        async def some_keys() -> int:
            async with self._database.write() as connection:
                return await forgetting.forget_keys(connection, keys_kept)

        await in_batches(some_keys)
        return await in_batches(some_jobs)

    async def _announce(
        self, connection: AsyncConnection, topic: str, key: str, payload: Mapping[str, JsonValue]
    ) -> None:
        await self._outbox.add(connection, [new_event(self._database.service, topic, key, dict(payload))])
