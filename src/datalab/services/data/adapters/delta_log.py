"""Reading a table's Delta log: which files make which version."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

from datalab.contracts.data import Column
from datalab.services.data.model.dataset import LogEntry
from datalab.services.data.model.delta_types import columns_of
from datalab.services.data.model.ingest import FileEntry

LOG = "_delta_log"
_DIGITS = 20
UNKNOWN_WRITER = "another writer"


def read_entries(folder: Path, after: int) -> list[LogEntry]:
    """The versions after ``after``, in order; none when the folder is no table."""
    versions = range(after + 1, newest_version(folder) + 1)
    return [entry_of((folder / LOG / log_name(one)).read_text(encoding="utf-8"), one) for one in versions]


def newest_version(folder: Path) -> int:
    """The newest version in the log, -1 when the folder is no table."""
    return max((version for version in _versions(folder)), default=-1)


def _versions(folder: Path) -> Iterator[int]:
    log = folder / LOG
    if not log.is_dir():
        return
    for path in log.iterdir():
        version = version_of(path.name)
        if version is not None:
            yield version


def log_name(version: int) -> str:
    """The name of a version's file in the log."""
    return f"{version:0{_DIGITS}}.json"


def version_of(name: str) -> int | None:
    """The version that a file of the log tells of, ``None`` for other files."""
    stem, _, kind = name.partition(".")
    return int(stem) if kind == "json" and len(stem) == _DIGITS and stem.isdigit() else None


def entry_of(text: str, version: int) -> LogEntry:
    """What the log tells of a version."""
    info: dict[str, Any] = {}
    columns: tuple[Column, ...] | None = None
    publication: str | None = None
    added: list[FileEntry] = []
    removed: list[str] = []
    for line in text.splitlines():
        action = cast("dict[str, Any]", json.loads(line)) if line.strip() else {}
        if "commitInfo" in action:
            info = action["commitInfo"]
        elif "metaData" in action:
            columns = columns_of(action["metaData"]["schemaString"])
        elif "txn" in action:
            publication = str(action["txn"]["appId"])
        elif "add" in action:
            added.append(_file(action["add"]))
        elif "remove" in action:
            removed.append(unquote(str(action["remove"]["path"])))
    note = _note(info)
    return LogEntry(
        version=version,
        operation=note.get("operation") or str(info.get("operation", "write")).lower(),
        at=datetime.fromtimestamp(int(info.get("timestamp", 0)) / 1000, UTC),
        by=note.get("by", UNKNOWN_WRITER),
        publication=publication,
        rows_added=_count(note, "added"),
        rows_removed=_count(note, "removed"),
        columns=columns,
        added=tuple(added),
        removed=tuple(removed),
    )


def _note(info: dict[str, Any]) -> dict[str, str]:
    try:
        return json.loads(info.get("datalab", "{}"))
    except (TypeError, ValueError):
        return {}


def _count(note: dict[str, str], what: str) -> int | None:
    text = str(note.get(what, ""))
    return int(text) if text.isdecimal() else None


def _file(add: dict[str, Any]) -> FileEntry:
    stats = json.loads(add.get("stats") or "{}")
    return FileEntry(path=unquote(str(add["path"])), bytes=int(add["size"]), rows=int(stats.get("numRecords", 0)))
