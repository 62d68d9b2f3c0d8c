"""Writing what a table's log says into the index, inside one transaction."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.kernel.failpoint import reach
from datalab.services.data.adapters.tables import dataset_files, dataset_versions, datasets
from datalab.services.data.model.dataset import LogEntry


async def index_entries(
    connection: AsyncConnection, dataset_id: str, entries: Sequence[LogEntry]
) -> tuple[sa.RowMapping, list[LogEntry]]:
    """Index those entries that follow what is indexed; gives the dataset's row as it then is, and the entries taken.

    The caller holds the dataset's row, so that two who index the same entry take turns.
    """
    row = await _row(connection, dataset_id)
    taken: list[LogEntry] = []
    columns: Any = row["columns"]
    totals = (row["rows"], row["bytes"])
    for entry in sorted(entries, key=lambda one: one.version):
        if entry.version != row["version"] + 1 + len(taken):
            continue
        if entry.columns is not None:
            columns = [column.model_dump() for column in entry.columns]
        await _index_files(connection, dataset_id, entry)
        totals = await _totals(connection, dataset_id, entry.version)
        await _index_version(connection, dataset_id, entry, columns, totals)
        taken.append(entry)
    if not taken:
        return row, taken
    change = (
        sa.update(datasets)
        .where(datasets.c.id == dataset_id)
        .values(
            version=taken[-1].version,
            revision=datasets.c.revision + 1,
            rows=totals[0],
            bytes=totals[1],
            columns=columns,
            updated_at=taken[-1].at,
        )
    )
    await connection.execute(change)
    reach("data.index.after_dataset")
    return await _row(connection, dataset_id), taken


async def _row(connection: AsyncConnection, dataset_id: str) -> sa.RowMapping:
    return (await connection.execute(sa.select(datasets).where(datasets.c.id == dataset_id))).mappings().one()


async def _index_files(connection: AsyncConnection, dataset_id: str, entry: LogEntry) -> None:
    files = dataset_files.c
    if entry.removed:
        removal = (
            sa.update(dataset_files)
            .where(files.dataset_id == dataset_id, files.removed_version.is_(None), files.path == sa.bindparam("gone"))
            .values(removed_version=entry.version)
        )
        await connection.execute(removal, [{"gone": path} for path in entry.removed])
        reach("data.index.after_removed_files")
    if entry.added:
        rows = [{"dataset_id": dataset_id, "added_version": entry.version, **file.model_dump()} for file in entry.added]
        await connection.execute(sa.insert(dataset_files), rows)
        reach("data.index.after_files")


async def _totals(connection: AsyncConnection, dataset_id: str, version: int) -> tuple[int, int]:
    files = dataset_files.c
    present = sa.or_(files.removed_version.is_(None), files.removed_version > version)
    statement = sa.select(
        sa.func.coalesce(sa.func.sum(files.rows), 0), sa.func.coalesce(sa.func.sum(files.bytes), 0)
    ).where(files.dataset_id == dataset_id, files.added_version <= version, present)
    rows, size = (await connection.execute(statement)).one()
    return int(rows), int(size)


async def _removed(connection: AsyncConnection, dataset_id: str, entry: LogEntry) -> int:
    if entry.rows_removed is not None or not entry.removed:
        return entry.rows_removed or 0
    files = dataset_files.c
    statement = sa.select(sa.func.coalesce(sa.func.sum(files.rows), 0)).where(
        files.dataset_id == dataset_id, files.removed_version == entry.version
    )
    return int((await connection.execute(statement)).scalar_one())


async def _index_version(
    connection: AsyncConnection, dataset_id: str, entry: LogEntry, columns: Any, totals: tuple[int, int]
) -> None:
    row = {
        "dataset_id": dataset_id,
        "version": entry.version,
        "operation": entry.operation[:64],
        "rows": totals[0],
        "bytes": totals[1],
        "columns": columns,
        "created_by": entry.by[:256],
        "created_at": entry.at,
        "publication": entry.publication,
        "rows_added": sum(file.rows for file in entry.added) if entry.rows_added is None else entry.rows_added,
        "rows_removed": await _removed(connection, dataset_id, entry),
    }
    await connection.execute(sa.insert(dataset_versions).values(row))
    reach("data.index.after_version")
