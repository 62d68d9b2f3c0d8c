"""Publishing uploaded bytes as a version: file, table commit, index and event, each step safe to be killed after."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

from datalab.contracts.data import DatasetExists, DatasetName, DatasetNotFound, Upload, UploadMode
from datalab.contracts.errors import Conflict, InvalidInput, PreconditionFailed
from datalab.contracts.identity import Caller
from datalab.contracts.ids import new_id
from datalab.kernel.failpoint import reach
from datalab.services.data.actions.access import require_write
from datalab.services.data.actions.parts import Parts
from datalab.services.data.model.column_choices import check_choices
from datalab.services.data.model.dataset import DatasetRecord, check_new_name
from datalab.services.data.model.ingest import Commit, CommitRequest, FileEntry, Ingested, IngestRequest
from datalab.services.data.ports import OnProgress, SpoolFolder

ATTEMPTS = 20
LONGEST_WAY_S = 1.0
COMMITS = {
    UploadMode.APPEND: Commit.APPEND,
    UploadMode.REPLACE: Commit.OVERWRITE,
    UploadMode.UPSERT: Commit.OVERWRITE,
}


@dataclass(frozen=True, slots=True)
class Publication:
    """What is to be published, by whom, on which condition."""

    name: DatasetName
    upload: Upload
    key: str
    by: str
    if_match: str | None
    on_progress: OnProgress | None


async def publish(
    parts: Parts,
    caller: Caller,
    name: str,
    upload: Upload,
    body: AsyncIterator[bytes],
    *,
    if_match: str | None = None,
    on_progress: OnProgress | None = None,
) -> DatasetRecord:
    """Publish the bytes, all or nothing, once under ``upload.publication``.

    Raises:
        DatasetExists: The mode is ``create``; the others create what isn't there.
        UnreadableData: The bytes can't be read, or don't fit the dataset.
        PreconditionFailed: The dataset isn't as ``if_match`` says.
        Conflict: Others changed the dataset again and again meanwhile.
    """
    target = DatasetName.parse(name)
    require_write(caller, target)
    check_new_name(target)
    check_key(upload)
    upload = upload.model_copy(update={"columns": check_choices(upload.columns)})
    work = Publication(target, upload, upload.publication or new_id(), caller.identity.name, if_match, on_progress)
    done = await _published(parts, work, await parts.catalogue.find(target))
    if done is not None:
        return done
    async with parts.spool.open() as folder:
        await folder.receive(body)
        reach("data.upload.after_spool")
        record = await _until_published(parts, work, folder)
    reach("data.upload.after_settled")
    if upload.description is not None and upload.description != record.description:
        return await parts.catalogue.describe(record.id, upload.description) or record
    return record


async def current(parts: Parts, name: DatasetName) -> DatasetRecord | None:
    """The dataset with its index caught up: a process that died may have committed without indexing."""
    record = await parts.catalogue.find(name)
    if record is None or await parts.tables.newest_version(record.id) <= record.version:
        return record
    caught_up = await parts.catalogue.advance(record.id, await parts.tables.entries(record.id, record.version))
    reach("data.upload.after_caught_up")
    return caught_up


async def give_way(attempt: int) -> None:
    """Let whoever changes the same dataset finish: a moment by chance, longer each time."""
    await asyncio.sleep(random.uniform(0, min(LONGEST_WAY_S, 0.01 * 2**attempt)))  # noqa: S311 - no secret


def check_condition(record: DatasetRecord | None, if_match: str | None) -> None:
    """Raise PreconditionFailed unless ``if_match`` (a header's value) names the dataset as it is."""
    if if_match is None:
        return
    tags = {tag.strip().removeprefix("W/") for tag in if_match.split(",")}
    if record is None or ("*" not in tags and record.etag not in tags):
        now = "gone" if record is None else record.etag
        raise PreconditionFailed(f"If-Match: it is now {now}; read it again and repeat the change")


def check_key(upload: Upload) -> None:
    """Raise InvalidInput unless a key is there for the mode that needs one, and for no other."""
    if (upload.mode is UploadMode.UPSERT) != bool(upload.key):
        raise InvalidInput("key: mode=upsert needs the columns of a key, and only that mode takes them: ?key=id")


async def _published(parts: Parts, work: Publication, record: DatasetRecord | None) -> DatasetRecord | None:
    """The dataset when this was published before; otherwise check that it may be."""
    if record is not None and await parts.catalogue.published(work.name, work.key):
        return record
    check_condition(record, work.if_match)
    if record is not None and work.upload.mode is UploadMode.CREATE:
        raise DatasetExists(str(work.name))
    return None


async def _until_published(parts: Parts, work: Publication, folder: SpoolFolder) -> DatasetRecord:
    prepared: Prepared | None = None
    for attempt in range(ATTEMPTS):
        if prepared is None:
            prepared = await _prepare(parts, work, folder, await parts.catalogue.find(work.name))
        try:
            async with parts.turns.of(work.name):
                record = await _publish_prepared(parts, work, prepared)
        except DatasetExists:
            await _undo(parts, prepared)
            prepared = None
            if work.upload.mode is UploadMode.CREATE and not await parts.catalogue.published(work.name, work.key):
                raise
        except Conflict:
            await give_way(attempt)
        else:
            if record is not None:
                folder.settle()
                return record
            prepared = None
    raise Conflict(f"dataset {str(work.name)!r} is being changed by others again and again; try later")


async def _publish_prepared(parts: Parts, work: Publication, prepared: "Prepared") -> DatasetRecord | None:
    """The dataset, published now or before; ``None`` when it has become another one than the file was made for."""
    base = await current(parts, work.name)
    done = await _published(parts, work, base)
    if done is None and prepared.fits(base, work.upload.mode):
        return await _commit(parts, work, base, prepared)
    await _undo(parts, prepared)
    return done


@dataclass(frozen=True, slots=True)
class Prepared:
    """A Parquet file in the folder of the table that it is meant for, made for ``base`` as it was."""

    dataset_id: str
    base: DatasetRecord | None
    file: FileEntry
    ingested: Ingested

    def fits(self, base: DatasetRecord | None, mode: UploadMode) -> bool:
        """Whether the file may be published on ``base``: the table is the same, and so is what the file depends on."""
        if self.base is None or base is None:
            return self.base is base
        if self.base.id != base.id:
            return False
        if mode is UploadMode.UPSERT:
            return self.base.version == base.version
        return mode is UploadMode.REPLACE or self.base.columns == base.columns


async def _prepare(parts: Parts, work: Publication, folder: SpoolFolder, base: DatasetRecord | None) -> Prepared:
    fits = base is not None and work.upload.mode is not UploadMode.REPLACE
    merges = base is not None and work.upload.mode is UploadMode.UPSERT
    request = IngestRequest(
        source=str(folder.body),
        format=work.upload.format,
        target=str(folder.result),
        columns=base.columns if base is not None and fits else None,
        choices=work.upload.columns,
        key=work.upload.key,
        base=await parts.files.of(base.id, base.version) if base is not None and merges else (),
        expanded_max_bytes=parts.limits.expanded_max_bytes,
        limits=parts.limits.parse,
    )
    ingested = await parts.ingest.parse(request, work.on_progress)
    reach("data.upload.after_file")
    dataset_id = base.id if base is not None else new_id()
    await folder.intend(dataset_id)
    reach("data.upload.after_intent")
    file = FileEntry(path=f"part-{folder.id}.parquet", bytes=ingested.bytes, rows=ingested.rows)
    await parts.tables.adopt(dataset_id, folder.result, file.path)
    reach("data.upload.after_move")
    return Prepared(dataset_id, base, file, ingested)


async def _undo(parts: Parts, prepared: Prepared) -> None:
    if prepared.base is None:
        await parts.tables.remove(prepared.dataset_id)
    else:
        await parts.tables.discard_file(prepared.dataset_id, prepared.file.path)
    reach("data.upload.after_undone")


async def _commit(parts: Parts, work: Publication, base: DatasetRecord | None, prepared: Prepared) -> DatasetRecord:
    request = CommitRequest(
        folder=str(parts.tables.folder(prepared.dataset_id)),
        commit=COMMITS[work.upload.mode] if base is not None else Commit.CREATE,
        files=(prepared.file,),
        table_schema=prepared.ingested.table_schema,
        name=str(work.name),
        expected=base.version if base is not None else None,
        publication=work.key,
        note={"operation": work.upload.mode.value, "by": work.by, **_counts(work, base, prepared.ingested)},
    )
    await parts.tables.commit(request)
    reach("data.upload.after_commit")
    record = await _index(parts, work, prepared.dataset_id, base, prepared.ingested)
    reach("data.upload.after_publish")
    return record


def _counts(work: Publication, base: DatasetRecord | None, ingested: Ingested) -> dict[str, str]:
    """What the files don't tell: an upsert writes all rows anew, also those that it leaves as they are."""
    if base is None or work.upload.mode is not UploadMode.UPSERT:
        return {}
    kept = ingested.rows - ingested.uploaded
    return {"added": str(ingested.uploaded), "removed": str(base.rows - kept)}


async def _index(
    parts: Parts, work: Publication, dataset_id: str, base: DatasetRecord | None, ingested: Ingested
) -> DatasetRecord:
    entries = await parts.tables.entries(dataset_id, -1 if base is None else base.version)
    if base is not None:
        record = await parts.catalogue.advance(dataset_id, entries)
        if record is None:
            raise DatasetNotFound(str(work.name))
        return record
    now = datetime.now(UTC)
    draft = DatasetRecord(
        id=dataset_id,
        namespace=work.name.namespace,
        table=work.name.table,
        version=0,
        revision=0,
        rows=ingested.rows,
        bytes=ingested.bytes,
        columns=ingested.columns,
        description=work.upload.description or "",
        created_by=work.by,
        created_at=now,
        updated_at=now,
    )
    return await parts.catalogue.create(draft, entries)
