"""One attempt at one job in this process."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Final

import orjson
from pydantic import ValidationError

from datalab.catalog import COMPUTE, SERVICES
from datalab.contracts.errors import Category, DeadlineExceeded, PlatformError, Unauthenticated
from datalab.contracts.identity import Caller
from datalab.contracts.jobs import Job, JobError, JobKind, parse_spec
from datalab.kernel.full_disk import is_full, storage_full
from datalab.kernel.telemetry.logs import get_logger
from datalab.kernel.traces.context import context_of
from datalab.kernel.traces.spans import SpanKind, serving
from datalab.services.compute.executor.journal import Journal
from datalab.services.compute.executor.mandate import GatewayAway, Mandate
from datalab.services.compute.model.attempt import Claim, Failed, HandedBack, Outcome, Stopped, Succeeded, Ticket
from datalab.services.compute.model.text import plain

STOP_S: Final = 10.0
"""How long a handler that was cancelled may take to clean up before it is left behind."""

MAX_RESULT_BYTES: Final = 4 * 2**20
MAX_DETAIL: Final = 2000
TOO_LATE: Final = "the token of the job's owner ran out and could not be renewed meanwhile"

_log = get_logger(__name__)


class Stop(Enum):
    """Why an attempt is stopped from outside."""

    CANCELLED = auto()
    LOST = auto()
    DRAINED = auto()


@dataclass(frozen=True, slots=True)
class Context:
    """What the handler sees; implements :class:`datalab.contracts.jobs.JobContext`."""

    job: Job
    caller: Caller
    scratch: Path
    journal: Journal

    async def progress(self, fraction: float, message: str = "") -> None:
        """See the contract."""
        self.journal.progress(fraction, message)

    async def log(self, line: str) -> None:
        """See the contract."""
        self.journal.log(line)


class Attempt:
    """Gets the owner's caller, makes the scratch folder, runs the handler within its time, and tells how it ended."""

    def __init__(
        self,
        claim: Claim,
        kind: JobKind,
        mandate: Mandate,
        journal: Journal,
        scratch: Path,
        *,
        admitted: Callable[[], None],
    ) -> None:
        self.claim: Final = claim
        self.journal: Final = journal
        self._kind = kind
        self._mandate = mandate
        self._scratch = scratch
        self._admitted = admitted
        self._is_admitted = False
        self._stop: asyncio.Future[Stop | PlatformError] = asyncio.get_running_loop().create_future()
        self._renewal: asyncio.Task[None] | None = None

    @property
    def ticket(self) -> Ticket:
        """Which claim this is."""
        return self.claim.ticket

    @property
    def is_admitted(self) -> bool:
        """Whether it was given leave to act for the job's owner; ``admitted`` is called then."""
        return self._is_admitted

    def stop(self, why: Stop | PlatformError) -> None:
        """Cancel the handler; the first reason counts. An error is how the attempt then fails."""
        if not self._stop.done():
            self._stop.set_result(why)

    async def run(self) -> Outcome | None:
        """How the attempt ended; ``None`` when the job is no longer ours and nothing may be said of it.

        It is a part of the trace in which the job was submitted, whenever that was.
        """
        job, parent = self.claim.job, context_of(self.claim.submitter.traceparent)
        worker, name = _worker_of(job.queue), f"job {job.kind}"
        with serving(worker, name, _described(job), kind=SpanKind.CONSUMER, parent=parent) as span:
            outcome = await self._run()
            span.note({"datalab.job.outcome": "lost" if outcome is None else type(outcome).__name__.lower()})
            if isinstance(outcome, Failed):
                span.fail(outcome.error.code)
            return outcome

    async def _run(self) -> Outcome | None:
        job = self.claim.job
        work = asyncio.create_task(self._work(), name=f"job {job.id}")
        await asyncio.wait({work, self._stop}, timeout=job.timeout_s, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            self._end_renewal()
            work.cancel()
            _, left = await asyncio.wait({work}, timeout=STOP_S)
            if left:
                _log.error("a handler ignores its cancellation and is left behind", job=job.id, kind=job.kind)
            return self._stopped()
        if work.cancelled():
            return _failed("handler_cancelled", "the handler cancelled itself", Category.INTERNAL)
        return work.result()

    def _stopped(self) -> Outcome | None:
        if not self._stop.done():
            detail = f"the attempt did not end within {self.claim.job.timeout_s:g} s (timeout_s) and was stopped"
            return _failed(DeadlineExceeded.code, detail, DeadlineExceeded.category)
        match self._stop.result():
            case Stop.CANCELLED:
                return Stopped()
            case Stop.DRAINED:
                return HandedBack("the worker is shutting down; another one takes over")
            case Stop.LOST:
                return None
            case PlatformError() as error:
                return self._failed_with(error)

    async def _work(self) -> Outcome:
        job = self.claim.job
        try:
            parse_spec(self._kind, job.spec)
            caller = await self._mandate.caller()
            self._is_admitted = True
            self._admitted()
            await asyncio.to_thread(self._scratch.mkdir, parents=True)
            self._renewal = asyncio.create_task(self._keep(caller), name=f"caller of job {job.id}")
            return _succeeded(dict(await self._kind.handler(Context(job, caller, self._scratch, self.journal))))
        except GatewayAway as away:
            return HandedBack(str(away))
        except Unauthenticated as error:
            # A token that ran out could not be renewed in time: that is no fault of the job's.
            return HandedBack(TOO_LATE) if self._mandate.has_run_out() else self._failed_with(error)
        except PlatformError as error:
            return self._failed_with(error)
        except ValidationError as error:
            return _failed("invalid_spec", plain(f"spec: {error}", MAX_DETAIL), Category.INVALID)
        except Exception as error:  # noqa: BLE001 # whatever a handler raises is its attempt's end
            return self._failed_unexpectedly(error)
        finally:
            self._end_renewal()
            await asyncio.to_thread(shutil.rmtree, self._scratch, ignore_errors=True)

    async def _keep(self, caller: Caller) -> None:
        try:
            await self._mandate.keep(caller)
        except PlatformError as error:
            _log.warning("a running job's owner may act no more", job=self.ticket.job_id, reason=error.detail)
            self.stop(error)

    def _end_renewal(self) -> None:
        if self._renewal is not None:
            self._renewal.cancel()

    def _failed_unexpectedly(self, error: Exception) -> Outcome:
        if is_full(error):
            return self._failed_with(storage_full("a disk that this job needs"))
        job = self.claim.job
        _log.error(
            "a handler failed",
            job=job.id,
            kind=job.kind,
            request_id=self.claim.submitter.request_id,
            exc_info=error,
        )
        detail = f"the work failed unexpectedly ({type(error).__name__}); the worker's log has it under this job's id"
        return _failed("internal_error", detail, Category.INTERNAL)

    def _failed_with(self, error: PlatformError) -> Outcome:
        return _failed(error.code, self.journal.cleaned(error.detail), error.category, error.retry_after_s)


def _worker_of(queue: str) -> str:
    """The deployed name of the workers that look into a queue, or into those under it."""
    service = SERVICES.get(queue.split(".", 1)[0], COMPUTE)
    return service.worker or service.deployed_name


def _described(job: Job) -> dict[str, str | int | float | bool]:
    waited = (
        {} if job.started_at is None else {"datalab.job.waited_s": (job.started_at - job.created_at).total_seconds()}
    )
    return {"datalab.job.id": job.id, "datalab.job.attempt": job.attempt, "datalab.job.queue": job.queue, **waited}


def _succeeded(result: dict[str, object]) -> Outcome:
    try:
        encoded = orjson.dumps(result)
    except (TypeError, ValueError) as error:
        return _failed("invalid_result", f"the result has no JSON form: {error}", Category.INVALID)
    if len(encoded) > MAX_RESULT_BYTES:
        detail = (
            f"the result has {len(encoded)} bytes as JSON, at most {MAX_RESULT_BYTES} are kept; publish it as a dataset"
        )
        return _failed("result_too_large", detail, Category.TOO_LARGE)
    return Succeeded(orjson.loads(encoded))


def _failed(code: str, detail: str, category: Category, retry_after_s: float | None = None) -> Failed:
    return Failed(JobError(code=code, detail=plain(detail, MAX_DETAIL)), category, retry_after_s)
