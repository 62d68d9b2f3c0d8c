"""Bringing a service's schema to head. Importing this module loads Alembic; import it only to migrate."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from datalab.kernel.database.database import Database, migrator_engine
from datalab.kernel.database.dialect import Dialect
from datalab.kernel.database.outage import outage_as_unavailable
from datalab.kernel.database.revisions import KERNEL_SCRIPTS, script_folders

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
"""Alembic's ``op`` is one for the process, so two services' migrations must not run at the same time in it."""


async def migrate(database: Database, folders: Sequence[Path] | None = None) -> None:
    """Run the migrations that wait, all in one transaction: after an error the schema is as it was.

    Several may migrate at once; they take turns, and the later ones find nothing left to do. ``folders`` are the
    service's own and the kernel's scripts unless given. Raises :class:`datalab.contracts.errors.Unavailable`.
    """
    scripts = ScriptDirectory(
        str(KERNEL_SCRIPTS),
        version_locations=[str(folder) for folder in folders or script_folders(database.service)],
    )
    engine = migrator_engine(database)
    async with _turns.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
        with outage_as_unavailable(database.service):
            async with engine.connect() as connection:
                await connection.run_sync(_open, database)
                await connection.run_sync(_upgrade, scripts)
                await connection.commit()


def _open(connection: Connection, database: Database) -> None:
    """Begin and wait for other migrators."""
    if database.dialect is Dialect.SQLITE:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    schema = database.service
    connection.exec_driver_sql("BEGIN")
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"datalab.migrate.{schema}"}
    )
    connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
    connection.exec_driver_sql(f'SET LOCAL search_path TO "{schema}"')


def _upgrade(connection: Connection, scripts: ScriptDirectory) -> None:
    def steps(applied: Any, _context: MigrationContext) -> Any:
        return scripts._upgrade_revs("heads", applied)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] # alembic.command.upgrade's own step

    context = MigrationContext.configure(connection, opts={"fn": steps, "script": scripts})
    with Operations.context(context):
        context.run_migrations()
    if connection.dialect.name == "sqlite":
        _refuse_orphans(connection)


def _refuse_orphans(connection: Connection) -> None:
    """Foreign keys were off while tables were rebuilt, so they are checked before the commit."""
    orphan = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if orphan is not None:
        raise RuntimeError(f"the migration left rows of {orphan[0]} that point to no row of {orphan[2]}")
