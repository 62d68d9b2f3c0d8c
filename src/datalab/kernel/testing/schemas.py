"""A service's schema at head, for tests: migrated once, then copied."""

from datalab.kernel.database.database import Database
from datalab.kernel.database.migrate import migrate
from datalab.kernel.database.schema import SchemaState, schema_state
from datalab.kernel.database.url import SqliteFolder

_files: dict[str, bytes] = {}
"""By service, the SQLite file that this process migrated first."""


async def bring_to_head(database: Database) -> None:
    """Have the tables there; the database was not opened before."""
    if isinstance(database.url, SqliteFolder):
        await _copied(database, database.url)
    elif await schema_state(database) is not SchemaState.AT_HEAD:
        await migrate(database)


async def _copied(database: Database, place: SqliteFolder) -> None:
    file = place.file(database.service)
    if file.exists():
        await migrate(database)
    elif database.service in _files:
        file.write_bytes(_files[database.service])
    else:
        await migrate(database)
        _files[database.service] = file.read_bytes()
