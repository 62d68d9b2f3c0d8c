"""The migrations make the tables that the code describes."""

from sqlalchemy import Connection, inspect

from datalab.kernel.database.schema import SchemaState, schema_state
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
