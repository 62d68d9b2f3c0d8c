"""Identifiers."""

from uuid_utils import uuid7


def new_id() -> str:
    """A new UUIDv7 in its canonical form; ids made later sort later."""
    return str(uuid7())
