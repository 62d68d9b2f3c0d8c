"""JSON (one array of objects) and NDJSON (an object a line)."""

from pathlib import Path
from typing import Any

import orjson
from duckdb import DuckDBPyConnection

from datalab.contracts.columns import Column
from datalab.contracts.data import DataFormat, UnreadableData
from datalab.contracts.errors import FieldError
from datalab.services.data.adapters.ingest.expand import first_bytes
from datalab.services.data.adapters.ingest.sql import text

MAX_OBJECT_BYTES = 16 * 2**20
MAX_DEPTH = 64
_SEARCHED_BYTES = 256 * 2**20
_SHOWN = 300
_TEXT = "VARCHAR"
_SPELLED = ("DATE", "TIME", "UUID")


def json_relation(connection: DuckDBPyConnection, source: Path, format: DataFormat, pinned: tuple[Column, ...]) -> str:
    """SQL that reads the file, looking at every object so that late keys become columns too.

    Columns of ``pinned`` which are text are read as they are written: a time in them stays as it was spelled.

    Raises:
        UnreadableData: It begins like something else.
    """
    array = format is DataFormat.JSON
    start = first_bytes(source).removeprefix(b"\xef\xbb\xbf").lstrip()
    if array and not start.startswith(b"["):
        raise UnreadableData(f"byte 0: JSON data is an array of objects and begins with '[', not {_shown(start)}")
    if not array and not start.startswith(b"{"):
        raise UnreadableData(f"line 1: NDJSON is an object a line and begins with '{{', not {_shown(start)}")
    reader = (
        f"read_json({text(str(source))}, format = '{'array' if array else 'newline_delimited'}', "
        f"records = true, maximum_object_size = {MAX_OBJECT_BYTES}"
    )
    found = (
        f"SELECT * FROM {reader}, sample_size = -1, maximum_depth = {MAX_DEPTH}, convert_strings_to_integers = false)"
    )
    texts = {column.name.casefold() for column in pinned if column.type == _TEXT}
    relation = connection.sql(found) if texts else None
    kinds = {} if relation is None else dict(zip(relation.columns, map(str, relation.types), strict=True))
    if not any(one.casefold() in texts and kind.startswith(_SPELLED) for one, kind in kinds.items()):
        return found
    columns = ", ".join(
        f"{text(one)}: {text(_TEXT if one.casefold() in texts else kind)}" for one, kind in kinds.items()
    )
    return f"SELECT * FROM {reader}, columns = {{{columns}}})"


def json_problem(source: Path, format: DataFormat, message: str) -> UnreadableData:
    """What is wrong and where; the engine's own places are those of its buffers, so the file is read once more."""
    problem = None
    if source.stat().st_size <= _SEARCHED_BYTES:
        problem = _in_array(source) if format is DataFormat.JSON else _in_lines(source)
    if problem is None:
        problem = FieldError(where="the file", what=_first_sentence(message.replace(f'"{source}"', "the upload")))
    return UnreadableData(f"{problem.where}: {problem.what}", errors=(problem,))


def _in_array(source: Path) -> FieldError | None:
    try:
        rows: Any = orjson.loads(source.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        return FieldError(where=f"line {error.lineno}, column {error.colno}", what=error.msg)
    if not rows:
        return FieldError(where="the file", what="the array is empty, so no column can be known")
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            return _no_object(f"element {number}", row)
    return None


def _in_lines(source: Path) -> FieldError | None:
    with source.open("rb") as file:
        for number, line in enumerate(file, 1):
            bare = line.removeprefix(b"\xef\xbb\xbf").strip()
            if not bare:
                continue
            try:
                row = orjson.loads(bare)
            except orjson.JSONDecodeError as error:
                got = bare[:80].decode("utf-8", "replace")
                return FieldError(where=f"line {number}, column {error.colno}", what=error.msg, got=got)
            if not isinstance(row, dict):
                return _no_object(f"line {number}", row)
    return None


def _no_object(where: str, row: object) -> FieldError:
    got = orjson.dumps(row)[:80].decode("utf-8", "replace")
    return FieldError(where=where, what='a row is an object such as {"name": value}', got=got)


def _first_sentence(message: str) -> str:
    body = message.split("LINE 1:", maxsplit=1)[0].split("Try ", maxsplit=1)[0]
    return body.partition("Error: ")[2].strip()[:_SHOWN] or body.strip()[:_SHOWN]


def _shown(start: bytes) -> str:
    return repr(start[:1].decode("utf-8", "replace"))
