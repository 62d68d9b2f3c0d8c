"""Which datasets a statement may read, and what it sees of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from datalab.contracts.data import Column, DatasetRead, Filter
from datalab.contracts.identity import MAIN_NAMESPACE, Caller
from datalab.services.data.actions.access import may_see
from datalab.services.data.actions.parts import Parts
from datalab.services.data.model.dataset import DatasetRecord
from datalab.services.data.model.mentioned import Mentioned
from datalab.services.data.model.narrowing import check_filters, columns_of, narrowed
from datalab.services.data.model.table_view import TableView


@dataclass(frozen=True, slots=True)
class Seen:
    """A view, and what it shows."""

    view: TableView
    read: DatasetRead

    @property
    def key(self) -> tuple[str, str]:
        """As a worker tells of it."""
        return self.view.namespace.lower(), self.view.table.lower()


async def views_of(parts: Parts, caller: Caller, mentioned: Mentioned, where: Sequence[Filter]) -> tuple[Seen, ...]:
    """Views of every dataset that is mentioned and that the caller may see, narrowed by the filters.

    Raises:
        InvalidInput: A filter can't be.
    """
    check_filters(where)
    records = [
        record
        for record in await parts.catalogue.find_many(mentioned.words)
        if may_see(caller, record.namespace)
        and (record.namespace == MAIN_NAMESPACE or record.namespace.lower() in mentioned.words)
    ]
    seen = [await _seen(parts, record, (record.version, record.columns), record.table, where) for record in records]
    for record in records:
        for table, number in sorted(mentioned.versions):
            found = await parts.catalogue.version(record.id, number) if record.table.lower() == table else None
            if found is not None:
                state = (number, found.columns)
                seen.append(await _seen(parts, record, state, f"{record.table}@{number}", where))
    return tuple(seen)


async def view_of(parts: Parts, record: DatasetRecord, version: int, table: str) -> TableView:
    """A version of the dataset as a table of that name."""
    return TableView(namespace=record.namespace, table=table, files=await parts.files.of(record.id, version))


async def _seen(
    parts: Parts, record: DatasetRecord, state: tuple[int, tuple[Column, ...]], table: str, where: Sequence[Filter]
) -> Seen:
    version, columns = state
    view = narrowed(await view_of(parts, record, version, table), columns, where)
    return Seen(view, DatasetRead(name=str(record.name), version=version, narrowed_by=columns_of(columns, where)))
