"""Queries in the service's database, for all its processes and for later."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from datalab.contracts.data import QueryFilter, QueryState, QueryStatus
from datalab.kernel.database.database import Database
from datalab.kernel.database.upsert import upsert
from datalab.kernel.failpoint import reach
from datalab.services.data.adapters.tables import queries
from datalab.services.data.model.query_history import LOST, LOST_AFTER_S, KnownQuery, QueryPlace

QueryKey = tuple[str, str]
_KEY = ("subject", "query_id")
_CHANGING = tuple(column.name for column in queries.columns if column.name not in _KEY)
_RUNNING = queries.c.state == QueryState.RUNNING.value


class DatabaseQueryLog:
    """:class:`~datalab.services.data.ports.QueryLog` on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, query: KnownQuery) -> None:
        """Tell the other processes of a running query."""
        await self._put([query])
        reach("data.queries.after_begin")

    async def keep(self, ended: Sequence[KnownQuery]) -> None:
        """Remember how queries ended."""
        await self._put(ended)
        reach("data.queries.after_end")

    async def find(self, subject: str | None, query_id: str) -> QueryStatus | None:
        """A query that some process told of; of any subject if none is named, then the latest."""
        wanted = queries.c.query_id == query_id if subject is None else _is(subject, query_id)
        statement = sa.select(queries).where(wanted).order_by(queries.c.started_at.desc()).limit(1)
        async with self._database.read() as connection:
            row = (await connection.execute(statement)).mappings().first()
        return None if row is None else _status(row)

    async def page(
        self, subject: str | None, wanted: QueryFilter, after: QueryPlace | None, limit: int
    ) -> Sequence[QueryStatus]:
        """Queries that somebody wrote, the latest first; of one subject or of all."""
        order = (queries.c.started_at.desc(), queries.c.query_id.desc())
        statement = sa.select(queries).where(queries.c.listed).order_by(*order).limit(limit)
        if subject is not None:
            statement = statement.where(queries.c.subject == subject)
        if wanted.state is not None:
            statement = statement.where(_in_state(wanted.state))
        if wanted.search:
            statement = statement.where(queries.c.sql.icontains(wanted.search, autoescape=True))
        if after is not None:
            same = sa.and_(queries.c.started_at == after.started_at, queries.c.query_id < after.query_id)
            statement = statement.where(sa.or_(queries.c.started_at < after.started_at, same))
        async with self._database.read() as connection:
            return [_status(row) for row in (await connection.execute(statement)).mappings()]

    async def ask_to_stop(self, subject: str, query_id: str) -> None:
        """Ask the process that runs the query to stop it."""
        running = sa.and_(_is(subject, query_id), _RUNNING)
        async with self._database.write() as connection:
            await connection.execute(sa.update(queries).where(running).values(stop_asked=True))
        reach("data.queries.after_asked")

    async def asked_to_stop(self, keys: Collection[QueryKey]) -> set[QueryKey]:
        """Those of the queries that somebody asked to stop."""
        wanted = sa.and_(queries.c.stop_asked, queries.c.query_id.in_([query_id for _, query_id in keys]))
        async with self._database.read() as connection:
            rows = (await connection.execute(sa.select(queries.c.subject, queries.c.query_id).where(wanted))).all()
        return {(row.subject, row.query_id) for row in rows} & set(keys)

    async def seen(self, keys: Collection[QueryKey]) -> None:
        """These are still running."""
        mine = sa.tuple_(queries.c.subject, queries.c.query_id).in_(list(keys))
        async with self._database.write() as connection:
            await connection.execute(sa.update(queries).where(mine, _RUNNING).values(seen_at=datetime.now(UTC)))
        reach("data.queries.after_seen")

    async def end_lost(self) -> None:
        """End queries whose process told nothing of them for a while."""
        lost = sa.and_(_RUNNING, _unseen())
        if not await self._any(lost):
            return
        ended = {"state": QueryState.FAILED.value, "error": LOST, "finished_at": queries.c.seen_at}
        async with self._database.write() as connection:
            await connection.execute(sa.update(queries).where(lost).values(ended))
        reach("data.queries.after_lost")

    async def forget(self, before: datetime, each: int) -> None:
        """Forget queries that began before then, and all but the latest so many of each subject."""
        place = sa.func.row_number().over(partition_by=queries.c.subject, order_by=queries.c.started_at.desc())
        ranked = sa.select(queries.c.subject, queries.c.query_id, place.label("place")).subquery()
        many = sa.select(ranked.c.subject, ranked.c.query_id).where(ranked.c.place > each)
        beyond = sa.tuple_(queries.c.subject, queries.c.query_id).in_(many)
        old = sa.and_(sa.or_(queries.c.started_at < before, beyond), sa.or_(sa.not_(_RUNNING), _unseen()))
        if not await self._any(old):
            return
        async with self._database.write() as connection:
            await connection.execute(sa.delete(queries).where(old))
        reach("data.queries.after_forgotten")

    async def _put(self, found: Sequence[KnownQuery]) -> None:
        rows = [_row(one) for one in found]
        statement = upsert(self._database.dialect, queries, key=_KEY, update=_CHANGING)
        async with self._database.write() as connection:
            await connection.execute(statement, rows)

    async def _any(self, condition: sa.ColumnElement[bool]) -> bool:
        async with self._database.read() as connection:
            found = await connection.execute(sa.select(queries.c.query_id).where(condition).limit(1))
            return found.first() is not None


def _row(query: KnownQuery) -> dict[str, Any]:
    return {
        **query.status.model_dump(),
        "state": query.status.state.value,
        "subject": query.subject,
        "listed": query.listed,
        "stop_asked": False,
        "seen_at": datetime.now(UTC),
    }


def _status(row: Mapping[str, Any] | sa.RowMapping) -> QueryStatus:
    values = {name: row[name] for name in QueryStatus.model_fields}
    seen = row["seen_at"]
    if values["state"] == QueryState.RUNNING and (seen is None or seen < _long_ago()):
        values |= {"state": QueryState.FAILED, "error": LOST, "finished_at": seen}
    return QueryStatus.model_validate(values)


def _in_state(state: QueryState) -> sa.ColumnElement[bool]:
    """A query whose process is gone has failed, though nobody wrote that yet."""
    if state is QueryState.RUNNING:
        return sa.and_(_RUNNING, sa.not_(_unseen()))
    if state is QueryState.FAILED:
        return sa.or_(queries.c.state == state.value, sa.and_(_RUNNING, _unseen()))
    return queries.c.state == state.value


def _unseen() -> sa.ColumnElement[bool]:
    return sa.or_(queries.c.seen_at.is_(None), queries.c.seen_at < _long_ago())


def _long_ago() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=LOST_AFTER_S)


def _is(subject: str, query_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(queries.c.subject == subject, queries.c.query_id == query_id)
