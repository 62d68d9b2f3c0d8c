"""The engine's types brought down to those that every reader of Delta tables has."""

import json
from typing import Any, cast

from datalab.contracts.data import UnreadableData

_SAME = {
    "boolean": ("BOOLEAN", "boolean"),
    "tinyint": ("TINYINT", "byte"),
    "smallint": ("SMALLINT", "short"),
    "integer": ("INTEGER", "integer"),
    "bigint": ("BIGINT", "long"),
    "float": ("FLOAT", "float"),
    "double": ("DOUBLE", "double"),
    "varchar": ("VARCHAR", "string"),
    "blob": ("BLOB", "binary"),
    "date": ("DATE", "date"),
    "timestamp": ("TIMESTAMP", "timestamp_ntz"),
    "timestamp with time zone": ("TIMESTAMP WITH TIME ZONE", "timestamp"),
}
_WIDER = {
    "utinyint": "smallint",
    "usmallint": "integer",
    "uinteger": "bigint",
    "timestamp_s": "timestamp",
    "timestamp_ms": "timestamp",
    "timestamp_ns": "timestamp",
}
_WIDE_INTEGERS = {"ubigint": 20, "hugeint": 38, "uhugeint": 38}
_AS_TEXT = frozenset(
    {"time", "time with time zone", "time_ns", "interval", "uuid", "enum", "bit", "json", "null", '"null"', "bignum"}
)


def tabled(kind: Any, column: str) -> tuple[str, Any]:
    """The SQL type that a column of the engine's type ``kind`` gets in a table, and the same in Delta's notation.

    Raises:
        UnreadableData: No table can hold it.
    """
    name = str(kind.id).lower()
    name = _WIDER.get(name, name)
    if name in _SAME:
        return _SAME[name]
    if name in _WIDE_INTEGERS:
        return f"DECIMAL({_WIDE_INTEGERS[name]},0)", f"decimal({_WIDE_INTEGERS[name]},0)"
    if name in _AS_TEXT or str(kind) == "JSON":
        return "VARCHAR", "string"
    if name == "decimal":
        (_, precision), (_, scale) = kind.children
        return f"DECIMAL({precision},{scale})", f"decimal({precision},{scale})"
    return _nested(kind, name, column)


def _nested(kind: Any, name: str, column: str) -> tuple[str, Any]:
    children = cast("list[tuple[str, Any]]", kind.children) if name in {"list", "array", "struct", "map"} else []
    if name in {"list", "array"}:
        sql, delta = tabled(children[0][1], column)
        return f"{sql}[]", {"type": "array", "elementType": delta, "containsNull": True}
    if name == "struct":
        fields = [(child, *tabled(one, column)) for child, one in children]
        inside = ", ".join(f"{_quoted(child)} {sql}" for child, sql, _ in fields)
        return f"STRUCT({inside})", {"type": "struct", "fields": [_field(child, delta) for child, _, delta in fields]}
    if name == "map":
        (key_sql, key), (value_sql, value) = (tabled(one, column) for _, one in children)
        delta = {"type": "map", "keyType": key, "valueType": value, "valueContainsNull": True}
        return f"MAP({key_sql}, {value_sql})", delta
    raise UnreadableData(f"column {column!r} is of type {str(kind)[:200]}, which a table can't hold")


def table_schema(fields: list[tuple[str, Any]]) -> str:
    """The columns in Delta's notation."""
    return json.dumps({"type": "struct", "fields": [_field(name, delta) for name, delta in fields]})


def _field(name: str, delta: Any) -> dict[str, Any]:
    return {"name": name, "type": delta, "nullable": True, "metadata": {}}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
