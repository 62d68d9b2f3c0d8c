"""Whether each service's schema is what this version's code expects."""

from collections.abc import Sequence

from datalab.host.doctor.finding import Finding, broken, ok, warning
from datalab.kernel.database.database import Database
from datalab.kernel.database.schema import SchemaState, schema_state
from datalab.kernel.database.url import DatabaseUrl, SqliteFolder


async def of_schemas(url: DatabaseUrl, services: Sequence[str], remedy: str) -> list[Finding]:
    """A finding for each service whose schema isn't at head, or one for all of them."""
    found = [one for service in services if (one := await _of(url, service, remedy)) is not None]
    return found or [ok("schemas", f"at head: {', '.join(services)}")]


async def _of(url: DatabaseUrl, service: str, remedy: str) -> Finding | None:
    name = f"schema of {service}"
    async with Database(url, service, connections=1) as database:
        state = await schema_state(database)
    if state is SchemaState.AT_HEAD:
        return None
    if state is SchemaState.AHEAD:
        return warning(name, "migrated by a newer version than this", "upgrade this installation")
    detail = "never migrated" if state is SchemaState.EMPTY else "older than this version's code"
    if isinstance(url, SqliteFolder):
        return warning(name, detail, "datalab up migrates when it starts; or: datalab migrate")
    return broken(name, f"{detail}, so the service isn't ready", remedy)
