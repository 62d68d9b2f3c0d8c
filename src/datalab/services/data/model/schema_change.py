"""How the columns of one version differ from those of another."""

import re
from collections.abc import Sequence

from datalab.contracts.columns import Column, RetypedColumn, SchemaChange

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT")
_WIDER: dict[str, frozenset[str]] = {
    **{kind: frozenset(_WHOLE[place + 1 :]) for place, kind in enumerate(_WHOLE)},
    "FLOAT": frozenset({"DOUBLE"}),
    "DATE": frozenset({"TIMESTAMP"}),
}
_EXACT_IN_DOUBLE = frozenset({"TINYINT", "SMALLINT", "INTEGER"})
_DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")


def schema_change(before: Sequence[Column], after: Sequence[Column]) -> SchemaChange:
    """What came, went and has another type; names that differ in case only are the same."""
    old = {column.name.casefold(): column for column in before}
    new = {column.name.casefold(): column for column in after}
    return SchemaChange(
        added=tuple(column for key, column in new.items() if key not in old),
        removed=tuple(column for key, column in old.items() if key not in new),
        retyped=tuple(
            RetypedColumn(
                name=column.name, before=old[key].type, after=column.type, widened=widens(old[key].type, column.type)
            )
            for key, column in new.items()
            if key in old and old[key].type != column.type
        ),
    )


def widens(before: str, after: str) -> bool:
    """Whether every value of the type ``before`` is also one of ``after``."""
    if after == "VARCHAR" or after in _WIDER.get(before, ()):
        return True
    if after == "DOUBLE" and before in _EXACT_IN_DOUBLE:
        return True
    old, new = _DECIMAL.fullmatch(before), _DECIMAL.fullmatch(after)
    if old is None or new is None:
        return False
    (precision, scale), (wider, finer) = (map(int, one.groups()) for one in (old, new))
    return finer >= scale and wider - finer >= precision - scale
