"""Listing, describing and deleting datasets."""

from datalab.contracts.data import Dataset, DatasetName, DatasetNotFound
from datalab.contracts.identity import Caller
from datalab.contracts.model import Page, PageRequest
from datalab.services.data.actions.access import may_see, require_read, require_write, visible_namespace
from datalab.services.data.actions.parts import Parts
from datalab.services.data.actions.publish import check_condition, current
from datalab.services.data.model.dataset import DatasetRecord, cursor_of, read_cursor


async def list_datasets(parts: Parts, caller: Caller, page: PageRequest) -> Page[Dataset]:
    """The datasets that the caller may see, by name."""
    require_read(caller)
    after = read_cursor(page.cursor) if page.cursor is not None else None
    found = await parts.catalogue.page(visible_namespace(caller), after, page.limit + 1)
    shown = found[: page.limit]
    more = cursor_of(shown[-1]) if len(found) > page.limit else None
    return Page[Dataset](items=tuple(record.public() for record in shown), next_cursor=more)


async def describe(
    parts: Parts, caller: Caller, name: str, description: str, *, if_match: str | None = None
) -> DatasetRecord:
    """Change the description. Raises DatasetNotFound, PreconditionFailed."""
    record = await changeable(parts, caller, name)
    check_condition(record, if_match)
    changed = await parts.catalogue.describe(record.id, description)
    if changed is None:
        raise DatasetNotFound(str(record.name))
    return changed


async def delete(parts: Parts, caller: Caller, name: str, *, if_match: str | None = None) -> None:
    """Free the name at once; the files are swept later. Raises DatasetNotFound, PreconditionFailed."""
    record = await changeable(parts, caller, name)
    check_condition(record, if_match)
    if not await parts.catalogue.delete(record.id, caller.identity.name):
        raise DatasetNotFound(str(record.name))


async def changeable(parts: Parts, caller: Caller, name: str) -> DatasetRecord:
    """The dataset, for a caller who may change it. Raises DatasetNotFound, Forbidden."""
    target = DatasetName.parse(name)
    if not may_see(caller, target.namespace):
        raise DatasetNotFound(str(target))
    require_write(caller, target)
    record = await current(parts, target)
    if record is None:
        raise DatasetNotFound(str(target))
    return record
