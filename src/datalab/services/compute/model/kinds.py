"""The kinds of job that can be submitted: where each runs and what its spec holds, without their handlers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from datalab.contracts.ai import TrainJob
from datalab.contracts.errors import FieldError, InvalidInput
from datalab.contracts.jobs import JobSubmission, PythonJob, RenderJob, SqlJob
from datalab.contracts.model import Contract

_SHOWN = 200


class UnknownKind(InvalidInput):
    """No worker knows this kind of job."""

    code, title = "unknown_job_kind", "Unknown kind of job"

    def __init__(self, kind: str, known: Sequence[str]) -> None:
        detail = f"there is no kind of job {kind[:80]!r}; the kinds are {', '.join(sorted(known))}"
        super().__init__(detail, errors=[FieldError(where="body.kind", what="unknown kind", got=repr(kind[:80]))])


@dataclass(frozen=True, slots=True)
class KnownKind:
    """A kind of job: the queue of the service that knows the work, and the contract of its spec."""

    queue: str
    spec: type[Contract]


KNOWN_KINDS: Mapping[str, KnownKind] = {
    "sql": KnownKind("data", SqlJob),
    "train": KnownKind("ai", TrainJob),
    "render": KnownKind("viz", RenderJob),
    "python": KnownKind("compute", PythonJob),
}


def queue_of(submission: JobSubmission, kinds: Mapping[str, KnownKind]) -> str:
    """The queue in which the job will wait, once its kind, spec and queue have been found right.

    A submission may name the kind's own queue or one under it (``ai.gpu`` for ``ai``), where workers that know the kind
    can be told to look.

    Raises:
        UnknownKind: Nobody knows the kind.
        InvalidInput: The spec doesn't fit the kind, or the queue isn't one of the kind's.
    """
    known = kinds.get(submission.kind)
    if known is None:
        raise UnknownKind(submission.kind, tuple(kinds))
    _check_spec(submission, known)
    if submission.queue is None:
        return known.queue
    if submission.queue != known.queue and not submission.queue.startswith(f"{known.queue}."):
        raise InvalidInput(
            f"queue: jobs of kind {submission.kind!r} run in {known.queue!r} or a queue under it such as "
            f"'{known.queue}.large', not in {submission.queue[:64]!r}",
            errors=[FieldError(where="body.queue", what="not a queue of this kind", got=repr(submission.queue[:64]))],
        )
    return submission.queue


def _check_spec(submission: JobSubmission, known: KnownKind) -> None:
    try:
        known.spec.model_validate(submission.spec)
    except ValidationError as error:
        found = [
            FieldError(
                where=".".join(("body", "spec", *map(str, one["loc"]))),
                what=one["msg"],
                got=None if one["type"] == "missing" else repr(one.get("input"))[:_SHOWN],
            )
            for one in error.errors(include_url=False)
        ]
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise InvalidInput(
            f"a job of kind {submission.kind!r}: {found[0].where.removeprefix('body.')}: {found[0].what}{more}",
            errors=found,
        ) from error
