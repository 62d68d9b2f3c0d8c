"""Versions of a dataset, and going back to one."""

from datalab.contracts.data import DatasetName, DatasetNotFound, DatasetVersion, VersionNotFound
from datalab.contracts.errors import Conflict
from datalab.contracts.identity import Caller
from datalab.contracts.ids import new_id
from datalab.contracts.model import Page, PageRequest
from datalab.kernel.failpoint import reach
from datalab.services.data.actions.access import readable
from datalab.services.data.actions.datasets import changeable
from datalab.services.data.actions.parts import Parts
from datalab.services.data.actions.publish import ATTEMPTS, check_condition, give_way
from datalab.services.data.model.dataset import DatasetRecord, number_cursor
from datalab.services.data.model.ingest import RestoreRequest


async def list_versions(parts: Parts, caller: Caller, name: str, page: PageRequest) -> Page[DatasetVersion]:
    """The dataset's versions, newest first. Raises DatasetNotFound."""
    record = await readable(parts, caller, name)
    before = number_cursor(page.cursor) if page.cursor is not None else None
    found = await parts.catalogue.versions(record.id, before, page.limit + 1)
    shown = found[: page.limit]
    more = str(shown[-1].version) if len(found) > page.limit else None
    earlier = (*found[1:], None)
    items = tuple(one.public(before) for one, before in zip(shown, earlier, strict=False))
    return Page[DatasetVersion](items=items, next_cursor=more)


async def restore(
    parts: Parts, caller: Caller, name: str, version: int, *, if_match: str | None = None
) -> DatasetRecord:
    """Make the content of a past version the newest one; restoring the newest changes nothing.

    Raises:
        DatasetNotFound, VersionNotFound: Nothing of that name or version.
        Conflict: Others changed the dataset again and again meanwhile.
    """
    key = new_id()
    for attempt in range(ATTEMPTS):
        try:
            async with parts.turns.of(str(DatasetName.parse(name))):
                return await _restore_as_it_is(parts, caller, name, version, if_match, key=key)
        except Conflict:
            await give_way(attempt)
    raise Conflict(f"dataset {name!r} is being changed by others again and again; try later")


async def _restore_as_it_is(
    parts: Parts, caller: Caller, name: str, version: int, if_match: str | None, *, key: str
) -> DatasetRecord:
    record = await changeable(parts, caller, name)
    check_condition(record, if_match)
    if await parts.catalogue.version(record.id, version) is None:
        raise VersionNotFound(str(record.name), version)
    if version == record.version:
        return record
    return await _restore(parts, caller, record, version, key)


async def _restore(parts: Parts, caller: Caller, record: DatasetRecord, version: int, key: str) -> DatasetRecord:
    request = RestoreRequest(
        folder=str(parts.tables.folder(record.id)),
        version=version,
        expected=record.version,
        publication=key,
        note={"operation": "restore", "by": caller.identity.name},
    )
    await parts.tables.restore(request)
    reach("data.restore.after_commit")
    indexed = await parts.indexing.caught_up(record.id)
    reach("data.restore.after_index")
    if indexed is None:
        raise DatasetNotFound(str(record.name))
    return indexed
