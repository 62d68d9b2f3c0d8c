"""How two versions of a dataset differ."""

from datalab.contracts.columns import Column
from datalab.contracts.data import VersionNotFound
from datalab.contracts.differences import Comparison, DatasetDiff
from datalab.contracts.errors import InvalidInput
from datalab.contracts.identity import Caller
from datalab.services.data.actions.access import readable
from datalab.services.data.actions.parts import Parts
from datalab.services.data.model.comparing import (
    Compared,
    ComparedColumn,
    CompareRequest,
    compared_columns,
    key_places,
)
from datalab.services.data.model.dataset import DatasetRecord, VersionRecord
from datalab.services.data.model.schema_change import schema_change
from datalab.services.data.model.table_view import TableView

COMPARE_S = 120.0


async def compare(parts: Parts, caller: Caller, name: str, comparison: Comparison) -> DatasetDiff:
    """Compare two versions; files that both have are passed over.

    Raises:
        DatasetNotFound, VersionNotFound: Nothing of that name or version.
        InvalidInput: The first version has none before it; a key isn't in both versions, or doesn't identify a row.
        DeadlineExceeded, MemoryLimitExceeded: It was stopped.
    """
    record = await readable(parts, caller, name)
    newer = record.version if comparison.to_version is None else comparison.to_version
    older = newer - 1 if comparison.from_version is None else comparison.from_version
    if older < 0:
        raise InvalidInput("from: there is no version before the first")
    before, after = await _version(parts, record, older), await _version(parts, record, newer)
    columns = compared_columns(before.columns, after.columns)
    key = key_places(comparison.key, columns)
    found = await _compared(parts, record, (before, after), columns, (key, comparison.limit))
    return DatasetDiff(
        name=str(record.name),
        from_version=older,
        to_version=newer,
        rows_before=before.rows,
        rows_after=after.rows,
        change=schema_change(before.columns, after.columns),
        columns=tuple(Column(name=column.after, type=column.type) for column in columns),
        key=tuple(columns[place].after for place in key),
        **dict(found),
    )


async def _version(parts: Parts, record: DatasetRecord, version: int) -> VersionRecord:
    found = await parts.catalogue.version(record.id, version)
    if found is None:
        raise VersionNotFound(str(record.name), version)
    return found


async def _compared(
    parts: Parts,
    record: DatasetRecord,
    versions: tuple[VersionRecord, VersionRecord],
    columns: tuple[ComparedColumn, ...],
    shape: tuple[tuple[int, ...], int],
) -> Compared:
    """``shape``: the places of the key, and how many rows to show."""
    older, newer = [await parts.files.of(record.id, one.version) for one in versions]
    gone = tuple(file for file in older if file not in set(newer))
    come = tuple(file for file in newer if file not in set(older))
    if not gone and not come:
        return Compared()
    if not columns:
        return Compared(added=versions[1].rows, removed=versions[0].rows)
    request = CompareRequest(
        before=TableView(namespace=record.namespace, table="before", files=gone),
        after=TableView(namespace=record.namespace, table="after", files=come),
        columns=columns,
        key=shape[0],
        limit=shape[1],
        limits=parts.limits.statement,
    )
    return await parts.engine.compare(request, COMPARE_S)
