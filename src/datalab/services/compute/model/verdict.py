"""What an attempt's outcome makes of its job."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from datalab.contracts.errors import Category
from datalab.contracts.jobs import JobError, JobState
from datalab.services.compute.model.attempt import Failed, HandedBack, Lost, Outcome, Stopped, Succeeded
from datalab.services.compute.model.retrying import delay_s, worth_retrying

CANCELLED = JobError(code="cancelled", detail="the job was cancelled while it ran")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the verdict depends on."""

    attempt: int
    retries: int
    retries_left: int
    cancel_requested: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The job's next state. ``delay_s``: how long a queued job waits; ``counts``: whether the attempt did."""

    state: JobState
    error: JobError | None = None
    result: Mapping[str, JsonValue] | None = None
    delay_s: float = 0.0
    spends_retry: bool = False
    counts: bool = True
    message: str | None = None


def judge(outcome: Outcome, standing: Standing) -> Verdict:
    """The verdict on an attempt. A wish to cancel wins over everything but success, which has been published already."""
    if isinstance(outcome, Succeeded):
        return Verdict(JobState.SUCCEEDED, result=outcome.result)
    if isinstance(outcome, Stopped) or standing.cancel_requested:
        return Verdict(JobState.CANCELLED, error=CANCELLED, message=CANCELLED.detail)
    if isinstance(outcome, HandedBack):
        return Verdict(JobState.QUEUED, counts=False, message=outcome.reason)
    if isinstance(outcome, Lost):
        return _again_or_dead(_lost(standing), standing)
    if not worth_retrying(outcome.category):
        return Verdict(JobState.FAILED, error=outcome.error, message=outcome.error.detail)
    return _again_or_dead(outcome, standing)


def _again_or_dead(failed: Failed, standing: Standing) -> Verdict:
    if standing.retries_left == 0:
        return Verdict(JobState.DEAD, error=failed.error, message=failed.error.detail)
    failures = standing.retries - standing.retries_left + 1
    wait_s = delay_s(failed.category, failures, failed.retry_after_s) if failed.error.code != WORKER_LOST else 0.0
    return Verdict(JobState.QUEUED, error=failed.error, delay_s=wait_s, spends_retry=True, message=failed.error.detail)


WORKER_LOST = "worker_lost"


def _lost(standing: Standing) -> Failed:
    detail = f"the worker that ran attempt {standing.attempt} was lost before it could say how it ended"
    return Failed(JobError(code=WORKER_LOST, detail=detail), Category.INTERNAL)


def after_dependency(name: str, state: JobState, error: JobError | None) -> Verdict:
    """What becomes of a job when one that it waits for ended without success. ``name``: kind and id of that one."""
    if state is JobState.CANCELLED:
        why = JobError(code="dependency_cancelled", detail=f"{name}, which this job waits for, was cancelled")
        return Verdict(JobState.CANCELLED, error=why, message=why.detail)
    because = f": {error.detail}" if error else ""
    why = JobError(code="dependency_failed", detail=f"{name}, which this job waits for, failed{because}"[:2000])
    return Verdict(JobState.FAILED, error=why, message=why.detail)


def missed_deadline(deadline: datetime) -> Verdict:
    """What becomes of a job that hadn't begun by its deadline."""
    detail = f"the job had not begun by its deadline, {deadline.isoformat()}"
    return Verdict(JobState.FAILED, error=JobError(code="deadline_missed", detail=detail), message=detail)
