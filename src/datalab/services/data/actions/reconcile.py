"""Clearing up after processes that died: indexing what they committed, deleting what they left."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from datalab.kernel.failpoint import reach
from datalab.services.data.actions.parts import Parts
from datalab.services.data.ports import Abandoned


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What one round did: versions indexed by dataset, folders of tables and uploads deleted."""

    indexed: tuple[str, ...]
    swept: tuple[str, ...]


async def reconcile_uploads(parts: Parts) -> Reconciled:
    """Look at what dead processes were doing: index their commits, delete their files."""
    indexed: list[str] = []
    swept: list[str] = []
    for left in await parts.spool.abandoned():
        if left.dataset_id is not None and await _settle(parts, left, left.dataset_id):
            indexed.append(left.dataset_id)
        await parts.spool.discard(left.id)
        swept.append(left.id)
    return Reconciled(tuple(indexed), tuple(swept))


async def reconcile_index(parts: Parts) -> Reconciled:
    """Compare the index of every live dataset with its log, and index what is missing."""
    indexed: list[str] = []
    for dataset_id, version in (await parts.catalogue.all_versions()).items():
        if await parts.tables.newest_version(dataset_id) > version:
            await parts.indexing.caught_up(dataset_id)
            reach("data.reconcile.after_indexed")
            indexed.append(dataset_id)
    return Reconciled(tuple(indexed), ())


async def sweep(parts: Parts, *, kept_s: float, orphan_s: float) -> Reconciled:
    """Delete tables that were deleted ``kept_s`` ago, and folders that no dataset had for ``orphan_s``.

    A deleted table is claimed first, so that nobody brings it back while its files go.
    """
    swept: list[str] = []
    for dataset_id in await parts.deleted.claim(datetime.now(UTC) - timedelta(seconds=kept_s)):
        await parts.tables.remove(dataset_id)
        reach("data.sweep.after_expired")
        await parts.deleted.forget(dataset_id)
        swept.append(dataset_id)
    for dataset_id in await parts.tables.ids():
        if not await parts.catalogue.knows(dataset_id) and await parts.tables.age_s(dataset_id) > orphan_s:
            await parts.tables.remove(dataset_id)
            reach("data.sweep.after_orphan")
            swept.append(dataset_id)
    return Reconciled((), tuple(swept))


async def _settle(parts: Parts, left: Abandoned, dataset_id: str) -> bool:
    """Whether the dead process had committed something that wasn't indexed yet."""
    if not await parts.catalogue.knows(dataset_id):
        await parts.tables.remove(dataset_id)
        reach("data.reconcile.after_removed")
        return False
    record = await parts.catalogue.get(dataset_id)
    if record is None:
        return False
    if await parts.tables.newest_version(dataset_id) > record.version:
        await parts.indexing.caught_up(dataset_id)
        reach("data.reconcile.after_settled")
        return True
    await parts.tables.discard_file(dataset_id, f"part-{left.id}.parquet")
    return False
