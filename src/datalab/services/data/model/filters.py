"""Filters in PostgREST's notation to SQL conditions; every value becomes a parameter, every column is checked."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from datalab.contracts.data import Column
from datalab.contracts.errors import FieldError, InvalidInput

COMPARISONS: Mapping[str, str] = {"eq": "=", "neq": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
PATTERNS: Mapping[str, str] = {"like": "LIKE", "ilike": "ILIKE"}
STATES: Mapping[str, str] = {
    "null": "IS NULL",
    "not_null": "IS NOT NULL",
    "true": "IS TRUE",
    "false": "IS FALSE",
    "unknown": "IS NULL",
}
OPERATORS = (*COMPARISONS, *PATTERNS, "in", "is")
GROUPS = ("or", "and")
MAX_DEPTH = 16
_SHOWN = 100


class Conditions:
    """Collects parameters while conditions are made; ``place`` is how SQL names the parameter of that number."""

    def __init__(self, columns: Sequence[Column], place: Callable[[int], str] = lambda _: "?") -> None:
        self._columns = {column.name.casefold(): column for column in columns}
        self._place = place
        self.values: list[str] = []

    def of_pair(self, key: str, value: str) -> str:
        """The condition of one query parameter: ``age=gte.21``, ``or=(a.eq.1,b.is.null)``, ``not.and=(…)``.

        Raises:
            InvalidInput: An unknown column or operator, or a value that the column can't have; it names the right ones.
        """
        negated = key.startswith("not.")
        group = key.removeprefix("not.")
        if group in GROUPS:
            return self._group(group, value, negated, key, 0)
        return self._comparison(key, value, key)

    def column(self, name: str, where: str) -> Column:
        """The column of that name, whatever its case. Raises InvalidInput."""
        found = self._columns.get(name.casefold())
        if found is None:
            raise _refused(where, f"there is no column {name[:_SHOWN]!r}; there are {self._listed()}", name)
        return found

    def _listed(self) -> str:
        return ", ".join(column.name for column in self._columns.values())[:1000]

    def _group(self, group: str, value: str, negated: bool, where: str, depth: int) -> str:
        if depth > MAX_DEPTH:
            raise _refused(where, f"is nested deeper than {MAX_DEPTH}", value)
        if not (value.startswith("(") and value.endswith(")") and len(value) > len("()")):
            raise _refused(where, "is written (condition,condition,…)", value)
        parts = [self._part(part, where, depth) for part in split_list(value[1:-1], where)]
        joined = f" {group.upper()} ".join(f"({part})" for part in parts)
        return f"NOT ({joined})" if negated else joined

    def _part(self, text: str, where: str, depth: int) -> str:
        for prefix in ("", "not."):
            for group in GROUPS:
                if text.startswith(f"{prefix}{group}("):
                    return self._group(group, text[len(prefix) + len(group) :], bool(prefix), where, depth + 1)
        name, condition = split_name(text, where)
        return self._comparison(name, condition, where)

    def _comparison(self, name: str, text: str, where: str) -> str:
        column = self.column(name, where)
        negated = text.startswith("not.")
        operator, dot, value = text.removeprefix("not.").partition(".")
        if not dot or operator not in OPERATORS:
            listed = ", ".join(OPERATORS)
            raise _refused(
                where, f"{operator[:_SHOWN]!r} is no operator; write operator.value with one of {listed}", text
            )
        condition = self._condition(column, operator, value, where)
        return f"NOT ({condition})" if negated else condition

    def _condition(self, column: Column, operator: str, value: str, where: str) -> str:
        name = quoted(column.name)
        if operator == "is":
            if value.lower() not in STATES:
                raise _refused(where, f"is takes one of {', '.join(STATES)}", value)
            return f"{name} {STATES[value.lower()]}"
        if operator == "in":
            if not (value.startswith("(") and value.endswith(")")):
                raise _refused(where, "in is written in.(value,value,…)", value)
            items = [self._bound(column, unquoted(one), where) for one in split_list(value[1:-1], where)]
            return f"{name} IN ({', '.join(items)})" if items else "FALSE"
        if operator in PATTERNS:
            return f"CAST({name} AS VARCHAR) {PATTERNS[operator]} {self._kept(value.replace('*', '%'))}"
        return f"{name} {COMPARISONS[operator]} {self._bound(column, value, where)}"

    def _bound(self, column: Column, value: str, where: str) -> str:
        check_value(column, value, where)
        fraction = column.type in _WHOLE and not _INTEGER.fullmatch(value)
        return f"CAST({self._kept(value)} AS {'DOUBLE' if fraction else column.type})"

    def _kept(self, value: str) -> str:
        self.values.append(value)
        return self._place(len(self.values) - 1)


def quoted(name: str) -> str:
    """An identifier in SQL."""
    return '"' + name.replace('"', '""') + '"'


def split_name(text: str, where: str) -> tuple[str, str]:
    """``column.operator.value`` to column and the rest; a column with dots in its name is written in double quotes."""
    if text.startswith('"'):
        end = text.find('"', 1)
        if end > 0 and text[end + 1 : end + 2] == ".":
            return text[1:end], text[end + 2 :]
    name, dot, rest = text.partition(".")
    if not dot:
        raise _refused(where, "a condition is written column.operator.value", text)
    return name, rest


def split_list(text: str, where: str) -> list[str]:
    """What commas separate, but not commas in parentheses or double quotes."""
    parts: list[str] = []
    depth, start, position = 0, 0, 0
    while position < len(text):
        character = text[position]
        if character == '"':
            position = _closing_quote(text, position, where)
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
        elif character == "," and depth == 0:
            parts.append(text[start:position])
            start = position + 1
        if depth < 0:
            break
        position += 1
    if depth != 0:
        raise _refused(where, "has parentheses that don't match", text)
    parts.append(text[start:])
    return [part.strip() for part in parts] if text.strip() else []


def unquoted(text: str) -> str:
    """A value of a list without its double quotes."""
    if len(text) > 1 and text.startswith('"') and text.endswith('"'):
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text


def _closing_quote(text: str, opening: int, where: str) -> int:
    position = opening + 1
    while position < len(text):
        if text[position] == "\\":
            position += 1
        elif text[position] == '"':
            return position
        position += 1
    raise _refused(where, "has a quote that nothing closes", text)


_WHOLE = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT"})
_INTEGER = re.compile(r"[+-]?\d{1,40}")
_READERS: Mapping[str, Callable[[str], object]] = {
    "FLOAT": float,
    "DOUBLE": float,
    "DATE": date.fromisoformat,
    "TIME": time.fromisoformat,
    "TIMESTAMP": datetime.fromisoformat,
    "TIMESTAMP WITH TIME ZONE": datetime.fromisoformat,
}


def check_value(column: Column, value: str, where: str) -> None:
    """Refuse a value that the column's type can't have. Raises InvalidInput."""
    try:
        if column.type in _WHOLE:
            _ = _INTEGER.fullmatch(value) or float(value)
        elif column.type.startswith("DECIMAL"):
            Decimal(value)
        elif column.type == "BOOLEAN":
            _boolean(value)
        elif column.type in _READERS:
            _READERS[column.type](value)
    except (ValueError, InvalidOperation) as error:
        raise _refused(where, f"{value[:_SHOWN]!r} is no {column.type}, the type of {column.name}", value) from error


def _boolean(value: str) -> None:
    if value.lower() not in {"true", "false"}:
        raise ValueError(value)


def _refused(where: str, what: str, got: str) -> InvalidInput:
    error = FieldError(where=where[:_SHOWN], what=what, got=got[:_SHOWN])
    return InvalidInput(f"{error.where}: {what}", errors=(error,))
