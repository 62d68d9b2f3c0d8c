"""Errors that cross boundaries.

An error says what happened in words for the reader of the answer: where, what was wrong and what would be right.
It carries a category, from which the kernel picks an HTTP status, and a code by which the client raises the same class.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, ClassVar, Self

from datalab.contracts.model import Contract


class Category(StrEnum):
    """What kind of refusal an error is, independent of the protocol that reports it."""

    INVALID = "invalid"
    MALFORMED = "malformed"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    METHOD = "method"
    NOT_ACCEPTABLE = "not_acceptable"
    TIMEOUT = "timeout"
    CONFLICT = "conflict"
    GONE = "gone"
    PRECONDITION = "precondition"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"
    LIMITED = "limited"
    INTERNAL = "internal"
    UNAVAILABLE = "unavailable"
    FULL = "full"


class TextPlace(Contract):
    """A place in a text: ``line`` and ``column`` from 1, ``offset`` from 0; these and ``length`` count code points."""

    line: int
    column: int
    offset: int
    length: int


class FieldError(Contract):
    """One thing wrong with the input: ``where`` (a path such as ``body.rows[3].age``), ``what``, and what was ``got``.

    ``place``: where in a text such as a query, for an editor to mark.
    """

    where: str
    what: str
    got: str | None = None
    place: TextPlace | None = None


class Problem(Contract):
    """An error as it travels (RFC 9457). ``trace_id``: the trace that tells what was done, if there is one."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str | None = None
    trace_id: str | None = None
    errors: tuple[FieldError, ...] = ()


class PlatformError(Exception):
    """Base of every error that a caller may see."""

    category: ClassVar[Category] = Category.INTERNAL
    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Internal error"
    by_code: ClassVar[dict[str, type["PlatformError"]]] = {}

    def __init__(self, detail: str, *, errors: Sequence[FieldError] = (), retry_after_s: float | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)
        self.retry_after_s = retry_after_s

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        known = PlatformError.by_code.setdefault(cls.code, cls)
        if known is not cls and "code" in cls.__dict__:
            raise TypeError(f"{cls.__name__} and {known.__name__} share the code {cls.code!r}")

    def __reduce__(self) -> tuple[Any, ...]:
        return rebuild, (self.code, self.detail, self.errors, self.retry_after_s)

    @classmethod
    def restore(cls, detail: str, errors: Sequence[FieldError] = (), retry_after_s: float | None = None) -> Self:
        """The error again from what travelled, past a subclass's own constructor."""
        error = cls.__new__(cls)
        PlatformError.__init__(error, detail, errors=errors, retry_after_s=retry_after_s)
        return error


def rebuild(
    code: str, detail: str, errors: Sequence[FieldError] = (), retry_after_s: float | None = None
) -> PlatformError:
    """The error of this ``code``; an unknown code gives a plain :class:`PlatformError`."""
    return PlatformError.by_code.get(code, PlatformError).restore(detail, errors, retry_after_s)


class InternalError(PlatformError):
    """Something went wrong on our side; the log holds the cause under the request's id."""


class InvalidInput(PlatformError):
    """The request is well formed, but a value in it can't be accepted."""

    category, code, title = Category.INVALID, "invalid_input", "Invalid input"


class MalformedInput(PlatformError):
    """The request can't be read as what it says it is."""

    category, code, title = Category.MALFORMED, "malformed_input", "Malformed input"


class Unauthenticated(PlatformError):
    """No valid credential came with the request."""

    category, code, title = Category.UNAUTHENTICATED, "unauthenticated", "Sign in first"


class Forbidden(PlatformError):
    """The caller is known but may not do this."""

    category, code, title = Category.FORBIDDEN, "forbidden", "Not allowed"


class NotFound(PlatformError):
    """No such thing, or none that the caller may see."""

    category, code, title = Category.NOT_FOUND, "not_found", "Not found"


class MethodNotAllowed(PlatformError):
    """The path exists, the verb doesn't."""

    category, code, title = Category.METHOD, "method_not_allowed", "Method not allowed"


class NotAcceptable(PlatformError):
    """No format that the caller accepts can be produced."""

    category, code, title = Category.NOT_ACCEPTABLE, "not_acceptable", "Not acceptable"


class Conflict(PlatformError):
    """The thing's present state doesn't allow it."""

    category, code, title = Category.CONFLICT, "conflict", "Conflict"


class IdempotencyMismatch(Conflict):
    """The idempotency key was used before for a different request."""

    code, title = "idempotency_mismatch", "Idempotency key used for another request"


class PreconditionFailed(PlatformError):
    """The thing changed since the caller read it (``If-Match``)."""

    category, code, title = Category.PRECONDITION, "precondition_failed", "Changed meanwhile"


class TooLarge(PlatformError):
    """More than is accepted at once."""

    category, code, title = Category.TOO_LARGE, "too_large", "Too large"


class UnsupportedFormat(PlatformError):
    """A format that isn't read here."""

    category, code, title = Category.UNSUPPORTED, "unsupported_format", "Unsupported format"


class RateLimited(PlatformError):
    """The caller's rate limit is used up; ``retry_after_s`` says for how long."""

    category, code, title = Category.LIMITED, "rate_limited", "Too many requests"


class DeadlineExceeded(PlatformError):
    """The work took longer than it was given and was stopped."""

    category, code, title = Category.TIMEOUT, "deadline_exceeded", "Deadline exceeded"


class MemoryLimitExceeded(PlatformError):
    """The work needed more memory than it was given and was stopped."""

    category, code, title = Category.INVALID, "memory_limit_exceeded", "Memory limit exceeded"


class Cancelled(PlatformError):
    """The work was cancelled by somebody."""

    category, code, title = Category.CONFLICT, "cancelled", "Cancelled"


class Unavailable(PlatformError):
    """Something this needs is away for the moment; trying again later may help."""

    category, code, title = Category.UNAVAILABLE, "unavailable", "Unavailable"


class StorageFull(Unavailable):
    """A disk is full: what was begun is undone, and may be repeated once there is space."""

    category, code, title = Category.FULL, "storage_full", "Storage full"
