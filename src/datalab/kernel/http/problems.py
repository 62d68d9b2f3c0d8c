"""Errors as problem+json (RFC 9457)."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from datalab.contracts.errors import (
    Category,
    FieldError,
    InternalError,
    InvalidInput,
    MalformedInput,
    MethodNotAllowed,
    NotFound,
    PlatformError,
    Problem,
    TooLarge,
)
from datalab.kernel.full_disk import is_full, storage_full
from datalab.kernel.http.tracing import trace_of
from datalab.kernel.telemetry.logs import get_logger
from datalab.kernel.traces.context import current_trace_id, within

MEDIA_TYPE = "application/problem+json"
STATUS = {
    Category.MALFORMED: HTTPStatus.BAD_REQUEST,
    Category.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    Category.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Category.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Category.METHOD: HTTPStatus.METHOD_NOT_ALLOWED,
    Category.NOT_ACCEPTABLE: HTTPStatus.NOT_ACCEPTABLE,
    Category.TIMEOUT: HTTPStatus.REQUEST_TIMEOUT,
    Category.CONFLICT: HTTPStatus.CONFLICT,
    Category.GONE: HTTPStatus.GONE,
    Category.PRECONDITION: HTTPStatus.PRECONDITION_FAILED,
    Category.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Category.UNSUPPORTED: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    Category.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    Category.LIMITED: HTTPStatus.TOO_MANY_REQUESTS,
    Category.INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR,
    Category.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    Category.FULL: HTTPStatus.INSUFFICIENT_STORAGE,
}
_SHOWN = 200
_SECRET_WORDS = ("password", "secret", "token", "api_key")
_log = get_logger(__name__)


def problem_of(error: PlatformError, request_id: str | None) -> Problem:
    """The error as it travels."""
    return Problem(
        type=f"urn:datalab:problem:{error.code}",
        title=error.title,
        status=STATUS[error.category].value,
        detail=error.detail,
        code=error.code,
        request_id=request_id,
        trace_id=current_trace_id(),
        errors=error.errors,
    )


def problem_response(error: PlatformError, request_id: str | None) -> Response:
    """The error as an answer."""
    problem = problem_of(error, request_id)
    headers: dict[str, str] = {}
    if error.category is Category.UNAUTHENTICATED:
        headers["WWW-Authenticate"] = 'Bearer realm="datalab"'
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(max(1, round(error.retry_after_s)))
    body = orjson.dumps(problem.model_dump(mode="json", exclude_none=True))
    return Response(body, status_code=problem.status, headers=headers, media_type=MEDIA_TYPE)


def field_errors(found: Sequence[Any], prefix: str = "") -> tuple[FieldError, ...]:
    """Pydantic's findings: where, what, and what was got."""
    return tuple(
        FieldError(
            where=prefix + ".".join(str(part) for part in one["loc"]),
            what=one["msg"],
            got=None if one["type"] == "missing" else _shown(one["loc"], one.get("input")),
        )
        for one in found
    )


def _shown(where: Sequence[object], got: object) -> str:
    text = repr(got)
    told = f"{where} {text}".lower()
    return "[hidden]" if any(word in told for word in _SECRET_WORDS) else text[:_SHOWN]


def invalid(found: Sequence[Any]) -> InvalidInput:
    """One error for all that validation found."""
    errors = field_errors(found)
    first = errors[0]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return InvalidInput(f"{first.where}: {first.what}{more}", errors=errors)


def install_problem_handlers(app: FastAPI) -> None:
    """Answer every error of the app as a problem."""

    async def platform(request: Request, error: Exception) -> Response:
        return _answer(request, error if isinstance(error, PlatformError) else InternalError("unexpected error"))

    async def validation(request: Request, error: Exception) -> Response:
        return _answer(request, _of_validation(error))

    async def http(request: Request, error: Exception) -> Response:
        return _answer(request, _of_http(request, error))

    async def too_deep(request: Request, _error: Exception) -> Response:
        return _answer(request, MalformedInput("body: nested too deeply"))

    async def broken_off(request: Request, _error: Exception) -> Response:
        return _answer(request, MalformedInput("body: it broke off before its end"))

    async def unexpected(request: Request, error: Exception) -> Response:
        if is_full(error):
            _log.warning("a disk is full", path=request.url.path, request_id=_request_id(request), reason=str(error))
            return _answer(request, storage_full("a disk that this needs"))
        # Starlette calls this outside of the app's middlewares, so outside of the request's trace.
        with within(trace_of(request.scope)):
            _log.error("unexpected error", path=request.url.path, request_id=_request_id(request), exc_info=error)
            return _answer(request, InternalError("something went wrong here; the log has it under this request id"))

    app.add_exception_handler(PlatformError, platform)
    app.add_exception_handler(RequestValidationError, validation)
    app.add_exception_handler(ValidationError, validation)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RecursionError, too_deep)
    app.add_exception_handler(ClientDisconnect, broken_off)
    app.add_exception_handler(Exception, unexpected)


def _request_id(request: Request) -> str | None:
    found = request.scope.get("datalab.request_id")
    return found if isinstance(found, str) else None


def _answer(request: Request, error: PlatformError) -> Response:
    return problem_response(error, _request_id(request))


def _of_validation(error: Exception) -> PlatformError:
    if isinstance(error, RequestValidationError):
        found = error.errors()
        if found and found[0]["type"] == "json_invalid":
            reason = found[0].get("ctx", {}).get("error", "not JSON")
            return MalformedInput(f"body: {reason} at byte {found[0]['loc'][-1]}", errors=field_errors(found))
        return invalid(found)
    if isinstance(error, ValidationError):
        return InternalError("an answer did not fit its contract; the log has it under this request id")
    return InternalError("unexpected error")


def _of_http(request: Request, error: Exception) -> PlatformError:
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
    if status == HTTPStatus.NOT_FOUND:
        return NotFound(f"there is nothing at {request.url.path[:_SHOWN]}; /docs lists what is")
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return MethodNotAllowed(f"{request.method} is not possible on {request.url.path[:_SHOWN]}; /docs lists what is")
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return TooLarge(str(getattr(error, "detail", "")) or "the request is too large")
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return MalformedInput(str(getattr(error, "detail", "")) or "the request can't be read")
    return InternalError("unexpected error")
