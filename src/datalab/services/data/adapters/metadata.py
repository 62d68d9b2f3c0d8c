"""The catalogue in the service's database."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.contracts.data import DatasetExists, DatasetName
from datalab.kernel.database.database import Database
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.failpoint import reach
from datalab.services.data.adapters.dataset_rows import columns_of, named, record_of, told
from datalab.services.data.adapters.index import index_entries
from datalab.services.data.adapters.tables import dataset_files, dataset_versions, datasets
from datalab.services.data.model.dataset import DatasetRecord, LogEntry, VersionRecord

PUBLISHED, CHANGED, DELETED = "data.dataset_published", "data.dataset_changed", "data.dataset_deleted"
_LIVE = datasets.c.deleted_at.is_(None)
_MANY = 500


class MetadataCatalogue:
    """:class:`~datalab.services.data.ports.Catalogue` on SQLite or PostgreSQL; changes commit with their events."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    async def find(self, name: DatasetName) -> DatasetRecord | None:
        """The live dataset of that name."""
        return await self._one(named(name))

    async def find_many(self, tables: Collection[str]) -> Sequence[DatasetRecord]:
        """The live datasets with these lower-case table names."""
        if not tables:
            return ()
        wanted = datasets.c.table_key.in_(sorted(tables)) if len(tables) <= _MANY else sa.true()
        async with self._database.read() as connection:
            rows = (await connection.execute(sa.select(datasets).where(_LIVE, wanted))).mappings().all()
        return [record_of(row) for row in rows if row["table_key"] in tables]

    async def get(self, dataset_id: str) -> DatasetRecord | None:
        """The live dataset of that id."""
        return await self._one(datasets.c.id == dataset_id)

    async def knows(self, dataset_id: str) -> bool:
        """Whether the index has it, live or not."""
        async with self._database.read() as connection:
            found = await connection.execute(sa.select(datasets.c.id).where(datasets.c.id == dataset_id))
            return found.first() is not None

    async def page(self, namespace: str | None, after: tuple[str, str] | None, limit: int) -> Sequence[DatasetRecord]:
        """Live datasets by name."""
        statement = sa.select(datasets).where(_LIVE).order_by(datasets.c.namespace, datasets.c.table_key).limit(limit)
        if namespace is not None:
            statement = statement.where(datasets.c.namespace == namespace)
        if after is not None:
            statement = statement.where(sa.tuple_(datasets.c.namespace, datasets.c.table_key) > sa.tuple_(*after))
        async with self._database.read() as connection:
            return [record_of(row) for row in (await connection.execute(statement)).mappings()]

    async def create(self, record: DatasetRecord, entries: Sequence[LogEntry]) -> DatasetRecord:
        """Name a committed table. Raises DatasetExists."""
        row = {
            **record.model_dump(mode="json", exclude={"table", "created_at", "updated_at"}),
            "table_name": record.table,
            "table_key": record.table.lower(),
            "created_at": record.created_at,
            "updated_at": record.updated_at,
            "version": -1,
            "revision": -1,
        }
        try:
            async with self._database.write() as connection:
                await connection.execute(sa.insert(datasets).values(row))
                reach("data.publish.after_row")
                return await self._index(connection, record.id, entries)
        except IntegrityError as error:
            raise DatasetExists(str(record.name)) from error

    async def advance(self, dataset_id: str, entries: Sequence[LogEntry]) -> DatasetRecord | None:
        """Index versions that aren't indexed yet."""
        async with self._database.write() as connection:
            found = await connection.execute(
                sa.select(datasets.c.id).where(datasets.c.id == dataset_id, _LIVE).with_for_update()
            )
            if found.first() is None:
                return None
            return await self._index(connection, dataset_id, entries)

    async def describe(self, dataset_id: str, description: str) -> DatasetRecord | None:
        """Change the description."""
        change = (
            sa.update(datasets)
            .where(datasets.c.id == dataset_id, _LIVE)
            .values(description=description, revision=datasets.c.revision + 1, updated_at=datetime.now(UTC))
            .returning(datasets)
        )
        async with self._database.write() as connection:
            row = (await connection.execute(change)).mappings().first()
            if row is None:
                return None
            record = record_of(row)
            reach("data.describe.after_row")
            await self._outbox.add(connection, [told(CHANGED, record, {})])
        reach("data.describe.after_event")
        return record

    async def delete(self, dataset_id: str, by: str) -> bool:
        """Free the name; the files stay until they are swept."""
        change = (
            sa.update(datasets)
            .where(datasets.c.id == dataset_id, _LIVE)
            .values(deleted_at=datetime.now(UTC), deleted_by=by[:256])
            .returning(datasets)
        )
        async with self._database.write() as connection:
            row = (await connection.execute(change)).mappings().first()
            if row is None:
                return False
            reach("data.delete.after_row")
            await self._outbox.add(connection, [told(DELETED, record_of(row), {})])
        reach("data.delete.after_event")
        return True

    async def version(self, dataset_id: str, version: int) -> VersionRecord | None:
        """One version."""
        return await self._version(dataset_id, dataset_versions.c.version == version)

    async def version_at(self, dataset_id: str, at: datetime) -> VersionRecord | None:
        """The newest version of that moment or before."""
        return await self._version(dataset_id, dataset_versions.c.created_at <= at)

    async def versions(self, dataset_id: str, before: int | None, limit: int) -> Sequence[VersionRecord]:
        """Versions, newest first."""
        statement = sa.select(dataset_versions).where(dataset_versions.c.dataset_id == dataset_id)
        if before is not None:
            statement = statement.where(dataset_versions.c.version < before)
        statement = statement.order_by(dataset_versions.c.version.desc()).limit(limit)
        async with self._database.read() as connection:
            return [_version_record(row) for row in (await connection.execute(statement)).mappings()]

    async def published(self, name: DatasetName, publication: str) -> bool:
        """Whether the live dataset has a version of this publication."""
        statement = (
            sa.select(dataset_versions.c.version)
            .join(datasets, datasets.c.id == dataset_versions.c.dataset_id)
            .where(named(name), _LIVE, dataset_versions.c.publication == publication)
        )
        async with self._database.read() as connection:
            return (await connection.execute(statement)).first() is not None

    async def files(self, dataset_id: str, version: int) -> Sequence[str]:
        """The files that make the version."""
        files = dataset_files.c
        present = sa.or_(files.removed_version.is_(None), files.removed_version > version)
        statement = (
            sa.select(files.path)
            .where(files.dataset_id == dataset_id, files.added_version <= version, present)
            .order_by(files.added_version, files.path)
        )
        async with self._database.read() as connection:
            return (await connection.execute(statement)).scalars().all()

    async def all_versions(self) -> dict[str, int]:
        """The newest indexed version of every live dataset."""
        async with self._database.read() as connection:
            rows = await connection.execute(sa.select(datasets.c.id, datasets.c.version).where(_LIVE))
            return {row.id: row.version for row in rows}

    async def _index(self, connection: AsyncConnection, dataset_id: str, entries: Sequence[LogEntry]) -> DatasetRecord:
        row, indexed = await index_entries(connection, dataset_id, entries)
        record = record_of(row)
        events = [told(PUBLISHED, record, {"version": one.version, "operation": one.operation}) for one in indexed]
        await self._outbox.add(connection, events)
        reach("data.publish.after_event")
        return record

    async def _one(self, condition: sa.ColumnElement[bool]) -> DatasetRecord | None:
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(datasets).where(condition, _LIVE))).mappings().first()
        return None if row is None else record_of(row)

    async def _version(self, dataset_id: str, condition: sa.ColumnElement[bool]) -> VersionRecord | None:
        statement = (
            sa.select(dataset_versions)
            .where(dataset_versions.c.dataset_id == dataset_id, condition)
            .order_by(dataset_versions.c.version.desc())
            .limit(1)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(statement)).mappings().first()
        return None if row is None else _version_record(row)


def _version_record(row: sa.RowMapping) -> VersionRecord:
    values = {key: row[key] for key in VersionRecord.model_fields if key != "columns"}
    return VersionRecord(columns=columns_of(row["columns"]), **values)
