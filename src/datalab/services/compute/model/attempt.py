"""One attempt at a job: the ticket that proves whose turn it is, and how it can end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from pydantic import JsonValue

from datalab.contracts.errors import Category
from datalab.contracts.jobs import Job, JobError
from datalab.services.compute.model.submission import Submitter


@dataclass(frozen=True, slots=True, order=True)
class Ticket:
    """Proof of one claim. ``fence`` grows with every claim of the job, so that a late finisher is recognised."""

    job_id: str
    fence: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this executor may run now."""

    ticket: Ticket
    job: Job
    submitter: Submitter


@dataclass(frozen=True, slots=True)
class Succeeded:
    """The work is done."""

    result: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Failed:
    """The work failed; whether another attempt follows is up to the category and the retries left."""

    error: JobError
    category: Category
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Stopped:
    """The attempt was stopped because somebody cancelled the job."""


@dataclass(frozen=True, slots=True)
class HandedBack:
    """The attempt could not be made, through no fault of the job's: it is queued again and spends no retry."""

    reason: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The executor that ran the attempt let its lease run out: it was killed, or cut off."""


Outcome = Succeeded | Failed | Stopped | HandedBack | Lost


@dataclass(frozen=True, slots=True)
class Notes:
    """What a running attempt said since it was last asked: its latest progress and its log lines, in order."""

    lines: tuple[str, ...] = ()
    progress: tuple[float, str] | None = None

    def __bool__(self) -> bool:
        return bool(self.lines) or self.progress is not None


@dataclass(frozen=True, slots=True)
class Settlement:
    """How one attempt ended, with what it said last."""

    ticket: Ticket
    outcome: Outcome
    notes: Notes = Notes()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an executor can take now: at most ``count`` jobs of these queues (in this order) and kinds."""

    executor: str
    queues: tuple[str, ...]
    kinds: tuple[str, ...]
    count: int
    lease: timedelta


@dataclass(frozen=True, slots=True)
class Look:
    """A glance at the table: whether something can be claimed, and which of the executor's attempts shall stop."""

    claimable: bool
    cancelled: frozenset[Ticket] = field(default_factory=frozenset[Ticket])
