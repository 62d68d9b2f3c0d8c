"""How connections are opened: what each database is told before it is given work.

Drivers are left in autocommit and transactions are begun by :mod:`datalab.kernel.database.database` in so many words,
because pysqlite begins too late and psycopg would spend a round trip of its own on BEGIN.
"""

from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, NullPool, Pool

from datalab.kernel.database.sqlite_connection import SqliteConnections
from datalab.kernel.database.url import PostgresServer

BUSY_TIMEOUT_S = 30
"""How long a writer waits for another process's write before it is told that the database is unavailable."""

CHECKOUT_TIMEOUT_S = 30
CONNECT_TIMEOUT_S = 5

# Every commit is on the disk before it is acknowledged: NORMAL would lose the last ones at a power cut.
WRITER_PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON")
READER_PRAGMAS = ("foreign_keys = ON", "query_only = ON")
# Rebuilding a table in batch mode drops the old one, which would cascade into its children.
MIGRATOR_PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = OFF")


def sqlite_engine(file: str, pragmas: tuple[str, ...], size: int, connections: SqliteConnections) -> AsyncEngine:
    """At most ``size`` of ``connections`` to one SQLite file (0: one for each use, closed after it)."""
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{file}",
        connect_args={
            "async_creator_fn": connections.open,
            "timeout": BUSY_TIMEOUT_S,
            "isolation_level": None,
        },
        **_pooled(size),
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # pyright: ignore[reportUnusedFunction]
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def postgres_engine(server: PostgresServer, size: int) -> AsyncEngine:
    """Connections to a PostgreSQL server or to a PgBouncer before it, at most ``size`` (0: as for SQLite).

    Only pooled ones are given up when an answer is overdue: what a migration asks may take its time.
    """
    from psycopg import AsyncConnection

    from datalab.kernel.database.postgres_connection import AnsweringConnection

    return create_async_engine(
        server.url,
        connect_args={
            "async_creator_fn": AnsweringConnection.connect if size else AsyncConnection.connect,
            "autocommit": True,
            # A prepared statement lives in one server connection; PgBouncer hands out another each transaction.
            "prepare_threshold": None,
            "connect_timeout": CONNECT_TIMEOUT_S,
            "keepalives_idle": 30,
            "tcp_user_timeout": 30_000,
            "application_name": "datalab",
        },
        use_native_hstore=False,
        **_pooled(size),
    )


def _pooled(size: int) -> dict[str, Any]:
    if size == 0:
        return {"poolclass": NullPool}
    pool: type[Pool] = AsyncAdaptedQueuePool
    return {"poolclass": pool, "pool_size": size, "max_overflow": 0, "pool_timeout": CHECKOUT_TIMEOUT_S}
