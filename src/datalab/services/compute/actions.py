"""What a caller can do with jobs."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from datalab.contracts.compute import JobFilter
from datalab.contracts.errors import FieldError, InvalidInput, TooLarge
from datalab.contracts.identity import Caller, Role
from datalab.contracts.ids import new_id
from datalab.contracts.jobs import Job, JobEvent, JobEventKind, JobSubmission
from datalab.contracts.model import Page, PageRequest
from datalab.services.compute.model.cursor import decode_cursor, encode_cursor
from datalab.services.compute.model.kinds import KnownKind, queue_of
from datalab.services.compute.model.submission import MAX_KEY, MAX_SPEC_BYTES, NewJob, Submitter, size_of
from datalab.services.compute.model.text import plain
from datalab.services.compute.ports import Changes, JobStore

LOG_PAGE = 1000
EVENT_BATCH = 500
LOOK_AGAIN_S = 0.5
"""How long a follower waits for news of a change before it looks for itself."""


@dataclass(frozen=True, slots=True)
class ComputeDeps:
    """What the actions work with. ``refusals``: kinds that can't be run here now, each with the reason."""

    store: JobStore
    changes: Changes
    kinds: Mapping[str, KnownKind]
    refusals: Mapping[str, str]


class ComputeActions:
    """Jobs for one caller; implements :class:`datalab.contracts.compute.ComputeApi`.

    Everybody sees the jobs that were submitted in their name; an administrator sees all.
    """

    def __init__(self, deps: ComputeDeps, caller: Caller) -> None:
        self._deps = deps
        self._caller = caller
        sees_all = caller.identity.role is Role.ADMIN
        self._owner = None if sees_all else caller.identity.subject

    async def submit(self, submission: JobSubmission, idempotency_key: str | None = None) -> Job:
        """See the contract.

        Raises:
            UnknownKind: Nobody knows the kind.
            InvalidInput: The spec doesn't fit the kind, the queue isn't one of the kind's, a dependency isn't there.
            IdempotencyMismatch: The key was used for another submission.
        """
        queue = queue_of(submission, self._deps.kinds)
        if submission.kind in self._deps.refusals:
            raise KindRefused(submission.kind, self._deps.refusals[submission.kind])
        _check_values(submission, idempotency_key)
        identity = self._caller.identity
        new = NewJob(
            id=new_id(),
            queue=queue,
            submission=submission,
            submitter=Submitter(
                identity.subject,
                identity.name,
                identity.role,
                identity.scopes,
                self._caller.request_id,
                self._caller.traceparent,
            ),
            idempotency_key=idempotency_key,
            sees_all=self._owner is None,
        )
        return await self._deps.store.submit(new)

    async def list_jobs(self, which: JobFilter, page: PageRequest) -> Page[Job]:
        """See the contract. Raises InvalidInput for a cursor that no page gave."""
        before = None if page.cursor is None else decode_cursor(page.cursor)
        found = await self._deps.store.newest(which, self._owner, page.limit + 1, before)
        items = tuple(found[: page.limit])
        return Page(items=items, next_cursor=encode_cursor(items[-1].id) if len(found) > page.limit else None)

    async def get_job(self, job_id: str) -> Job:
        """See the contract."""
        return await self._deps.store.get(job_id, self._owner)

    async def cancel(self, job_id: str) -> Job:
        """See the contract."""
        return await self._deps.store.cancel(job_id, self._owner)

    async def retry(self, job_id: str) -> Job:
        """See the contract. Raises Conflict while a job that this one waits for has failed."""
        return await self._deps.store.retry(job_id, self._owner)

    async def events(self, job_id: str, after: int = 0) -> AsyncGenerator[JobEvent]:
        """See the contract. Raises JobNotFound when iteration begins."""
        async for event in self._follow(job_id, after, None):
            yield event

    async def follow_logs(self, job_id: str, after: int = 0) -> AsyncGenerator[JobEvent]:
        """The log lines as they come, from the event after ``after``; ends when the job has ended."""
        async for event in self._follow(job_id, after, JobEventKind.LOG):
            yield event

    async def nothing_left(self, job_id: str, after: int) -> bool:
        """Whether the job has ended and no event follows ``after``. Raises JobNotFound."""
        found = await self._deps.store.happenings(job_id, self._owner, after=after, kind=None, limit=1)
        return found.ended and not found.events

    async def logs(self, job_id: str, after: int = 0) -> Page[JobEvent]:
        """See the contract."""
        found = await self._deps.store.happenings(
            job_id, self._owner, after=after, kind=JobEventKind.LOG, limit=LOG_PAGE
        )
        last = found.events[-1].sequence if found.events else after
        return Page(items=found.events, next_cursor=None if found.ended else str(last))

    async def _follow(self, job_id: str, after: int, kind: JobEventKind | None) -> AsyncGenerator[JobEvent]:
        while True:
            seen = self._deps.changes.count()
            found = await self._deps.store.happenings(job_id, self._owner, after=after, kind=kind, limit=EVENT_BATCH)
            for event in found.events:
                yield event
                after = event.sequence
            if found.ended:
                return
            if len(found.events) < EVENT_BATCH:
                await self._deps.changes.wait(seen, LOOK_AGAIN_S)


class KindRefused(InvalidInput):
    """Jobs of this kind can't be run here."""

    code, title = "job_kind_refused", "Kind of job refused"

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(f"jobs of kind {kind!r} are not run here: {reason}")


def _check_values(submission: JobSubmission, idempotency_key: str | None) -> None:
    if idempotency_key is not None and not (0 < len(idempotency_key) <= MAX_KEY and _is_plain(idempotency_key)):
        raise InvalidInput(
            f"Idempotency-Key: 1 to {MAX_KEY} printable ASCII characters, such as a UUID",
            errors=[FieldError(where="header.Idempotency-Key", what="not printable ASCII", got=idempotency_key[:80])],
        )
    _check_moment("run_at", submission.run_at)
    _check_moment("deadline", submission.deadline)
    bad = next((tag for tag in submission.tags if not tag or plain(tag, len(tag)) != tag), None)
    if bad is not None:
        raise InvalidInput(
            f"tags: {bad[:80]!r} is no tag; use text without control characters",
            errors=[FieldError(where="body.tags", what="not a tag", got=repr(bad[:80]))],
        )
    _check_size(submission)


def _check_moment(name: str, moment: datetime | None) -> None:
    if moment is None:
        return
    try:
        aware = moment.tzinfo is not None and bool(moment.astimezone(UTC))
    except OverflowError:
        aware = False
    if not aware:
        raise InvalidInput(
            f"{name}: {moment.isoformat()} is no moment with a time zone; write it as 2026-01-31T12:00:00Z",
            errors=[FieldError(where=f"body.{name}", what="no time zone, or out of range", got=moment.isoformat())],
        )


def _check_size(submission: JobSubmission) -> None:
    try:
        size = size_of(submission.spec)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"spec: can't be kept as JSON: {error}") from error
    if size > MAX_SPEC_BYTES:
        raise TooLarge(f"spec: {size} bytes as JSON; at most {MAX_SPEC_BYTES} are kept, so upload data and name it")


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()
