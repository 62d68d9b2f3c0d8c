"""What an upload would make, with nothing stored."""

from collections.abc import AsyncIterator, Sequence

from datalab.contracts.columns import Column
from datalab.contracts.data import DatasetName, DryRun, UploadMode
from datalab.contracts.errors import FieldError
from datalab.contracts.identity import Caller
from datalab.contracts.previews import UploadPreview
from datalab.services.data.actions.access import require_write
from datalab.services.data.actions.parts import Parts
from datalab.services.data.actions.publish import check_key, current
from datalab.services.data.model.column_choices import check_choices
from datalab.services.data.model.dataset import DatasetRecord, check_new_name
from datalab.services.data.model.ingest import Previewed, PreviewRequest
from datalab.services.data.model.schema_change import schema_change

FITTING = frozenset({UploadMode.APPEND, UploadMode.UPSERT})
"""Modes whose rows must fit the dataset's columns."""


async def preview(parts: Parts, caller: Caller, name: str, upload: DryRun, body: AsyncIterator[bytes]) -> UploadPreview:
    """Look at the bytes as :func:`~datalab.services.data.actions.publish.publish` would.

    What would have the upload refused for its content is among the problems.

    Raises:
        Forbidden, InvalidInput: The caller may not upload it, or the upload asks for what can't be.
        TooLarge: More bytes than are accepted.
    """
    target = DatasetName.parse(name)
    require_write(caller, target)
    check_new_name(target)
    check_key(upload)
    record = await current(parts, target)
    async with parts.spool.open() as folder:
        await folder.receive(body)
        request = PreviewRequest(
            source=str(folder.body),
            format=upload.format,
            columns=record.columns if record is not None and upload.mode in FITTING else None,
            choices=check_choices(upload.columns),
            partial=upload.partial,
            expanded_max_bytes=parts.limits.expanded_max_bytes,
            limits=parts.limits.parse,
        )
        seen = await parts.ingest.preview(request)
    return _told(target, upload, record, seen)


def _told(name: DatasetName, upload: DryRun, record: DatasetRecord | None, seen: Previewed) -> UploadPreview:
    made = tuple(Column(name=column.name, type=column.type) for column in seen.columns)
    fits = upload.mode in FITTING
    after = record.columns if record is not None and fits else made
    return UploadPreview(
        name=str(name),
        format=upload.format,
        mode=upload.mode,
        exists=None if record is None else record.version,
        columns=seen.columns,
        rows=seen.rows,
        rows_read=seen.rows_read,
        partial=seen.partial,
        change=None if record is None or not made else schema_change(record.columns, after),
        missing=_lacking(record.columns, made) if record is not None and fits and seen.rows_read else (),
        problems=(*_refusals(upload, record, made), *seen.problems),
    )


def _refusals(upload: DryRun, record: DatasetRecord | None, made: Sequence[Column]) -> list[FieldError]:
    """What would have the upload refused whatever its rows are."""
    problems: list[FieldError] = []
    if record is not None and upload.mode is UploadMode.CREATE:
        what = f"dataset {str(record.name)!r} exists; append to it, replace it, upsert, or choose another name"
        problems.append(FieldError(where="mode", what=what, got=upload.mode))
    names = {column.name.casefold() for column in made}
    problems += [
        FieldError(where="key", what="the upload has no such column", got=one)
        for one in upload.key
        if made and one.casefold() not in names
    ]
    return problems


def _lacking(columns: Sequence[Column], made: Sequence[Column]) -> tuple[str, ...]:
    given = {column.name.casefold() for column in made}
    return tuple(column.name for column in columns if column.name.casefold() not in given)
