"""Jobs: work that outlives a request.

The job table is the truth about a job. A kind names a handler that lives in the service that knows the work; a
handler may run more than once (execution is at-least-once), so it publishes its results under the job's id.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Protocol

from pydantic import Field, JsonValue

from datalab.contracts.identity import Caller
from datalab.contracts.model import Contract


class JobState(StrEnum):
    """Where a job stands. ``dead``: failed on every attempt that it was given."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DEAD = "dead"

    @property
    def ended(self) -> bool:
        """Whether the job will not change any more, but by an explicit retry."""
        return self not in (JobState.QUEUED, JobState.RUNNING)


class JobError(Contract):
    """Why a job's last attempt failed."""

    code: str
    detail: str


class JobSubmission(Contract):
    """A job to run: what (``kind`` and its ``spec``), after which others, when and how often to try.

    Times in seconds. ``priority``: greater runs earlier. ``retries``: attempts after the first. ``deadline``: a job
    not begun by then fails.
    """

    kind: Annotated[str, Field(min_length=1, max_length=64)]
    spec: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    depends_on: Annotated[tuple[str, ...], Field(max_length=1000)] = ()
    queue: Annotated[str, Field(max_length=64)] | None = None
    priority: Annotated[int, Field(ge=-100, le=100)] = 0
    run_at: datetime | None = None
    deadline: datetime | None = None
    timeout_s: Annotated[float, Field(gt=0, le=7 * 86400)] = 3600
    retries: Annotated[int, Field(ge=0, le=100)] = 2
    tags: Annotated[tuple[Annotated[str, Field(max_length=128)], ...], Field(max_length=32)] = ()


class Job(Contract):
    """A job as it stands. ``progress`` runs from 0 to 1; ``attempt`` counts from 1 once it has begun."""

    id: str
    kind: str
    queue: str
    spec: dict[str, JsonValue]
    state: JobState
    progress: float
    progress_message: str | None
    result: dict[str, JsonValue] | None
    error: JobError | None
    attempt: int
    retries: int
    priority: int
    depends_on: tuple[str, ...]
    tags: tuple[str, ...]
    owner: str
    timeout_s: float
    run_at: datetime | None
    deadline: datetime | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class JobEventKind(StrEnum):
    """What a job event tells of."""

    STATE = "state"
    PROGRESS = "progress"
    LOG = "log"


class JobEvent(Contract):
    """One thing that happened to a job; ``sequence`` grows within the job and resumes a stream (Last-Event-ID)."""

    sequence: int
    at: datetime
    kind: JobEventKind
    attempt: int
    state: JobState | None = None
    progress: float | None = None
    message: str | None = None


class SqlJob(Contract):
    """Kind ``sql``: run a query; with ``into``, its result becomes a version of that dataset."""

    sql: Annotated[str, Field(min_length=1, max_length=1_000_000)]
    into: Annotated[str, Field(max_length=128)] | None = None
    mode: str = "replace"
    timeout_s: Annotated[float, Field(gt=0, le=86400)] = 600


class RenderJob(Contract):
    """Kind ``render``: render a saved chart into its cache, to be fetched later under its own path."""

    chart: Annotated[str, Field(min_length=1, max_length=128)]
    format: str = "png"


class PythonJob(Contract):
    """Kind ``python``: run code in a confined process of its own, without network and with an empty folder to work in.

    What the code leaves in a variable ``result`` is the job's result: an object of JSON values as it is, any other JSON
    value under ``value``; a function is called for it. What the code prints are log lines.
    """

    code: Annotated[str, Field(min_length=1, max_length=1_000_000)]
    timeout_s: Annotated[float, Field(gt=0, le=86400)] = 600


class JobContext(Protocol):
    """What a running handler is given."""

    @property
    def job(self) -> Job:
        """The job as it was claimed."""
        ...

    @property
    def caller(self) -> Caller:
        """The job's owner, on whose behalf the attempt runs, with the rights of this moment."""
        ...

    @property
    def scratch(self) -> Path:
        """A folder of this attempt's own, deleted after it."""
        ...

    async def progress(self, fraction: float, message: str = "") -> None:
        """Say how far the work is, 0 to 1."""
        ...

    async def log(self, line: str) -> None:
        """Add a line to the job's log."""
        ...


JobResult = Mapping[str, JsonValue]
JobHandler = Callable[[JobContext], Awaitable[JobResult]]


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job: the queue whose workers know it, the contract of its spec, its handler."""

    name: str
    queue: str
    spec: type[Contract]
    handler: JobHandler


def parse_spec(kind: JobKind, spec: Mapping[str, Any]) -> Contract:
    """The spec as the kind's own contract.

    Raises:
        pydantic.ValidationError: A field is missing, unknown or out of range.
    """
    return kind.spec.model_validate(spec)
