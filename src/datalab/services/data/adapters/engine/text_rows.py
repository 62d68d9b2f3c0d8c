"""Batches of rows to text: JSON arrays, JSON objects, NDJSON, CSV, TSV."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from datalab.services.data.adapters.engine.json_values import dumps
from datalab.services.data.model.statement import Encoding

Rows = Sequence[tuple[Any, ...]]
Encode = Callable[[Rows], bytes]


def text_encoder(encoding: Encoding, names: Sequence[str]) -> tuple[bytes, Encode]:
    """What comes before the rows, and how each batch is encoded; JSON's batches want a comma between them."""
    if encoding is Encoding.ARRAYS:
        return b"", lambda rows: dumps(rows)[1:-1]
    unique = distinct(names)
    if encoding is Encoding.OBJECTS:
        return b"", lambda rows: dumps([dict(zip(unique, row, strict=True)) for row in rows])[1:-1]
    if encoding is Encoding.NDJSON:
        return b"", lambda rows: b"".join(dumps(dict(zip(unique, row, strict=True))) + b"\n" for row in rows)
    delimiter = "\t" if encoding is Encoding.TSV else ","
    return _separated([tuple(names)], delimiter), lambda rows: _separated(rows, delimiter)


def distinct(names: Sequence[str]) -> list[str]:
    """The names, with ``_1``, ``_2``… after those that came before: an object holds a name once."""
    seen: set[str] = set()
    result: list[str] = []
    for name in names:
        free, number = name, 0
        while free in seen:
            number += 1
            free = f"{name}_{number}"
        seen.add(free)
        result.append(free)
    return result


def _separated(rows: Rows, delimiter: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(
        [_cell(value) for value in row] for row in rows
    )
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple | dict):
        return dumps(value).decode()
    if isinstance(value, datetime | date | time | timedelta | bytes):
        return dumps(value).decode().strip('"')
    return value
