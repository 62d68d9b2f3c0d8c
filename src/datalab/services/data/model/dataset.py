"""A dataset as the service keeps it."""

import base64
import binascii
from datetime import datetime

from datalab.contracts.data import Column, Dataset, DatasetName, DatasetVersion, UploadMode
from datalab.contracts.errors import InvalidInput
from datalab.contracts.model import Contract
from datalab.services.data.model.ingest import FileEntry
from datalab.services.data.model.schema_change import schema_change

RESERVED_NAMESPACES = frozenset({"information_schema", "pg_catalog", "system", "temp", "memory"})
RESERVED_PREFIXES = ("duckdb_", "pg_", "pragma_", "sqlite_")


class DatasetRecord(Contract):
    """A dataset at its newest indexed version; ``revision`` grows with every change, of the description too."""

    id: str
    namespace: str
    table: str
    version: int
    revision: int
    rows: int
    bytes: int
    columns: tuple[Column, ...]
    description: str
    created_by: str
    created_at: datetime
    updated_at: datetime

    @property
    def name(self) -> DatasetName:
        """Its name."""
        return DatasetName(namespace=self.namespace, table=self.table)

    @property
    def etag(self) -> str:
        """Its entity tag."""
        return f'"{self.id}-{self.revision}"'

    def public(self) -> Dataset:
        """What callers see of it."""
        return Dataset(name=str(self.name), **self.model_dump(exclude={"namespace", "table", "revision"}))


class LogEntry(Contract):
    """One version as the table's log tells it. ``columns`` only when they changed; ``removed`` are paths.

    ``rows_added`` and ``rows_removed`` only where whole files don't tell.
    """

    version: int
    operation: str
    at: datetime
    by: str
    publication: str | None
    rows_added: int | None
    rows_removed: int | None
    columns: tuple[Column, ...] | None
    added: tuple[FileEntry, ...]
    removed: tuple[str, ...]


class VersionRecord(Contract):
    """A version as it is indexed."""

    version: int
    operation: str
    rows: int
    bytes: int
    columns: tuple[Column, ...]
    created_by: str
    created_at: datetime
    publication: str | None
    rows_added: int | None
    rows_removed: int | None

    def public(self, before: "VersionRecord | None") -> DatasetVersion:
        """What callers see of it beside the version before it."""
        return DatasetVersion(
            mode=UploadMode(self.operation) if self.operation in set(UploadMode) else None,
            change=None if before is None else schema_change(before.columns, self.columns),
            **self.model_dump(exclude={"publication"}),
        )


def check_new_name(name: DatasetName) -> None:
    """Refuse names that the engine keeps for itself.

    Raises:
        InvalidInput: The namespace or the table's prefix is reserved.
    """
    if name.namespace.lower() in RESERVED_NAMESPACES:
        raise InvalidInput(f"the namespace {name.namespace!r} is the engine's own; choose another")
    if name.table.lower().startswith(RESERVED_PREFIXES):
        raise InvalidInput(f"{name.table!r}: names beginning with {', '.join(RESERVED_PREFIXES)} are the engine's own")


def cursor_of(record: DatasetRecord) -> str:
    """Where the page after this dataset begins."""
    return base64.urlsafe_b64encode(f"{record.namespace}.{record.table.lower()}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[str, str]:
    """Namespace and lower-case table of a cursor.

    Raises:
        InvalidInput: Not a cursor that a list of datasets gave.
    """
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise InvalidInput("cursor: not one that this list gave; begin without a cursor") from error
    namespace, dot, table = text.partition(".")
    if not dot or not text.isprintable():
        raise InvalidInput("cursor: not one that this list gave; begin without a cursor")
    return namespace, table


def number_cursor(cursor: str) -> int:
    """The number in a cursor of a list of versions.

    Raises:
        InvalidInput: Not a cursor that such a list gave.
    """
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= len(str(2**53))):
        raise InvalidInput("cursor: not one that this list gave; begin without a cursor")
    return int(cursor)
