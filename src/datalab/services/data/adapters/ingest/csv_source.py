"""CSV and TSV: the first row names the columns, the whole file decides their types."""

import csv
import re
from collections.abc import Mapping
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from datalab.contracts.data import Column, UnreadableData
from datalab.contracts.errors import FieldError
from datalab.services.data.adapters.ingest.sql import name, text, texts
from datalab.services.data.model.column_names import check_column_names

NULLS = ["", "NA", "N/A", "null", "NULL"]
"""What stands for a missing value in columns that aren't text; in text only the empty string does."""
TEXT = "VARCHAR"
_DATES, _TIMES = "dateformat", "timestampformat"
_FORMATS = {"DATE": _DATES, "TIMESTAMP": _TIMES}
_DELIMITERS = ",;\t|"
_HEADER_BYTES = 2**20
_LINE = re.compile(r"CSV Error on Line: (\d+)")
_CONVERSION = re.compile(
    r'converting column "(.*?)"\. Could not convert string "(.*?)" to \'?([A-Z0-9 ,()]+)', re.DOTALL
)
_COUNT = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")


def csv_relation(
    connection: DuckDBPyConnection,
    source: Path,
    delimiter: str | None,
    pinned: tuple[Column, ...],
    loose: frozenset[str] = frozenset(),
) -> str:
    """SQL that reads the file; columns of ``pinned`` which are text stay so, those which look like text must convert.

    Those of ``loose`` (in lower case) need not: what looks like text is left as text, without the words for nothing.

    Raises:
        UnreadableData: The header can't be read or names columns badly.
    """
    names, delimiter = _header(source, delimiter)
    check_column_names(names)
    wanted = {column.name.casefold(): column.type for column in pinned}
    plain = _sniff(connection, source, delimiter, [""], names)
    types = {one: _pin(plain.types.get(one, TEXT), wanted.get(one.casefold())) for one in names}
    words = {one for one in names if plain.types.get(one) == TEXT and wanted.get(one.casefold()) != TEXT}
    lenient = _sniff(connection, source, delimiter, NULLS, names) if words else plain
    kinds = {one: lenient.types.get(one, TEXT) for one in words}
    gappy = {one: kind for one, kind in kinds.items() if kind != TEXT or one.casefold() in loose}
    reader = _reader(source, delimiter, types | dict.fromkeys(gappy, TEXT), plain.formats)
    kept = ", ".join(_with_gaps(one, gappy[one], lenient.formats) if one in gappy else name(one) for one in names)
    return f"SELECT {kept} FROM {reader}"


def csv_problem(error: duckdb.Error, source: Path) -> UnreadableData:
    """The reader's error with the line, the column and the value."""
    message = str(error)
    line = _LINE.search(message)
    where = f"line {physical_line(source, int(line.group(1)))}" if line else "the file"
    if found := _CONVERSION.search(message):
        column, value, kind = found.group(1), found.group(2)[:200], found.group(3).strip()
        problem = FieldError(where=f"{where}, column {column}", what=f"can't be read as {kind}", got=value)
    elif found := _COUNT.search(message):
        problem = FieldError(where=where, what=f"has {found.group(2)} values where the header has {found.group(1)}")
    elif "unterminated quote" in message:
        problem = FieldError(where=where, what="opens a quote that nothing closes")
    elif "unicode" in message.lower():
        problem = FieldError(where=where, what="is not UTF-8; convert the file to UTF-8")
    else:
        problem = FieldError(where=where, what=_first_words(message))
    got = f": {problem.got!r}" if problem.got is not None else ""
    return UnreadableData(f"{problem.where} {problem.what}{got}", errors=(problem,))


def physical_line(source: Path, record: int) -> int:
    """The line on which a record begins; the engine counts records, and quoted newlines make the two differ."""
    with source.open(encoding="utf-8", errors="replace", newline="") as file:
        reader = csv.reader(file, strict=False)
        try:
            for _ in range(record - 1):
                next(reader)
        except (StopIteration, csv.Error):
            return record
        return reader.line_num + 1


def _header(source: Path, delimiter: str | None) -> tuple[list[str], str]:
    with source.open("rb") as file:
        head = file.read(_HEADER_BYTES)
    try:
        lines = head.decode("utf-8-sig", "strict" if len(head) < _HEADER_BYTES else "ignore").splitlines(keepends=True)
    except UnicodeDecodeError as error:
        line = head.count(b"\n", 0, error.start) + 1
        problem = FieldError(where=f"line {line}", what="is not UTF-8", got=repr(head[error.start : error.start + 8]))
        raise UnreadableData(f"line {line} is not UTF-8; convert the file to UTF-8", errors=(problem,)) from error
    if not "".join(lines).strip():
        raise UnreadableData("the file has no header line")
    chosen = delimiter or _delimiter(lines[0])
    try:
        return next(csv.reader(lines, delimiter=chosen)), chosen
    except (csv.Error, StopIteration) as error:
        raise UnreadableData(f"line 1, the header, can't be read: {error}") from error


def _delimiter(header: str) -> str:
    bare = re.sub(r'"[^"]*"', "", header)
    return max(_DELIMITERS, key=lambda one: (bare.count(one), -_DELIMITERS.index(one)))


class _Sniffed:
    def __init__(self, types: Mapping[str, str], formats: Mapping[str, str]) -> None:
        self.types = dict(types)
        self.formats = dict(formats)


def _sniff(
    connection: DuckDBPyConnection, source: Path, delimiter: str, nulls: list[str], names: list[str]
) -> _Sniffed:
    """What types all values of each column have; nothing when the engine makes no sense of the file."""
    options = f"{_dialect(delimiter)}, nullstr = {texts(nulls)}, sample_size = -1"
    statement = f"SELECT Columns, DateFormat, TimestampFormat FROM sniff_csv({text(str(source))}, {options})"
    try:
        ((columns, date, timestamp),) = connection.execute(statement).fetchall()
    except duckdb.Error:
        return _Sniffed({}, {})
    types = {one["name"]: one["type"] for one in columns}
    if list(types) != names:
        return _Sniffed({}, {})
    formats = {key: one for key, one in {_DATES: date, _TIMES: timestamp}.items() if one}
    reader = _reader(source, delimiter, dict.fromkeys(names, TEXT), {})
    kinds = {one: kind for one, kind in types.items() if _FORMATS.get(kind) in formats}
    doubtful = _misspelt(connection, reader, kinds, formats, nulls)
    return _Sniffed(types | dict.fromkeys(doubtful, TEXT), formats)


def _misspelt(
    connection: DuckDBPyConnection,
    reader: str,
    kinds: Mapping[str, str],
    formats: Mapping[str, str],
    nulls: list[str],
) -> list[str]:
    """Columns of times that not all are in their format: the engine takes 2026-01-01 among 31/12/2026 for both."""
    if not kinds:
        return []
    gaps = ", ".join(text(one) for one in nulls)
    tests = ", ".join(
        f"bool_or({name(one)} NOT IN ({gaps}) AND try_strptime({name(one)}, {text(formats[_FORMATS[kind]])}) IS NULL)"
        for one, kind in kinds.items()
    )
    try:
        (found,) = connection.execute(f"SELECT {tests} FROM {reader}").fetchall()
    except duckdb.Error:
        return []
    return [one for one, bad in zip(kinds, found, strict=True) if bad]


def _pin(found: str, wanted: str | None) -> str:
    if wanted is None:
        return found
    return wanted if TEXT in {found, wanted} else found


def _with_gaps(column: str, kind: str, formats: Mapping[str, str]) -> str:
    """A column whose missing values are spelled out: read as text, so that the same words stay words elsewhere."""
    value = f"CASE WHEN {name(column)} NOT IN ({', '.join(text(one) for one in NULLS)}) THEN {name(column)} END"
    spelled = formats.get(_FORMATS.get(kind, ""))
    if spelled:
        value = f"strptime({value}, {text(spelled)})"
    return f"CAST({value} AS {kind}) AS {name(column)}"


def _reader(source: Path, delimiter: str, types: Mapping[str, str], formats: Mapping[str, str]) -> str:
    columns = ", ".join(f"{text(one)}: {text(kind)}" for one, kind in types.items())
    extra = "".join(f", {option} = {text(value)}" for option, value in formats.items())
    return (
        f"read_csv({text(str(source))}, {_dialect(delimiter)}, auto_detect = false, nullstr = [''], "
        f"columns = {{{columns}}}{extra})"
    )


def _dialect(delimiter: str) -> str:
    return f"""delim = {text(delimiter)}, quote = '"', escape = '"', header = true, comment = '', strict_mode = true"""


def _first_words(message: str) -> str:
    body = message.split("\n\n", maxsplit=1)[0].split("Possible", maxsplit=1)[0]
    kept = [line for line in body.splitlines()[1:] if not line.startswith("Original Line")]
    return (" ".join(kept).strip() or "can't be read")[:300]
