"""Errors that arrive as answers, raised as what they were on the other side."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError

from datalab.contracts import ai, compute, data, gateway, viz
from datalab.contracts.errors import (
    Category,
    Forbidden,
    InternalError,
    NotFound,
    PlatformError,
    Problem,
    RateLimited,
    TooLarge,
    Unauthenticated,
    Unavailable,
    rebuild,
)
from datalab.contracts.model import Contract

# Importing a service's contracts is what makes its errors known by their codes.
CONTRACTS = (ai, compute, data, gateway, viz)

_BY_STATUS: Mapping[int, type[PlatformError]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    413: TooLarge,
    429: RateLimited,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}
_SHOWN = 200
M = TypeVar("M", bound=Contract)


def error_of(status: int, body: bytes, headers: Mapping[str, str], url: str) -> PlatformError:
    """The error that an answer tells of; one that is no problem document is judged by its status."""
    retry_after_s = _seconds(headers.get("Retry-After"))
    try:
        problem = Problem.model_validate_json(body, extra="ignore")
    except ValidationError:
        return _foreign(status, body, retry_after_s, url)
    return rebuild(problem.code, problem.detail, problem.errors, retry_after_s)


def parsed(model: type[M], body: bytes, url: str) -> M:
    """An answer as its contract. What a newer server adds is ignored.

    Raises:
        InternalError: It isn't what the API promises; the address may be of something else than DataLab.
    """
    try:
        return model.model_validate_json(body, extra="ignore")
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in found["loc"]) or "body"
        raise InternalError(
            f"{url} did not answer with what DataLab answers ({where}: {found['msg']}); is it the address of a platform?"
        ) from error


def may_pass(error: PlatformError) -> bool:
    """Whether the request was refused before anything was done, for a reason that passes."""
    return error.category in (Category.LIMITED, Category.UNAVAILABLE)


def _foreign(status: int, body: bytes, retry_after_s: float | None, url: str) -> PlatformError:
    said = " ".join(body[:_SHOWN].decode(errors="replace").split())
    kind = _BY_STATUS.get(status, InternalError)
    return kind.restore(f"{url} answered {status}: {said or 'no reason given'}", retry_after_s=retry_after_s)


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and text.isdigit() else None
