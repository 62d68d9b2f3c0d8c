"""What the compute service needs from outside."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from datalab.contracts.compute import JobFilter
from datalab.contracts.identity import Caller, Role
from datalab.contracts.jobs import Job, JobEvent, JobEventKind
from datalab.services.compute.model.attempt import Claim, Look, Notes, Settlement, Ticket, Wanted
from datalab.services.compute.model.submission import NewJob


@dataclass(frozen=True, slots=True)
class Happenings:
    """Events of a job in order; ``ended``: the job had ended by then and these are all that is left."""

    events: tuple[JobEvent, ...]
    ended: bool


class JobStore(Protocol):
    """The job table, for those who submit and watch. ``owner`` narrows to one subject's jobs; ``None`` sees all.

    Every method raises Unavailable when the table can't be reached.
    """

    async def submit(self, new: NewJob) -> Job:
        """Queue the job, or give the one that was submitted before under the same key.

        Raises InvalidInput for a dependency that isn't there, IdempotencyMismatch.
        """
        ...

    async def get(self, job_id: str, owner: str | None) -> Job:
        """One job. Raises JobNotFound."""
        ...

    async def newest(self, which: JobFilter, owner: str | None, limit: int, before: str | None) -> Sequence[Job]:
        """At most ``limit`` jobs, newest first, older than the job ``before``."""
        ...

    async def cancel(self, job_id: str, owner: str | None) -> Job:
        """End a queued job, ask a running one to stop. Raises JobNotFound, JobEnded."""
        ...

    async def retry(self, job_id: str, owner: str | None) -> Job:
        """Queue an ended job again with all its retries. Raises JobNotFound, JobNotEnded, Conflict."""
        ...

    async def happenings(
        self, job_id: str, owner: str | None, *, after: int, kind: JobEventKind | None, limit: int
    ) -> Happenings:
        """At most ``limit`` events after the sequence ``after``. Raises JobNotFound."""
        ...

    async def lengths(self) -> Mapping[tuple[str, str], int]:
        """How many jobs are queued and running, by queue and state."""
        ...


class AttemptStore(Protocol):
    """The job table, for those who run jobs. Every method raises Unavailable when it can't be reached."""

    async def look(self, wanted: Wanted) -> Look:
        """Whether a turn would claim something, and which of the executor's attempts shall stop. Writes nothing."""
        ...

    async def turn(
        self, settled: Sequence[Settlement], noted: Mapping[Ticket, Notes], wanted: Wanted | None
    ) -> Sequence[Claim]:
        """End attempts, keep what others said, claim new ones, all in one transaction.

        Whatever comes from an attempt that lost its lease is left out: the job is no longer its.
        """
        ...

    async def renew(self, executor: str, lease: timedelta) -> frozenset[Ticket]:
        """Prolong the executor's leases and give all that it still holds."""
        ...

    async def holds(self, ticket: Ticket) -> bool:
        """Whether the attempt still has its job and a lease that hasn't run out."""
        ...

    async def recover(self, is_gone: Callable[[str], bool]) -> int:
        """Queue again what executors lost (their lease ran out, or they are gone), fail what missed its deadline.

        Gives how many jobs that were. Writes nothing when there are none.
        """
        ...


class Delegation(Protocol):
    """Speaks for a job's owner."""

    async def caller_for(self, owner: str, role: Role, scopes: frozenset[str], job_id: str) -> Caller:
        """The owner as a caller, with a short token and the rights of this moment, at most this role and these scopes.

        Raises Unavailable while nobody can tell; Forbidden or NotFound when the owner may no longer act.
        """
        ...


class Changes(Protocol):
    """Wakes those who wait for the job table to change: take ``count``, look at the table, then wait from there on."""

    def count(self) -> int:
        """How many changes were noticed so far."""
        ...

    async def wait(self, since: int, timeout_s: float) -> None:
        """Return when more changes than ``since`` were noticed, after ``timeout_s`` seconds at the latest."""
        ...

    def ring(self) -> None:
        """Wake everybody in this process: something has changed."""
        ...


class Observer(Protocol):
    """Counts what executors do."""

    def attempt_ended(self, job: Job, outcome: str, seconds: float) -> None:
        """An attempt took so long and ended like that (``succeeded``, ``failed``, ``stopped``, ``handedback``)."""
        ...
