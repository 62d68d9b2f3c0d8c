"""A service's database: transactions to read and to write in."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Self

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datalab.kernel.database.changes import ChangeWatch
from datalab.kernel.database.dialect import Dialect
from datalab.kernel.database.engines import (
    MIGRATOR_PRAGMAS,
    READER_PRAGMAS,
    WRITER_PRAGMAS,
    postgres_engine,
    sqlite_engine,
)
from datalab.kernel.database.outage import outage_as_unavailable
from datalab.kernel.database.sqlite_connection import SqliteConnections
from datalab.kernel.database.tracing import trace_writes
from datalab.kernel.database.url import DatabaseUrl, PostgresServer, SqliteFolder
from datalab.kernel.traces.spans import SpanKind, Step, begin

_SYSTEMS = {Dialect.SQLITE: "sqlite", Dialect.POSTGRES: "postgresql"}


class Database:
    """One service's tables on SQLite or PostgreSQL.

    Nothing is opened before it is needed. Every error that means "the database can't be used now, trying again may
    help" comes out as :class:`datalab.contracts.errors.Unavailable`; constraint violations stay SQLAlchemy's
    ``IntegrityError``. A transaction whose commit was cut off by an outage may or may not have happened.
    """

    def __init__(self, url: DatabaseUrl, service: str, *, connections: int = 8) -> None:
        if not service.isidentifier():
            raise ValueError(f"a service's name is an identifier, not {service!r}")
        self.url = url
        self.service = service
        self.dialect = Dialect.SQLITE if isinstance(url, SqliteFolder) else Dialect.POSTGRES
        self._sqlite = SqliteConnections()
        self._reads, self._writes = _engines(url, service, connections, self._sqlite)
        trace_writes(self._writes)
        self._begin_read, self._begin_write = _openings(self.dialect, service)
        self._commit_listeners: list[Callable[[AsyncConnection], None]] = []

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction that sees one moment of the database and refuses to write."""
        with self._step("read").lasting(), outage_as_unavailable(self.service):
            connection = await _begin(self._reads, self._begin_read)
            try:
                yield connection
            finally:
                await connection.close()  # which rolls back

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction that commits at the end of the block and rolls back when the block raises.

        On SQLite the writers of a process queue fairly for the one writing connection, so a block must not open
        a second ``write()`` inside itself; writers of other processes wait up to 30 s for each other.
        """
        with self._step("write").lasting(), outage_as_unavailable(self.service):
            connection = await _begin(self._writes, self._begin_write)
            try:
                yield connection
                await connection.commit()
                for heard in self._commit_listeners:
                    heard(connection)
            finally:
                await connection.close()

    def _step(self, verb: str) -> Step:
        """One transaction in the trace of whoever asked for it."""
        attributes = {"db.system.name": _SYSTEMS[self.dialect], "db.namespace": self.service, "db.operation.name": verb}
        return begin(f"{verb} {self.service}", attributes, kind=SpanKind.CLIENT)

    def on_commit(self, heard: Callable[[AsyncConnection], None]) -> Callable[[], None]:
        """Call ``heard`` (which must neither wait nor raise) after each commit of this object; the result ends it."""
        self._commit_listeners.append(heard)
        return lambda: self._commit_listeners.remove(heard)

    def changes(self) -> ChangeWatch:
        """Tells cheaply whether anybody has written since it was last asked."""
        return ChangeWatch(self._reads, self.dialect, self.service)

    async def ping(self) -> None:
        """Raise :class:`Unavailable` unless the database answers."""
        async with self.read() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Close every connection; the database may be used again after it."""
        await self._reads.dispose()
        if self._writes is not self._reads:
            await self._writes.dispose()
        await self._sqlite.settle()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def migrator_engine(database: Database) -> AsyncEngine:
    """One-use connections that may rebuild tables."""
    if isinstance(database.url, PostgresServer):
        return postgres_engine(database.url, 0)
    return sqlite_engine(_file(database.url, database.service), MIGRATOR_PRAGMAS, 0, SqliteConnections())


def _engines(
    url: DatabaseUrl, service: str, size: int, connections: SqliteConnections
) -> tuple[AsyncEngine, AsyncEngine]:
    if isinstance(url, PostgresServer):
        engine = postgres_engine(url, size)
        return engine, engine
    file = _file(url, service)
    readers = sqlite_engine(file, READER_PRAGMAS, size, connections)
    return readers, sqlite_engine(file, WRITER_PRAGMAS, 1, connections)


def _file(url: SqliteFolder, service: str) -> str:
    url.folder.mkdir(parents=True, exist_ok=True)
    return str(url.file(service))


def _openings(dialect: Dialect, service: str) -> tuple[str, str]:
    if dialect is Dialect.SQLITE:
        return "BEGIN", "BEGIN IMMEDIATE"
    path = f'SET LOCAL search_path TO "{service}"'
    return f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {path}", f"BEGIN; {path}"


async def _begin(engine: AsyncEngine, opening: str) -> AsyncConnection:
    """A connection with its transaction open.

    A pooled connection may have died unseen. Nothing has been done on it yet, so one more try on a fresh one is
    safe, and spares every transaction the round trip of a test beforehand.
    """
    try:
        return await _open(engine, opening)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        return await _open(engine, opening)


async def _open(engine: AsyncEngine, opening: str) -> AsyncConnection:
    connection = await engine.connect()
    try:
        await connection.exec_driver_sql(opening)
    except BaseException:
        await connection.close()
        raise
    return connection
