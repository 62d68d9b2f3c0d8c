"""The embedded databases: whole, in WAL mode, and of this version."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from datalab.catalog import SERVICES
from datalab.host.doctor.checks.schemas import of_schemas
from datalab.host.doctor.finding import Finding, broken, ok, skipped, warning
from datalab.host.doctor.setup import Setup
from datalab.host.resources import database_url
from datalab.kernel.database.url import SqliteFolder

_BUSY_S = 5.0


async def check(setup: Setup) -> Sequence[Finding]:
    """The files that are there."""
    url = database_url(setup.settings)
    if not isinstance(url, SqliteFolder):
        return [skipped("SQLite", "not used: DATABASE_URL or POSTGRES_HOST name a server")]
    there = [name for name in SERVICES if url.file(name).exists()]
    if not there:
        return [skipped("SQLite", "no databases yet; datalab up makes them")]
    looked = [await asyncio.to_thread(of_file, name, url.file(name)) for name in there]
    whole = [name for name, finding in zip(there, looked, strict=True) if finding.remedy is None]
    return [*looked, *(await of_schemas(url, whole, "datalab migrate") if whole else [])]


def of_file(service: str, file: Path) -> Finding:
    """One file; it is read, never written."""
    name = f"SQLite file of {service}"
    remedy = f"stop the platform, keep a copy of {file}, then restore a backup, or save what is left: sqlite3 {file} .recover"
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=_BUSY_S)) as connection:
            said = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
            mode = str(connection.execute("PRAGMA journal_mode").fetchone()[0])
    except sqlite3.OperationalError as error:
        return broken(name, f"{file} can't be read: {error}", f"chmod u+rw {file}*; its folder must be writable too")
    except sqlite3.DatabaseError as error:
        return broken(name, f"{file} is damaged: {error}", remedy)
    if said != "ok":
        return broken(name, f"{file} is damaged: {said[:200]}", remedy)
    if mode != "wal":
        return warning(name, f"{file} is in {mode} mode, where readers and writers block each other", "datalab migrate")
    return ok(name, f"whole, {file.stat().st_size / 2**20:.1f} MiB")
