"""The compute service's routes."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from datalab.contracts.compute import JobFilter
from datalab.contracts.identity import Role
from datalab.contracts.jobs import Job, JobEvent, JobSubmission
from datalab.contracts.model import Page, PageRequest
from datalab.kernel.auth.require import requires
from datalab.kernel.http.routes import callers_actions, serve_actions, service_router
from datalab.services.compute.actions import ComputeActions, ComputeDeps
from datalab.services.compute.streams import HEADERS, MEDIA_TYPE, as_events, resume_after

PREFIX = "/api/v1/compute"
MAX_SEQUENCE = 2**31 - 1
READ = requires(Role.VIEWER, "compute:read")
WRITE = requires(Role.EDITOR, "compute:write")
_TEXT = {"type": "string"}
_DATA = {**_TEXT, "contentMediaType": "application/json", "contentSchema": {"$ref": "#/components/schemas/JobEvent"}}
_EVENT = {
    "description": "One event of the stream",
    "type": "object",
    "properties": {"id": _TEXT, "event": _TEXT, "data": _DATA},
}
_STREAM: dict[str, Any] = {"content": {MEDIA_TYPE: {"schema": _EVENT}}}

Actions = Annotated[ComputeActions, Depends(callers_actions)]
IdempotencyKey = Annotated[str | None, Header(description="The same key with the same body gives the same job")]
LastEventId = Annotated[str | None, Header(description="Go on after this event of an earlier stream")]
After = Annotated[int, Query(ge=0, le=MAX_SEQUENCE, description="Only what came after this sequence")]

router = service_router(PREFIX, "jobs")


class JobQuery(JobFilter, PageRequest):
    """Which page of which jobs."""


def attach(app: FastAPI, deps: ComputeDeps, heartbeat_s: float) -> None:
    """Give the app the routes, and the routes what they need; streams say every ``heartbeat_s`` that they are alive."""
    app.state.heartbeat_s = heartbeat_s
    serve_actions(app, partial(ComputeActions, deps), router)


@router.post("/jobs", status_code=202, **WRITE)
async def submit_job(
    submission: JobSubmission, response: Response, actions: Actions, idempotency_key: IdempotencyKey = None
) -> Job:
    """Queue a job."""
    job = await actions.submit(submission, idempotency_key)
    response.headers["Location"] = f"{PREFIX}/jobs/{job.id}"
    return job


@router.get("/jobs", **READ)
async def list_jobs(
    actions: Actions,
    query: Annotated[JobQuery, Query()],
) -> Page[Job]:
    """Jobs, newest first: the caller's own, or everybody's for an administrator."""
    which = JobFilter(state=query.state, kind=query.kind, tag=query.tag)
    return await actions.list_jobs(which, PageRequest(limit=query.limit, cursor=query.cursor))


@router.get("/jobs/{job_id}", **READ)
async def get_job(job_id: str, actions: Actions) -> Job:
    """One job."""
    return await actions.get_job(job_id)


@router.post("/jobs/{job_id}/cancel", **WRITE)
async def cancel_job(job_id: str, actions: Actions) -> Job:
    """Stop a job: at once when it is queued, within seconds when it runs."""
    return await actions.cancel(job_id)


@router.post("/jobs/{job_id}/retry", status_code=202, **WRITE)
async def retry_job(job_id: str, response: Response, actions: Actions) -> Job:
    """Queue an ended job again under its id, with all its retries."""
    job = await actions.retry(job_id)
    response.headers["Location"] = f"{PREFIX}/jobs/{job.id}"
    return job


@router.get("/jobs/{job_id}/logs", response_model=Page[JobEvent], responses={200: _STREAM}, **READ)
async def read_job_logs(
    job_id: str, request: Request, actions: Actions, after: After = 0, last_event_id: LastEventId = None
) -> Page[JobEvent] | Response:
    """The log lines so far; with ``Accept: text/event-stream``, those and all that follow until the job has ended."""
    if MEDIA_TYPE not in request.headers.get("accept", ""):
        return await actions.logs(job_id, after)
    since = resume_after(last_event_id, after)
    return await _streamed(request, actions, job_id, since, actions.follow_logs(job_id, since))


@router.get("/jobs/{job_id}/events", response_class=Response, responses={200: _STREAM, 204: {}}, **READ)
async def follow_job_events(
    job_id: str, request: Request, actions: Actions, after: After = 0, last_event_id: LastEventId = None
) -> Response:
    """What happens to the job, as server-sent events, until it has ended; 204 when it had ended and nothing is left."""
    since = resume_after(last_event_id, after)
    return await _streamed(request, actions, job_id, since, actions.events(job_id, since))


async def _streamed(
    request: Request, actions: ComputeActions, job_id: str, after: int, events: AsyncIterator[JobEvent]
) -> Response:
    # 204 is what makes a browser's EventSource connect no more.
    if await actions.nothing_left(job_id, after):
        return Response(status_code=204)
    heartbeat_s: float = request.app.state.heartbeat_s
    return StreamingResponse(as_events(events, heartbeat_s), media_type=MEDIA_TYPE, headers=HEADERS)
