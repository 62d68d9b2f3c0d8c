"""Longer queries in the service's database, for all its processes."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from datalab.contracts.data import QueryState, QueryStatus
from datalab.kernel.database.database import Database
from datalab.kernel.database.upsert import upsert
from datalab.kernel.failpoint import reach
from datalab.services.data.adapters.tables import queries

QueryKey = tuple[str, str]
_COLUMNS = ("sql", "state", "started_at", "finished_at", "row_count", "error", "stop_asked")


class DatabaseQueryLog:
    """:class:`~datalab.services.data.ports.QueryLog` on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, subject: str, status: QueryStatus) -> None:
        """Tell the other processes of a running query."""
        row = {**status.model_dump(), "state": status.state.value, "subject": subject, "stop_asked": False}
        statement = upsert(self._database.dialect, queries, key=("subject", "query_id"), update=_COLUMNS)
        async with self._database.write() as connection:
            await connection.execute(statement.values(row))
        reach("data.queries.after_begin")

    async def end(self, subject: str, status: QueryStatus) -> None:
        """Tell them how it ended."""
        values = {**status.model_dump(exclude={"query_id", "sql", "started_at"}), "state": status.state.value}
        async with self._database.write() as connection:
            await connection.execute(sa.update(queries).where(_is(subject, status.query_id)).values(values))
        reach("data.queries.after_end")

    async def find(self, subject: str, query_id: str) -> QueryStatus | None:
        """A query that some process told of."""
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(queries).where(_is(subject, query_id)))).mappings().first()
        if row is None:
            return None
        return QueryStatus.model_validate({name: row[name] for name in QueryStatus.model_fields})

    async def ask_to_stop(self, subject: str, query_id: str) -> None:
        """Ask the process that runs the query to stop it."""
        running = sa.and_(_is(subject, query_id), queries.c.state == QueryState.RUNNING.value)
        async with self._database.write() as connection:
            await connection.execute(sa.update(queries).where(running).values(stop_asked=True))
        reach("data.queries.after_asked")

    async def asked_to_stop(self, keys: Collection[QueryKey]) -> set[QueryKey]:
        """Those of the queries that somebody asked to stop."""
        wanted = sa.and_(queries.c.stop_asked, queries.c.query_id.in_([query_id for _, query_id in keys]))
        async with self._database.read() as connection:
            rows = (await connection.execute(sa.select(queries.c.subject, queries.c.query_id).where(wanted))).all()
        return {(row.subject, row.query_id) for row in rows} & set(keys)

    async def forget(self, before: datetime) -> None:
        """Forget queries that began before then."""
        old = queries.c.started_at < before
        async with self._database.read() as connection:
            if (await connection.execute(sa.select(queries.c.query_id).where(old).limit(1))).first() is None:
                return
        async with self._database.write() as connection:
            await connection.execute(sa.delete(queries).where(old))
        reach("data.queries.after_forgotten")


def _is(subject: str, query_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(queries.c.subject == subject, queries.c.query_id == query_id)
