"""Deleted datasets in the service's database: listed, brought back, taken for sweeping."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from datalab.contracts.data import DatasetName, NameTaken
from datalab.kernel.database.database import Database
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.failpoint import reach
from datalab.services.data.adapters.dataset_rows import named, record_of, told
from datalab.services.data.adapters.tables import datasets
from datalab.services.data.model.dataset import DatasetRecord
from datalab.services.data.model.deleted import DeletedPlace, DeletedRecord

UNDELETED = "data.dataset_undeleted"
_KEPT = sa.and_(datasets.c.deleted_at.is_not(None), datasets.c.swept_at.is_(None))
_NEWEST_FIRST = (datasets.c.deleted_at.desc(), datasets.c.id.desc())


class DeletedDatasets:
    """:class:`~datalab.services.data.ports.Deleted` on SQLite or PostgreSQL."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    async def page(self, namespace: str | None, after: DeletedPlace | None, limit: int) -> Sequence[DeletedRecord]:
        """Those that can be brought back, the one deleted last first."""
        statement = sa.select(datasets).where(_KEPT).order_by(*_NEWEST_FIRST).limit(limit)
        if namespace is not None:
            statement = statement.where(datasets.c.namespace == namespace)
        if after is not None:
            earlier = datasets.c.deleted_at < after.deleted_at
            same = sa.and_(datasets.c.deleted_at == after.deleted_at, datasets.c.id < after.id)
            statement = statement.where(sa.or_(earlier, same))
        return await self._records(statement)

    async def named(self, name: DatasetName) -> Sequence[DeletedRecord]:
        """Those of that name."""
        return await self._records(sa.select(datasets).where(_KEPT, named(name)).order_by(*_NEWEST_FIRST))

    async def undelete(self, dataset_id: str, name: DatasetName) -> DatasetRecord | None:
        """Bring one back under a name, with its event. Raises NameTaken."""
        change = (
            sa.update(datasets)
            .where(datasets.c.id == dataset_id, _KEPT)
            .values(
                namespace=name.namespace,
                table_name=name.table,
                table_key=name.table.lower(),
                deleted_at=None,
                deleted_by=None,
                revision=datasets.c.revision + 1,
                updated_at=datetime.now(UTC),
            )
            .returning(datasets)
        )
        try:
            async with self._database.write() as connection:
                row = (await connection.execute(change)).mappings().first()
                if row is None:
                    return None
                reach("data.undelete.after_row")
                record = record_of(row)
                await self._outbox.add(connection, [told(UNDELETED, record, {})])
        except IntegrityError as error:
            raise NameTaken(str(name)) from error
        reach("data.undelete.after_event")
        return record

    async def claim(self, before: datetime) -> Sequence[str]:
        """Take those deleted before then for sweeping, with those that were taken and not finished."""
        due = sa.and_(datasets.c.deleted_at < before, datasets.c.swept_at.is_(None))
        taken = sa.select(datasets.c.id).where(datasets.c.swept_at.is_not(None))
        async with self._database.read() as connection:
            if (await connection.execute(sa.select(datasets.c.id).where(due).limit(1))).first() is None:
                return (await connection.execute(taken)).scalars().all()
        async with self._database.write() as connection:
            await connection.execute(sa.update(datasets).where(due).values(swept_at=datetime.now(UTC)))
            found = (await connection.execute(taken)).scalars().all()
        reach("data.sweep.after_claimed")
        return found

    async def forget(self, dataset_id: str) -> None:
        """Take one that was swept out of the index."""
        async with self._database.write() as connection:
            await connection.execute(
                sa.delete(datasets).where(datasets.c.id == dataset_id, datasets.c.swept_at.is_not(None))
            )
        reach("data.sweep.after_forgotten")

    async def _records(self, statement: sa.Select[Any]) -> Sequence[DeletedRecord]:
        async with self._database.read() as connection:
            return [_deleted(row) for row in (await connection.execute(statement)).mappings()]


def _deleted(row: Mapping[str, Any] | sa.RowMapping) -> DeletedRecord:
    return DeletedRecord(record=record_of(row), deleted_at=row["deleted_at"], deleted_by=row["deleted_by"])
