"""Entity tags (RFC 9110, section 8.8.3)."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response

from datalab.contracts.errors import PreconditionFailed


def etag_of(content: bytes | str) -> str:
    """A strong entity tag of the content."""
    data = content.encode() if isinstance(content, str) else content
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'


def not_modified(request: Request, etag: str) -> Response | None:
    """The answer 304 when the caller already holds this content, else ``None``."""
    held = _tags(request.headers.get("if-none-match", ""))
    if "*" in held or etag in held:
        return Response(status_code=304, headers={"ETag": etag})
    return None


def check_if_match(request: Request, etag: str | None) -> None:
    """Refuse a write based on another state than the present one.

    Raises:
        PreconditionFailed: ``If-Match`` names none of the present tags, or nothing is there.
    """
    header = request.headers.get("if-match")
    if header is None:
        return
    wanted = _tags(header)
    if etag is None or ("*" not in wanted and etag not in wanted):
        raise PreconditionFailed(f"If-Match: it is now {etag or 'gone'}; read it again and repeat the change")


def _tags(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",") if tag.strip()}
