"""What an upload would make, without making it."""

from enum import StrEnum
from typing import Any

from datalab.contracts.columns import SchemaChange
from datalab.contracts.errors import FieldError
from datalab.contracts.model import Contract


class TypeReason(StrEnum):
    """Why a column has its type: the file says so, its values do, the upload's ``columns`` or the dataset it goes to."""

    FILE = "file"
    VALUES = "values"
    CHOSEN = "chosen"
    DATASET = "dataset"


class NearlyType(Contract):
    """The narrower type that at least half of a column's values have, and the first value (by row) that hasn't it."""

    type: str
    misfits: int
    row: int
    got: str


class PreviewColumn(Contract):
    """A column as it would be. ``source``: its name in the upload; ``nulls``: missing values among the rows read."""

    source: str
    name: str
    type: str
    reason: TypeReason
    nulls: int
    nearly: NearlyType | None


class UploadPreview(Contract):
    """What an upload would make.

    ``rows``: the first ones, values as in a query's answer; a value that doesn't fit its column is null there and is
    among the ``problems``, each of which would have the upload refused. ``rows_read``: how many were looked at;
    ``partial`` when there are or may be more. ``exists``: the dataset's version, if there is one; ``change``: what the
    mode would do to its columns; ``missing``: its columns that the upload lacks and that would be null.
    """

    name: str
    format: str
    mode: str
    exists: int | None
    columns: tuple[PreviewColumn, ...]
    rows: tuple[tuple[Any, ...], ...]
    rows_read: int
    partial: bool
    change: SchemaChange | None
    missing: tuple[str, ...]
    problems: tuple[FieldError, ...]
