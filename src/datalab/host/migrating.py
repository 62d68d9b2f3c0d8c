"""Bringing the schemas to head."""

from collections.abc import Iterable

from datalab.catalog import SERVICES
from datalab.host.resources import database_url
from datalab.kernel.config.settings import PlatformSettings
from datalab.kernel.database.compatibility import check_compatible
from datalab.kernel.database.database import Database
from datalab.kernel.database.schema import SchemaState, schema_state


async def migrate_all(
    settings: PlatformSettings, services: Iterable[str] = tuple(SERVICES), running: str | None = None
) -> list[str]:
    """Migrate what is behind; gives a line a service. Alembic is loaded only when something is.

    ``running``: the version that serves meanwhile. All that waits is looked at before anything is migrated.

    Raises:
        datalab.kernel.database.compatibility.BreaksRunning: That version doesn't work with the new schema.
        datalab.contracts.errors.Unavailable: The database can't be reached.
    """
    names = tuple(services)
    if running is not None:
        for service in names:
            async with Database(database_url(settings), service) as database:
                await check_compatible(database, running)
    return [await _migrate(settings, service) for service in names]


async def _migrate(settings: PlatformSettings, service: str) -> str:
    async with Database(database_url(settings), service) as database:
        state = await schema_state(database)
        if state is SchemaState.AT_HEAD:
            return f"{service}: at head"
        if state is SchemaState.AHEAD:
            return f"{service}: migrated by a newer version; left as it is"
        from datalab.kernel.database.migrate import migrate

        await migrate(database)
        return f"{service}: migrated"
