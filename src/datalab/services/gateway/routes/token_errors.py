"""Refusals of token requests: our problems, with the names that OAuth clients know beside (RFC 6749, section 5.2)."""

from collections.abc import Mapping

import orjson
from starlette.responses import Response

from datalab.contracts.errors import InvalidInput, MalformedInput, PlatformError, UnsupportedFormat
from datalab.contracts.gateway import InvalidCredentials, SubjectRefused
from datalab.kernel.http.problems import MEDIA_TYPE, problem_response

_NAMES: Mapping[type[PlatformError], str] = {
    InvalidCredentials: "invalid_grant",
    SubjectRefused: "invalid_target",
    InvalidInput: "invalid_request",
    MalformedInput: "invalid_request",
    UnsupportedFormat: "invalid_request",
}


def token_refusal(error: PlatformError, request_id: str) -> Response:
    """The problem, with ``error`` and ``error_description`` added."""
    plain = problem_response(error, request_id)
    names = {"error": _NAMES.get(type(error), "server_error"), "error_description": error.detail}
    headers = {name: value for name, value in plain.headers.items() if name not in ("content-length", "content-type")}
    body = orjson.dumps(orjson.loads(plain.body) | names)
    return Response(body, plain.status_code, headers | {"cache-control": "no-store"}, MEDIA_TYPE)
