"""Reading a token request: a form as OAuth has it, or JSON; the client's credential also by HTTP Basic."""

import base64
import binascii
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

import orjson
from fastapi import Request
from pydantic import ValidationError

from datalab.contracts.errors import MalformedInput, UnsupportedFormat
from datalab.kernel.http.bodies import limited
from datalab.kernel.http.problems import invalid
from datalab.services.gateway.actions.grant import TokenRequest

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
_LONGEST = 16 * 1024
_FIELDS = 32
_SECRETS = ("password", "refresh_token", "api_key", "client_secret")
_SCHEMA = TokenRequest.model_json_schema(ref_template="#/components/schemas/{model}")
_SCHEMA.pop("$defs", None)  # what it points at is described by the routes that answer it
BODY: dict[str, Any] = {"required": True, "content": {media: {"schema": _SCHEMA} for media in (FORM, JSON)}}


async def token_request(request: Request) -> TokenRequest:
    """The request for a token.

    Raises:
        MalformedInput: It can't be read.
        UnsupportedFormat: It is neither a form nor JSON.
        InvalidInput: A parameter isn't as it must be.
    """
    body = b"".join([chunk async for chunk in limited(request, _LONGEST)])
    media = request.headers.get("content-type", FORM).partition(";")[0].strip().lower()
    fields = _fields(media, body) | _basic(request.headers.get("authorization"))
    try:
        return TokenRequest.model_validate(fields)
    except ValidationError as error:
        found = [one for one in error.errors() if one["loc"][0] not in _SECRETS]
        raise invalid(found or [one | {"input": "[redacted]"} for one in error.errors()]) from None


def _fields(media: str, body: bytes) -> dict[str, Any]:
    if media == JSON:
        return _from_json(body)
    if media == FORM:
        return _from_form(body)
    raise UnsupportedFormat(f"content-type: {media[:100]!r}; a token request is {FORM} or {JSON}")


def _from_json(body: bytes) -> dict[str, Any]:
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedInput(f"body: {error}") from error
    if not isinstance(parsed, dict):
        raise MalformedInput("body: must be a JSON object of the grant's parameters")
    return parsed  # pyright: ignore[reportUnknownVariableType]


def _from_form(body: bytes) -> dict[str, Any]:
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_FIELDS, errors="strict")
    except (UnicodeDecodeError, ValueError) as error:
        raise MalformedInput(f"body: is no {FORM}: {error}") from error
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise MalformedInput(f"body: {', '.join(twice)[:200]} given more than once")
    return dict(pairs)


def _basic(header: str | None) -> dict[str, str]:
    kind, _, encoded = (header or "").partition(" ")
    if kind.lower() != "basic":
        return {}
    try:
        name, _, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise MalformedInput("Authorization: the Basic credential is not base64 of name:secret") from error
    return {"client_id": unquote_plus(name), "client_secret": unquote_plus(secret)}
