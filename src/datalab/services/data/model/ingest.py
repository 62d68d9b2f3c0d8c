"""What a worker is told to do with uploaded bytes, and what it made of them."""

from enum import StrEnum
from typing import Any

from datalab.contracts.columns import Column, ColumnChoice
from datalab.contracts.data import DataFormat
from datalab.contracts.errors import FieldError
from datalab.contracts.model import Contract
from datalab.contracts.previews import PreviewColumn
from datalab.services.data.model.statement import EngineLimits


class IngestRequest(Contract):
    """Parse ``source`` and write one Parquet file at ``target``.

    ``columns``: those of the dataset as it is, to which the rows must fit; none for a new one. With ``key``, rows of
    ``base`` (the dataset's files) whose key isn't in the upload are kept beside it. ``choices``: the columns that are
    kept of the upload; none for all.
    """

    source: str
    format: DataFormat
    target: str
    columns: tuple[Column, ...] | None
    choices: tuple[ColumnChoice, ...]
    key: tuple[str, ...]
    base: tuple[str, ...]
    expanded_max_bytes: int
    limits: EngineLimits


class PreviewRequest(Contract):
    """Look at ``source`` as an :class:`IngestRequest` would; ``partial``: it is the beginning of a larger file."""

    source: str
    format: DataFormat
    columns: tuple[Column, ...] | None
    choices: tuple[ColumnChoice, ...]
    partial: bool
    expanded_max_bytes: int
    limits: EngineLimits


class Previewed(Contract):
    """What was seen: see :class:`~datalab.contracts.previews.UploadPreview`."""

    columns: tuple[PreviewColumn, ...]
    rows: tuple[tuple[Any, ...], ...]
    rows_read: int
    partial: bool
    problems: tuple[FieldError, ...]


class Ingested(Contract):
    """A Parquet file that no table refers to yet; ``table_schema`` is its columns in Delta's notation.

    ``uploaded``: how many of its rows came with the upload; the others were kept of the dataset.
    """

    columns: tuple[Column, ...]
    table_schema: str
    rows: int
    uploaded: int
    bytes: int


class Commit(StrEnum):
    """What a commit does to a table's files: begin with these, add them, put them in the place of all others."""

    CREATE = "create"
    APPEND = "append"
    OVERWRITE = "overwrite"


class FileEntry(Contract):
    """One Parquet file of a table: its path within the table's folder."""

    path: str
    bytes: int
    rows: int


class CommitRequest(Contract):
    """Publish files as one version of the table in ``folder``.

    ``expected``: the version that this one must follow; none for a new table, and to append to whatever is newest, which
    must have these columns. ``publication``: published at most once. ``note`` is kept with the version.
    """

    folder: str
    commit: Commit
    files: tuple[FileEntry, ...]
    table_schema: str
    name: str
    expected: int | None
    publication: str
    note: dict[str, str]


class RestoreRequest(Contract):
    """Make the files of ``version`` the newest ones of the table in ``folder``, right after version ``expected``."""

    folder: str
    version: int
    expected: int
    publication: str
    note: dict[str, str]
