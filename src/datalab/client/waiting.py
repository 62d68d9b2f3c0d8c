"""Waiting for a job's end."""

import asyncio
from collections.abc import Callable

from datalab.client.compute import ComputeClient
from datalab.contracts.errors import DeadlineExceeded, PlatformError
from datalab.contracts.jobs import Job, JobEvent, JobState


class JobFailed(PlatformError):
    """A job that was waited for failed, was cancelled, or used up its attempts."""

    code, title = "job_failed", "Job failed"

    def __init__(self, job: Job) -> None:
        reason = f": {job.error.detail}" if job.error else ""
        super().__init__(f"job {job.id} ({job.kind}) ended as {job.state.value}{reason}")
        self.job = job


async def ended(
    compute: ComputeClient,
    job_id: str,
    timeout_s: float | None,
    on_event: Callable[[JobEvent], None] | None,
) -> Job:
    """The job once it has succeeded.

    Raises:
        JobFailed: It ended in another way.
        DeadlineExceeded: It hadn't ended after ``timeout_s``.
    """
    try:
        async with asyncio.timeout(timeout_s):
            async for event in compute.events(job_id):
                if on_event is not None:
                    on_event(event)
    except TimeoutError as error:
        raise DeadlineExceeded(f"job {job_id} has not ended after {timeout_s:g} s; it goes on") from error
    job = await compute.get_job(job_id)
    if job.state is not JobState.SUCCEEDED:
        raise JobFailed(job)
    return job
