"""Whether a service's schema is what its code expects."""

from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from datalab.contracts.errors import Unavailable
from datalab.kernel.database.database import Database
from datalab.kernel.database.revisions import Revisions, read_revisions, script_folders


class SchemaState(StrEnum):
    """How the schema stands to the code."""

    EMPTY = "empty"
    """Never migrated."""
    BEHIND = "behind"
    """Migrations are waiting."""
    AT_HEAD = "at_head"
    AHEAD = "ahead"
    """Migrated by newer code than this."""


async def schema_state(database: Database, folders: Sequence[Path] | None = None) -> SchemaState:
    """Compare the schema with the scripts of this code (or of ``folders``), without loading Alembic.

    Raises :class:`datalab.contracts.errors.Unavailable` when the database can't be asked.
    """
    wanted = _own_revisions(database.service) if folders is None else read_revisions(folders)
    applied = await applied_revisions(database)
    if not applied:
        return SchemaState.EMPTY
    if applied == wanted.heads:
        return SchemaState.AT_HEAD
    return SchemaState.BEHIND if applied <= wanted.known else SchemaState.AHEAD


async def applied_revisions(database: Database) -> frozenset[str]:
    """The newest revision of each branch that the schema has; none when it was never migrated.

    Raises :class:`datalab.contracts.errors.Unavailable` when the database can't be asked.
    """
    async with database.read() as connection:
        return await connection.run_sync(_applied)


async def check_schema(database: Database) -> str:
    """The schema's state, for a service's readiness.

    Raises:
        Unavailable: It isn't at head, or the database can't be asked.
    """
    state = await schema_state(database)
    if state not in (SchemaState.AT_HEAD, SchemaState.AHEAD):
        raise Unavailable(f"the schema is {state.value}; run datalab migrate")
    return state.value


@cache
def _own_revisions(service: str) -> Revisions:
    """Read once, for readiness is asked again and again and a process's code stays as it is."""
    return read_revisions(script_folders(service))


def _applied(connection: Connection) -> frozenset[str]:
    if not inspect(connection).has_table("alembic_version"):
        return frozenset()
    return frozenset(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
