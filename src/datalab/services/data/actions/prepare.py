"""An upload's file before it is published: made for a dataset as it was, in the folder of its table."""

from dataclasses import dataclass

from datalab.contracts.data import DatasetName, Upload, UploadMode
from datalab.contracts.ids import new_id
from datalab.kernel.failpoint import reach
from datalab.services.data.actions.parts import Parts
from datalab.services.data.model.dataset import DatasetRecord
from datalab.services.data.model.ingest import FileEntry, Ingested, IngestRequest
from datalab.services.data.ports import OnProgress, SpoolFolder


@dataclass(frozen=True, slots=True)
class Publication:
    """What is to be published, by whom, on which condition."""

    name: DatasetName
    upload: Upload
    key: str
    by: str
    if_match: str | None
    on_progress: OnProgress | None

    @property
    def only_adds(self) -> bool:
        """Whether it goes with whatever others do to the rows meanwhile."""
        return self.upload.mode is UploadMode.APPEND and self.if_match is None


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


async def prepare(parts: Parts, work: Publication, folder: SpoolFolder, base: DatasetRecord | None) -> Prepared:
    """Parse what was received and move the file to where it is to be published."""
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


async def undo(parts: Parts, prepared: Prepared) -> None:
    """Take away a file that is not to be published after all."""
    if prepared.base is None:
        await parts.tables.remove(prepared.dataset_id)
    else:
        await parts.tables.discard_file(prepared.dataset_id, prepared.file.path)
    reach("data.upload.after_undone")
