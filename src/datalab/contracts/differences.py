"""How two versions of a dataset differ."""

from typing import Annotated, Any

from pydantic import Field

from datalab.contracts.columns import Column, SchemaChange
from datalab.contracts.model import Contract, VersionNumber


class Comparison(Contract):
    """Which versions to compare, and how.

    ``to_version``: the newest unless it is named; ``from_version``: the one before it. Rows are compared whole, or, with
    ``key``, by the columns that identify a row. ``limit``: how many rows of each kind are shown.
    """

    from_version: VersionNumber | None = None
    to_version: VersionNumber | None = None
    key: Annotated[tuple[str, ...], Field(max_length=100)] = ()
    limit: Annotated[int, Field(ge=0, le=200)] = 20


class ChangedRow(Contract):
    """A row of the same key with other values; ``columns`` are those that differ, ``before`` and ``after`` whole rows."""

    columns: tuple[str, ...]
    before: tuple[Any, ...]
    after: tuple[Any, ...]


class ColumnChanges(Contract):
    """In how many rows of the same key a column's value differs."""

    name: str
    rows: int


class DatasetDiff(Contract):
    """How two versions differ.

    Rows are compared and shown in the ``columns`` that both versions have. Without a key, a changed row is one removed
    and one added. Values as in a query's answer.
    """

    name: str
    from_version: int
    to_version: int
    rows_before: int
    rows_after: int
    change: SchemaChange
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    added: int
    removed: int
    changed: int
    added_rows: tuple[tuple[Any, ...], ...]
    removed_rows: tuple[tuple[Any, ...], ...]
    changed_rows: tuple[ChangedRow, ...]
    changed_columns: tuple[ColumnChanges, ...]
