"""The beginning of a file, cut anywhere, without the record that was cut."""

import re
from collections.abc import Iterator
from pathlib import Path

from datalab.contracts.data import DataFormat, UnreadableData

_STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)
_NO_RECORD = "the beginning of the file holds no whole record; send more of it"


def whole_records(source: Path, format: DataFormat) -> Path:
    """The file itself, or beside it its whole records.

    Raises:
        UnreadableData: There is none, or the format tells of its columns only at its end.
    """
    if format is DataFormat.PARQUET:
        raise UnreadableData("a Parquet file tells of its columns at its end; send the whole file, without partial")
    if format is DataFormat.ARROW:
        return source
    content = source.read_bytes()
    end = _end_of_objects(content) if format is DataFormat.JSON else _end_of_lines(content, format)
    if end == 0:
        raise UnreadableData(_NO_RECORD)
    target = source.with_name("begun")
    target.write_bytes(content[:end] + (b"]" if format is DataFormat.JSON else b""))
    return target


def _end_of_lines(content: bytes, format: DataFormat) -> int:
    """Behind the last line that ends outside quotes; in NDJSON no line ends within them."""
    if format is DataFormat.NDJSON:
        return content.rfind(b"\n") + 1
    last = start = quotes = 0
    for end in _line_ends(content):
        quotes += content.count(b'"', start, end)
        start = end
        last = end if quotes % 2 == 0 else last
    return last


def _line_ends(content: bytes) -> Iterator[int]:
    end = 0
    while end := content.find(b"\n", end) + 1:
        yield end


def _end_of_objects(content: bytes) -> int:
    """Behind the last whole element of the array."""
    depth = last = 0
    for found in _STRUCTURE.finditer(content):
        mark = found.group()
        if mark in b"[{":
            depth += 1
        elif mark in b"]}":
            depth -= 1
            if depth == 1:
                last = found.end()
            if depth == 0:
                return found.start()
    return last
