"""Printing results: for people on a terminal, in plain lines for a pipe, as JSON for programs."""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from datalab.contracts.model import Contract, Page

_TIME = re.compile(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|\+00:00)$")


def say(line: str) -> None:
    """A line of the result."""
    print(line)  # noqa: T201 - the terminal is the reader


def note(line: str) -> None:
    """A line beside the result."""
    print(line, file=sys.stderr)  # noqa: T201 - likewise


def show(result: Contract, fields: Sequence[str], *, as_json: bool) -> None:
    """One thing: the fields named, or all of it as JSON."""
    if as_json:
        say(result.model_dump_json())
        return
    values = result.model_dump(mode="json", include=set(fields))
    width = max(len(field) for field in fields)
    for field in fields:
        say(f"{field:<{width}}  {cell(values[field])}")


def show_page(page: Page[Any], fields: Sequence[str], *, as_json: bool) -> None:
    """A list: a table of the fields named, or all of it as JSON."""
    if as_json:
        say(page.model_dump_json())
        return
    show_rows(fields, ([one.model_dump(mode="json")[field] for field in fields] for one in page.items))
    if page.next_cursor is not None:
        note(f"there are more: --cursor {page.next_cursor}")


def show_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table on a terminal, tab-separated lines into a pipe."""
    if not sys.stdout.isatty():
        say("\t".join(columns))
        for row in rows:
            say("\t".join(cell(value).replace("\t", " ").replace("\n", " ") for value in row))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(escape(_to_the_second(cell(value))) for value in row))
    Console().print(table)


def show_json(value: Mapping[str, Any]) -> None:
    """An object that is no contract."""
    say(json.dumps(value, ensure_ascii=False, default=str))


def cell(value: Any) -> str:
    """A value as text; nothing as an empty one."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list | bool) else str(value)


def write(content: bytes, output: Path | None) -> None:
    """Bytes into the file named, or to stdout."""
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    output.write_bytes(content)
    note(f"{output}: {len(content):,} bytes")


def _to_the_second(text: str) -> str:
    return _TIME.sub(r"\1 \2", text)
