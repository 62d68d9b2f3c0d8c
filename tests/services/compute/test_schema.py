"""The migrations make the tables that the code describes."""

import pytest
from sqlalchemy import Connection, inspect

from datalab.contracts.errors import Unavailable
from datalab.kernel.database.database import Database
from datalab.kernel.database.migrate import migrate
from datalab.kernel.database.schema import SchemaState, check_schema, schema_state
from datalab.kernel.database.url import DatabaseUrl
from datalab.services.compute.adapters.tables import metadata

from .conftest import Compute


async def test_the_migrated_schema_is_at_head(compute: Compute) -> None:
    assert await schema_state(compute.dependencies.database) is SchemaState.AT_HEAD


async def test_migrated_columns_are_the_described_ones(compute: Compute) -> None:
    def migrated(connection: Connection) -> dict[str, dict[str, bool]]:
        found = inspect(connection)
        return {table: {one["name"]: one["nullable"] for one in found.get_columns(table)} for table in metadata.tables}

    described = {
        name: {column.name: bool(column.nullable) for column in table.columns}
        for name, table in metadata.tables.items()
    }
    async with compute.dependencies.database.read() as connection:
        assert await connection.run_sync(migrated) == described


async def test_a_schema_that_waits_for_its_migration_says_how_to_make_it(new_database_url: DatabaseUrl) -> None:
    async with Database(new_database_url, "compute") as database:
        with pytest.raises(Unavailable, match="the schema is empty; run datalab migrate"):
            await check_schema(database)
        await migrate(database)
        assert await check_schema(database) == "at_head"
