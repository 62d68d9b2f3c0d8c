"""Column types that hold and compare alike on both databases."""

from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeDecorator, TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware datetimes in (any zone), aware UTC datetimes out, microseconds kept. Naive ones are refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """``timestamptz`` on PostgreSQL; on SQLite text that sorts as time."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sqlite.DATETIME())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite's text carries no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; pass an aware datetime")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 # its name
        """To an aware UTC datetime."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def sortable(length: int) -> String:
    """Text that sorts by code point on both databases, whatever the server's locale; for names that pages go by."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


Id = sortable(36)
"""A UUIDv7 as its 36 characters: readable in both databases' shells, and in the order of creation."""


class Json(TypeDecorator[Any]):
    r"""Any JSON value as its text, keys in the order given; None is NULL, NaN becomes null.

    Not the databases' own JSON types: SQLite's would turn 1.0 into 1, ``jsonb`` reorders keys and refuses ``\u0000``.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 # its name
        """To text."""
        return None if value is None else orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 # its name
        """From text."""
        return None if value is None else orjson.loads(value)
