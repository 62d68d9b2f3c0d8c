"""Cursors of lists that are paged by a unique key."""

import base64
import binascii

from datalab.contracts.errors import InvalidInput

_WRONG = "cursor: give back next_cursor of an earlier page as it was"


def cursor_after(key: str) -> str:
    """The cursor of what follows ``key``."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def key_of(cursor: str | None) -> str | None:
    """The key that a cursor stands at.

    Raises:
        InvalidInput: It is none that a list gave.
    """
    if cursor is None:
        return None
    try:
        key = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise InvalidInput(_WRONG) from error
    if not key.isprintable():
        raise InvalidInput(_WRONG)
    return key
