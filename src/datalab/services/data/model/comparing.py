"""What a worker is told to compare, and what it found."""

from collections.abc import Sequence
from typing import Any

from datalab.contracts.columns import Column
from datalab.contracts.differences import ChangedRow, ColumnChanges
from datalab.contracts.errors import FieldError, InvalidInput
from datalab.contracts.model import Contract
from datalab.services.data.model.schema_change import widens
from datalab.services.data.model.statement import EngineLimits
from datalab.services.data.model.table_view import TableView

_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL")
_LISTED = 1_000


class ComparedColumn(Contract):
    """A column that both versions have, by its names in each, and the type in which its values are compared."""

    before: str
    after: str
    type: str


class CompareRequest(Contract):
    """Compare the rows of two tables, which leave out the files that they share. ``key``: places among ``columns``."""

    before: TableView
    after: TableView
    columns: tuple[ComparedColumn, ...]
    key: tuple[int, ...]
    limit: int
    limits: EngineLimits


class Compared(Contract):
    """How the rows differ."""

    added: int = 0
    removed: int = 0
    changed: int = 0
    added_rows: tuple[tuple[Any, ...], ...] = ()
    removed_rows: tuple[tuple[Any, ...], ...] = ()
    changed_rows: tuple[ChangedRow, ...] = ()
    changed_columns: tuple[ColumnChanges, ...] = ()


def compared_columns(before: Sequence[Column], after: Sequence[Column]) -> tuple[ComparedColumn, ...]:
    """The columns that both have, in the order of the later version."""
    old = {column.name.casefold(): column for column in before}
    pairs = ((old[column.name.casefold()], column) for column in after if column.name.casefold() in old)
    return tuple(ComparedColumn(before=a.name, after=b.name, type=_common(a.type, b.type)) for a, b in pairs)


def key_places(key: Sequence[str], columns: Sequence[ComparedColumn]) -> tuple[int, ...]:
    """Where the key's columns are. Raises InvalidInput for one that isn't in both versions."""
    places = {column.after.casefold(): place for place, column in enumerate(columns)}
    for one in key:
        if one.casefold() not in places:
            listed = ", ".join(column.after for column in columns)[:_LISTED]
            what = f"{one[:80]!r} is no column of both versions, which have {listed}"
            raise InvalidInput(f"key: {what}", errors=(FieldError(where="key", what=what, got=one[:80]),))
    return tuple(places[one.casefold()] for one in key)


def _common(before: str, after: str) -> str:
    if before == after or widens(before, after):
        return after
    if widens(after, before):
        return before
    return "DOUBLE" if before.startswith(_NUMBERS) and after.startswith(_NUMBERS) else "VARCHAR"
