"""A page of rows as a SQL statement with parameters."""

from collections.abc import Sequence
from dataclasses import dataclass

from datalab.contracts.data import Column, RowsRequest
from datalab.contracts.errors import FieldError, InvalidInput
from datalab.services.data.model.filters import Conditions, quoted, split_list

_DIRECTIONS = {"asc": "ASC", "desc": "DESC"}
_NULLS = {"nullsfirst": "NULLS FIRST", "nullslast": "NULLS LAST"}


@dataclass(frozen=True, slots=True)
class RowStatement:
    """SQL and its parameters."""

    sql: str
    params: tuple[str, ...]


def row_statement(table: tuple[str, str], columns: Sequence[Column], request: RowsRequest) -> RowStatement:
    """The statement for a page of the table (namespace and name).

    Raises:
        InvalidInput: An unknown column, operator or direction, or a value that a column can't have.
    """
    conditions = Conditions(columns)
    selected = _selected(request.select, conditions)
    wheres = [conditions.of_pair(key, value) for key, value in request.filters]
    where = f" WHERE {' AND '.join(f'({one})' for one in wheres)}" if wheres else ""
    order = f" ORDER BY {', '.join(_ordered(request.order, conditions))}" if request.order else ""
    source = f"{quoted(table[0])}.{quoted(table[1])}"
    sql = f"SELECT {selected} FROM {source}{where}{order} LIMIT {request.limit + 1} OFFSET {request.offset}"
    return RowStatement(sql, tuple(conditions.values))


def _selected(select: str | None, conditions: Conditions) -> str:
    if select is None or select.strip() == "*":
        return "*"
    parts = split_list(select, "select")
    if not parts:
        raise _refused("select", "names no column", select)
    return ", ".join(_one_selected(part, conditions) for part in parts)


def _one_selected(part: str, conditions: Conditions) -> str:
    if part == "*":
        return "*"
    alias, colon, name = part.partition(":")
    if not colon:
        return quoted(conditions.column(part, "select").name)
    if not alias.strip():
        raise _refused("select", "an alias is written alias:column", part)
    return f"{quoted(conditions.column(name.strip(), 'select').name)} AS {quoted(alias.strip())}"


def _ordered(order: str, conditions: Conditions) -> list[str]:
    return [_one_ordered(part, conditions) for part in split_list(order, "order")]


def _one_ordered(part: str, conditions: Conditions) -> str:
    words = part.split(".")
    nulls = _NULLS[words.pop()] if words[-1] in _NULLS else ""
    direction = _DIRECTIONS[words.pop()] if len(words) > 1 and words[-1] in _DIRECTIONS else "ASC"
    name = ".".join(words)
    if not name:
        raise _refused("order", "is written column.desc.nullslast", part)
    return f"{quoted(conditions.column(name, 'order').name)} {direction} {nulls}".rstrip()


def _refused(where: str, what: str, got: str) -> InvalidInput:
    return InvalidInput(f"{where}: {what}", errors=(FieldError(where=where, what=what, got=got[:100]),))
