"""The compute service over HTTP."""

from collections.abc import AsyncIterator

from datalab.client.call import FIRST_PAGE, Call, body_of, once, page_params, params_of, segment
from datalab.client.job_events import JobEvents
from datalab.client.transport import Transport
from datalab.contracts.compute import JobFilter
from datalab.contracts.ids import new_id
from datalab.contracts.jobs import Job, JobEvent, JobSubmission
from datalab.contracts.model import Page, PageRequest

ANY_JOB = JobFilter()
_JOBS = "/api/v1/compute/jobs"


class ComputeClient:
    """:class:`~datalab.contracts.compute.ComputeApi` over HTTP."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def submit(self, submission: JobSubmission, idempotency_key: str | None = None) -> Job:
        """Queue a job. The same key with the same submission gives the job it gave before."""
        headers = once(idempotency_key or new_id())
        call = Call("compute", "POST", _JOBS, json=body_of(submission), headers=headers, repeatable=True)
        return await self._transport.fetch(call, Job)

    async def list_jobs(
        self,
        which: JobFilter = ANY_JOB,
        page: PageRequest = FIRST_PAGE,
    ) -> Page[Job]:
        """Jobs, newest first."""
        params = params_of(**which.model_dump(mode="json")) + page_params(page)
        return await self._transport.fetch(Call("compute", "GET", _JOBS, params=params), Page[Job])

    async def get_job(self, job_id: str) -> Job:
        """One job. Raises JobNotFound."""
        return await self._transport.fetch(Call("compute", "GET", _path(job_id)), Job)

    async def cancel(self, job_id: str) -> Job:
        """Stop a job; one that runs is stopped within seconds. Raises JobEnded."""
        return await self._transport.fetch(Call("compute", "POST", f"{_path(job_id)}/cancel"), Job)

    async def retry(self, job_id: str) -> Job:
        """Queue an ended job once more, under the same id. Raises JobNotEnded."""
        return await self._transport.fetch(Call("compute", "POST", f"{_path(job_id)}/retry"), Job)

    def events(self, job_id: str, after: int = 0) -> AsyncIterator[JobEvent]:
        """What happens to the job, from the event after ``after``; ends when the job has ended.

        A stream that breaks is taken up where it broke; raises Unavailable when that doesn't help.
        """
        return JobEvents(self._transport, f"{_path(job_id)}/events", after).__aiter__()

    async def logs(self, job_id: str, after: int = 0) -> Page[JobEvent]:
        """The log lines so far; ``next_cursor`` is the last sequence when there may be more."""
        call = Call("compute", "GET", f"{_path(job_id)}/logs", params=params_of(after=after))
        return await self._transport.fetch(call, Page[JobEvent])


def _path(job_id: str) -> str:
    return f"{_JOBS}/{segment(job_id)}"
