"""Publishing uploaded bytes as a version: file, table commit, index and event, each step safe to be killed after."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from datalab.contracts.data import DatasetExists, DatasetName, DatasetNotFound, Upload, UploadMode
from datalab.contracts.errors import Conflict, InvalidInput, PreconditionFailed
from datalab.contracts.identity import Caller
from datalab.contracts.ids import new_id
from datalab.kernel.failpoint import reach
from datalab.services.data.actions.access import require_write
from datalab.services.data.actions.parts import Parts
from datalab.services.data.actions.prepare import Prepared, Publication, prepare, undo
from datalab.services.data.model.column_choices import check_choices
from datalab.services.data.model.dataset import DatasetRecord, check_new_name
from datalab.services.data.model.ingest import Commit, CommitRequest, Ingested
from datalab.services.data.ports import OnProgress, SpoolFolder

ATTEMPTS = 20
LONGEST_WAY_S = 1.0
COMMITS = {
    UploadMode.APPEND: Commit.APPEND,
    UploadMode.REPLACE: Commit.OVERWRITE,
    UploadMode.UPSERT: Commit.OVERWRITE,
}


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
    caught_up = await parts.indexing.caught_up(record.id)
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
            prepared = await prepare(parts, work, folder, await parts.catalogue.find(work.name))
        try:
            if attempt == 0 and work.only_adds and prepared.base is not None:
                record = await _append(parts, work, prepared)
            else:
                async with parts.turns.of(str(work.name)):
                    record = await _publish_prepared(parts, work, prepared)
        except DatasetExists:
            await undo(parts, prepared)
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


async def _publish_prepared(parts: Parts, work: Publication, prepared: Prepared) -> DatasetRecord | None:
    """The dataset, published now or before; ``None`` when it has become another one than the file was made for."""
    base = await current(parts, work.name)
    done = await _published(parts, work, base)
    if done is None and prepared.fits(base, work.upload.mode):
        return await _commit(parts, work, base, prepared)
    await undo(parts, prepared)
    return done


async def _append(parts: Parts, work: Publication, prepared: Prepared) -> DatasetRecord:
    """Add the rows to whatever is newest; with many who do, the index is brought up to date for all of them at once.

    Raises:
        Conflict: The dataset's columns are others now, or another process added at the same moment.
    """
    async with parts.turns.of(str(work.name)):
        is_new = await parts.tables.commit(_request(parts, work, prepared, Commit.APPEND, None))
    reach("data.append.after_commit")
    if not is_new:
        await undo(parts, prepared)
    record = await _caught_up(parts, work, prepared)
    reach("data.append.after_publish")
    return record


async def _commit(parts: Parts, work: Publication, base: DatasetRecord | None, prepared: Prepared) -> DatasetRecord:
    commit = Commit.CREATE if base is None else COMMITS[work.upload.mode]
    await parts.tables.commit(_request(parts, work, prepared, commit, base))
    reach("data.upload.after_commit")
    record = await (_created(parts, work, prepared) if base is None else _caught_up(parts, work, prepared))
    reach("data.upload.after_publish")
    return record


def _request(
    parts: Parts, work: Publication, prepared: Prepared, commit: Commit, follows: DatasetRecord | None
) -> CommitRequest:
    return CommitRequest(
        folder=str(parts.tables.folder(prepared.dataset_id)),
        commit=commit,
        files=(prepared.file,),
        table_schema=prepared.ingested.table_schema,
        name=str(work.name),
        expected=follows.version if follows is not None else None,
        publication=work.key,
        note={"operation": work.upload.mode.value, "by": work.by, **_counts(work, follows, prepared.ingested)},
    )


def _counts(work: Publication, base: DatasetRecord | None, ingested: Ingested) -> dict[str, str]:
    """What the files don't tell: an upsert writes all rows anew, also those that it leaves as they are."""
    if base is None or work.upload.mode is not UploadMode.UPSERT:
        return {}
    kept = ingested.rows - ingested.uploaded
    return {"added": str(ingested.uploaded), "removed": str(base.rows - kept)}


async def _caught_up(parts: Parts, work: Publication, prepared: Prepared) -> DatasetRecord:
    record = await parts.indexing.caught_up(prepared.dataset_id)
    if record is None:
        raise DatasetNotFound(str(work.name))
    return record


async def _created(parts: Parts, work: Publication, prepared: Prepared) -> DatasetRecord:
    ingested = prepared.ingested
    now = datetime.now(UTC)
    draft = DatasetRecord(
        id=prepared.dataset_id,
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
    return await parts.catalogue.create(draft, await parts.tables.entries(draft.id, -1))
