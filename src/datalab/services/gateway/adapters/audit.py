"""The audit trail in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from datalab.contracts.gateway import AuditEntry, AuditFilter
from datalab.kernel.database.database import Database
from datalab.kernel.database.upsert import insert_if_absent
from datalab.kernel.failpoint import reach
from datalab.kernel.upkeep import BATCH, in_batches
from datalab.services.gateway.adapters.tables import audit

_NUL = "\x00"


class SqlAuditLog:
    """See :class:`datalab.services.gateway.ports.AuditLog`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, entries: Sequence[AuditEntry]) -> None:
        """Keep entries; those that are there already stay as they are."""
        if not entries:
            return
        statement = insert_if_absent(self._database.dialect, audit, key=["id"])
        async with self._database.write() as connection:
            await connection.execute(statement, [_values(entry) for entry in entries])
        reach("gateway.audit.after_entries")

    async def list(self, which: AuditFilter, after: str | None, limit: int) -> Sequence[AuditEntry]:
        """Entries, newest first."""
        statement = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if after is not None:
            statement = statement.where(audit.c.id < after)
        for name in ("subject", "service", "outcome"):
            wanted = getattr(which, name)
            if wanted is not None:
                statement = statement.where(audit.c[name] == wanted)
        if which.since is not None:
            statement = statement.where(audit.c.at >= which.since)
        async with self._database.read() as connection:
            return [AuditEntry.model_validate(dict(row)) for row in (await connection.execute(statement)).mappings()]

    async def forget(self, before: datetime) -> int:
        """Delete entries older than that, some at a time, since a year of them would outlast a statement; how many."""
        some = select(audit.c.id).where(audit.c.at < before).limit(BATCH)

        async def batch() -> int:
            async with self._database.write() as connection:
                return (await connection.execute(delete(audit).where(audit.c.id.in_(some)))).rowcount

        return await in_batches(batch)


def _values(entry: AuditEntry) -> dict[str, Any]:
    """The entry as PostgreSQL takes it: no NUL, which a path may hold, and nothing longer than its column."""
    values = entry.model_dump()
    for column in audit.c:
        value = values[column.name]
        if isinstance(value, str):
            length: int | None = getattr(column.type, "length", None)
            values[column.name] = value.replace(_NUL, "�")[:length]
    return values
