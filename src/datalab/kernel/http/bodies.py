"""Bounds on what is read of a request's body."""

from collections.abc import AsyncIterator

from starlette.requests import Request

from datalab.contracts.errors import TooLarge


async def limited(request: Request, max_bytes: int) -> AsyncIterator[bytes]:
    """The body in pieces.

    Raises:
        TooLarge: The body has, or says that it has, more than ``max_bytes``.
    """
    check_declared(request.headers.get("content-length"), max_bytes)
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > max_bytes:
            raise TooLarge(f"body: more than the {max_bytes:,} bytes that are accepted")
        if chunk:
            yield chunk


def check_declared(content_length: str | None, max_bytes: int) -> None:
    """Refuse a body by its declared length before any of it is read. Raises TooLarge."""
    if content_length is not None and content_length.isdigit() and int(content_length) > max_bytes:
        raise TooLarge(f"body: {int(content_length):,} bytes, more than the {max_bytes:,} that are accepted")
