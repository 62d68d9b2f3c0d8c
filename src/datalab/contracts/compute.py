"""The compute service: jobs."""

from collections.abc import AsyncIterator
from typing import Annotated, Protocol

from pydantic import Field

from datalab.contracts.errors import Conflict, NotFound
from datalab.contracts.jobs import Job, JobEvent, JobState, JobSubmission
from datalab.contracts.model import Contract, Page, PageRequest


class JobNotFound(NotFound):
    """No such job, or none that the caller may see."""

    code, title = "job_not_found", "Job not found"

    def __init__(self, job_id: str) -> None:
        super().__init__(f"there is no job {job_id[:80]!r}")


class JobEnded(Conflict):
    """The job has ended, so there is nothing left to cancel."""

    code, title = "job_ended", "Job has ended"


class JobNotEnded(Conflict):
    """The job is still queued or running, so it can't be retried yet."""

    code, title = "job_not_ended", "Job has not ended"


class JobFilter(Contract):
    """Which jobs to list."""

    state: JobState | None = None
    kind: Annotated[str, Field(max_length=64)] | None = None
    tag: Annotated[str, Field(max_length=128)] | None = None


class ComputeApi(Protocol):
    """The compute service for one caller."""

    async def submit(self, submission: JobSubmission, idempotency_key: str | None = None) -> Job:
        """Queue a job. The same key with the same submission gives the job it gave before."""
        ...

    async def list_jobs(self, which: JobFilter, page: PageRequest) -> Page[Job]:
        """Jobs, newest first."""
        ...

    async def get_job(self, job_id: str) -> Job:
        """One job. Raises JobNotFound."""
        ...

    async def cancel(self, job_id: str) -> Job:
        """Stop a job; one that runs is stopped within seconds. Raises JobEnded."""
        ...

    async def retry(self, job_id: str) -> Job:
        """Queue an ended job once more, under the same id. Raises JobNotEnded."""
        ...

    def events(self, job_id: str, after: int = 0) -> AsyncIterator[JobEvent]:
        """What happens to the job, from the event after ``after``; ends when the job has ended."""
        ...

    async def logs(self, job_id: str, after: int = 0) -> Page[JobEvent]:
        """The log lines so far; ``next_cursor`` is the last sequence when there may be more."""
        ...
