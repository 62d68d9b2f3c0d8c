"""Identifiers."""

from datetime import UTC, datetime
from uuid import UUID

from uuid_utils import uuid7


def new_id() -> str:
    """A new UUIDv7 in its canonical form; ids made later sort later."""
    return str(uuid7())


def made_at(id: str) -> datetime:
    """When an id of :func:`new_id` was made, to the millisecond. Raises ValueError for what is no id."""
    return datetime.fromtimestamp((UUID(id).int >> 80) / 1000, UTC)
