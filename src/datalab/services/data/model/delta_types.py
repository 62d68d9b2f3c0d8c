"""Delta's notation of types in SQL."""

import json
from collections.abc import Mapping
from typing import Any, cast

from datalab.contracts.data import Column

_SIMPLE = {
    "boolean": "BOOLEAN",
    "byte": "TINYINT",
    "short": "SMALLINT",
    "integer": "INTEGER",
    "long": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "string": "VARCHAR",
    "binary": "BLOB",
    "date": "DATE",
    "timestamp_ntz": "TIMESTAMP",
    "timestamp": "TIMESTAMP WITH TIME ZONE",
}


def columns_of(schema: str) -> tuple[Column, ...]:
    """The columns of a table's ``schemaString``."""
    fields = cast("list[dict[str, Any]]", json.loads(schema)["fields"])
    return tuple(Column(name=field["name"], type=sql_type(field["type"])) for field in fields)


def sql_type(kind: Any) -> str:
    """One type in SQL."""
    if isinstance(kind, str):
        return _SIMPLE.get(kind) or kind.upper()
    nested = cast("Mapping[str, Any]", kind)
    if nested["type"] == "array":
        return f"{sql_type(nested['elementType'])}[]"
    if nested["type"] == "map":
        return f"MAP({sql_type(nested['keyType'])}, {sql_type(nested['valueType'])})"
    fields = cast("list[dict[str, Any]]", nested["fields"])
    inside = ", ".join('"' + field["name"].replace('"', '""') + '" ' + sql_type(field["type"]) for field in fields)
    return f"STRUCT({inside})"
