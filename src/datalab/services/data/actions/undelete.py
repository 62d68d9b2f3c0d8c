"""Deleted datasets: listing them and bringing one back."""

from datalab.contracts.data import DatasetName, DeletedDataset, DeletedDatasetNotFound, Undelete
from datalab.contracts.identity import Caller
from datalab.contracts.model import Page, PageRequest
from datalab.services.data.actions.access import may_see, require_read, require_write, visible_namespace
from datalab.services.data.actions.parts import Parts
from datalab.services.data.model.dataset import DatasetRecord, check_new_name
from datalab.services.data.model.deleted import DeletedPlace


async def list_deleted(parts: Parts, caller: Caller, page: PageRequest) -> Page[DeletedDataset]:
    """Those that can be brought back and that the caller may see, the one deleted last first."""
    require_read(caller)
    after = DeletedPlace.decode(page.cursor) if page.cursor is not None else None
    found = await parts.deleted.page(visible_namespace(caller), after, page.limit + 1)
    shown = found[: page.limit]
    more = shown[-1].place.encoded() if len(found) > page.limit else None
    items = tuple(one.public(parts.limits.deleted_kept_s) for one in shown)
    return Page[DeletedDataset](items=items, next_cursor=more)


async def undelete(parts: Parts, caller: Caller, name: str, target: Undelete) -> DatasetRecord:
    """Bring a deleted dataset back, all its versions with it.

    Raises:
        DeletedDatasetNotFound: None of that name, or it is kept no longer.
        NameTaken: There is another dataset of that name by now.
    """
    deleted = DatasetName.parse(name)
    back = deleted if target.name is None else DatasetName.parse(target.name)
    if not may_see(caller, deleted.namespace):
        raise DeletedDatasetNotFound(str(deleted))
    require_write(caller, deleted)
    require_write(caller, back)
    check_new_name(back)
    found = [one.record for one in await parts.deleted.named(deleted) if target.id in {None, one.record.id}]
    record = await parts.deleted.undelete(found[0].id, _spelled(found[0], back, target)) if found else None
    if record is None:
        raise DeletedDatasetNotFound(str(deleted))
    return record


def _spelled(record: DatasetRecord, name: DatasetName, target: Undelete) -> DatasetName:
    return name if target.name is not None else record.name
