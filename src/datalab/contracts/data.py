"""The data service: datasets, their versions, rows and SQL."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Protocol

from pydantic import Field, JsonValue

from datalab.contracts.columns import Column, ColumnChoice, SchemaChange
from datalab.contracts.differences import Comparison, DatasetDiff
from datalab.contracts.errors import Conflict, FieldError, InvalidInput, NotFound, PlatformError
from datalab.contracts.identity import MAIN_NAMESPACE
from datalab.contracts.model import Contract, Page, PageRequest, VersionNumber
from datalab.contracts.previews import UploadPreview
from datalab.contracts.profiles import DatasetProfile

_PART = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")


class DatasetName(Contract):
    """``namespace.table``; the namespace is ``main`` when left out."""

    namespace: str
    table: str

    @classmethod
    def parse(cls, text: str) -> "DatasetName":
        """The name in ``text``.

        Raises:
            InvalidInput: Not one or two identifiers of letters, digits and underscores, at most 63 long.
        """
        namespace, _, table = text.rpartition(".")
        if not _PART.fullmatch(table) or not _PART.fullmatch(namespace or MAIN_NAMESPACE) or text.startswith("."):
            raise InvalidInput(
                f"{text[:80]!r} is no dataset name: use letters, digits and underscores, at most 63, "
                "not beginning with a digit, with an optional namespace before a dot"
            )
        return cls(namespace=namespace or MAIN_NAMESPACE, table=table)

    def __str__(self) -> str:
        return self.table if self.namespace == MAIN_NAMESPACE else f"{self.namespace}.{self.table}"


class DatasetNotFound(NotFound):
    """No such dataset, or none that the caller may see."""

    code, title = "dataset_not_found", "Dataset not found"

    def __init__(self, name: str, *, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(
            f"there is no dataset {name!r}; GET /api/v1/data/datasets lists those you may see", errors=errors
        )


class VersionNotFound(NotFound):
    """The dataset has no such version, or it is kept no longer."""

    code, title = "version_not_found", "Version not found"

    def __init__(self, name: str, version: object) -> None:
        super().__init__(f"dataset {name!r} has no version {version}; its versions resource lists what is kept")


class DatasetExists(Conflict):
    """A dataset of that name is there already."""

    code, title = "dataset_exists", "Dataset exists"

    def __init__(self, name: str) -> None:
        super().__init__(f"dataset {name!r} exists; use mode=append, mode=replace or mode=upsert&key=… to change it")


class DeletedDatasetNotFound(NotFound):
    """No deleted dataset of that name, or it is kept no longer."""

    code, title = "deleted_dataset_not_found", "Deleted dataset not found"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"no deleted dataset {name!r} can be brought back; GET /api/v1/data/datasets?deleted=true lists those that can"
        )


class NameTaken(Conflict):
    """A dataset can't come back under its name, which another one has by now."""

    code, title = "name_taken", "Name taken"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"a dataset {name!r} was made meanwhile; bring the deleted one back under another name with as=…, "
            "or delete the new one first"
        )


class SqlRefused(InvalidInput):
    """The statement is not a single, read-only, permitted query, or the engine can't run it."""

    code, title = "sql_refused", "SQL refused"


class QueryNotFound(NotFound):
    """No such query is running or remembered."""

    code, title = "query_not_found", "Query not found"


class UnreadableData(PlatformError):
    """The uploaded bytes can't be read as the stated format."""

    category = InvalidInput.category
    code, title = "unreadable_data", "Unreadable data"


class DataFormat(StrEnum):
    """Formats in and out."""

    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    NDJSON = "ndjson"
    PARQUET = "parquet"
    ARROW = "arrow"


class UploadMode(StrEnum):
    """What an upload does to the dataset of its name; all but ``create`` create one that isn't there."""

    CREATE = "create"
    APPEND = "append"
    REPLACE = "replace"
    UPSERT = "upsert"


class Dataset(Contract):
    """A dataset at its latest version. ``bytes`` counts the files of that version."""

    id: str
    name: str
    version: int
    rows: int
    bytes: int
    columns: tuple[Column, ...]
    description: str
    created_by: str
    created_at: datetime
    updated_at: datetime


class DeletedDataset(Dataset):
    """A dataset that was deleted; until ``kept_until`` it can be brought back. ``deleted_by``: unknown for old ones."""

    deleted_at: datetime
    deleted_by: str | None
    kept_until: datetime


class Undelete(Contract):
    """Which deleted dataset of a name to bring back, the one deleted last unless ``id`` says, and under which ``name``."""

    id: Annotated[str, Field(max_length=36)] | None = None
    name: Annotated[str, Field(max_length=200)] | None = None


class DatasetVersion(Contract):
    """One version of a dataset: what made it, who, when, and how it differs from the one before.

    ``operation``: an upload's mode, ``restore``, or what another writer said; ``mode``: the former alone. A row that an
    upsert changed counts as removed and as added. ``change``: none for the first version.
    """

    version: int
    operation: str
    mode: UploadMode | None
    rows: int
    rows_added: int | None
    rows_removed: int | None
    bytes: int
    columns: tuple[Column, ...]
    change: SchemaChange | None
    created_by: str
    created_at: datetime


class Upload(Contract):
    """How uploaded bytes become a version. ``publication``: a job's id; the same one publishes at most once.

    ``columns``: those that are kept, in this order; none for all of them as they are.
    """

    mode: UploadMode = UploadMode.CREATE
    format: DataFormat = DataFormat.CSV
    key: tuple[str, ...] = ()
    description: str | None = None
    publication: str | None = None
    columns: Annotated[tuple[ColumnChoice, ...], Field(max_length=5_000)] = ()


class DryRun(Upload):
    """An upload that is only looked at. ``partial``: its bytes are the beginning of a larger file, cut anywhere."""

    partial: bool = False


class DatasetChange(Contract):
    """What may be changed of a dataset beside its rows."""

    description: Annotated[str, Field(max_length=10_000)]


class RestoreTarget(Contract):
    """The version whose content shall be the newest."""

    version: VersionNumber


Filter = tuple[Annotated[str, Field(min_length=1, max_length=255)], Annotated[str, Field(max_length=10_000)]]
"""A condition on rows: a column, and ``operator.value`` in PostgREST's notation."""

Where = Annotated[tuple[Filter, ...], Field(max_length=20)]
"""Conditions on the rows of each dataset that has their column."""


class QueryRequest(Contract):
    """A SQL query. ``params`` fill ``?`` (a list) or ``$name`` (an object). Past ``max_rows`` the answer is cut and says so.

    ``where``: of each dataset that has the column only the rows that fit are read, pairs as in ``RowsRequest.filters``
    but for ``or`` and ``and``.
    """

    sql: Annotated[str, Field(min_length=1, max_length=1_000_000)]
    params: list[JsonValue] | dict[str, JsonValue] | None = None
    format: DataFormat = DataFormat.JSON
    where: Where = ()
    max_rows: Annotated[int, Field(ge=1, le=100_000_000)] = 10_000
    timeout_s: Annotated[float, Field(gt=0, le=3600)] = 30
    query_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")] | None = None


class DatasetRead(Contract):
    """A dataset that a query read: at which version, and which of the query's ``where`` narrowed it, by their columns."""

    name: str
    version: int
    narrowed_by: tuple[str, ...]


class QueryResult(Contract):
    """A query's whole answer as JSON values; ``truncated`` when ``max_rows`` cut it, ``datasets`` are those it read."""

    query_id: str
    datasets: tuple[DatasetRead, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    row_count: int
    truncated: bool
    cached: bool
    elapsed_ms: float


class QueryState(StrEnum):
    """Where a query stands."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class QueryStatus(Contract):
    """A query by its id: whose it is, its text (``sql_cut`` when only the beginning of a very long one), how it went.

    ``elapsed_ms``: how long it took, none while it runs. Values of parameters aren't kept. A query whose process died
    has ``failed``.
    """

    query_id: str
    by: str
    sql: str
    sql_cut: bool
    state: QueryState
    started_at: datetime
    finished_at: datetime | None
    elapsed_ms: float | None
    row_count: int | None
    cached: bool
    error: str | None


class QueryFilter(Contract):
    """Which queries: in one ``state``, with ``search`` in their text whatever its case, of ``everybody`` (for admins)."""

    state: QueryState | None = None
    search: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    everybody: bool = False


class RowsRequest(Contract):
    """A page of a dataset's rows.

    ``filters`` are pairs in PostgREST's notation (``("age", "gte.21")``, ``("or", "(a.eq.1,b.is.null)")``), ``order``
    as ``col.desc.nullslast,col2``, ``at`` or ``version`` a past state.
    """

    select: str | None = None
    order: str | None = None
    filters: tuple[tuple[str, str], ...] = ()
    limit: Annotated[int, Field(ge=1, le=10_000)] = 100
    offset: Annotated[int, Field(ge=0, le=2**53)] = 0
    version: VersionNumber | None = None
    at: datetime | None = None
    format: DataFormat = DataFormat.JSON


class ByteStream(Protocol):
    """An encoded answer that arrives in pieces; an error found after the first piece is raised in mid-stream."""

    @property
    def format(self) -> DataFormat:
        """How the bytes are encoded."""
        ...

    @property
    def query_id(self) -> str:
        """The id by which the query can be cancelled."""
        ...

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The pieces in order."""
        ...


class DataApi(Protocol):
    """The data service for one caller."""

    async def list_datasets(self, page: PageRequest) -> Page[Dataset]:
        """The datasets that the caller may see, by name."""
        ...

    async def get_dataset(self, name: str) -> Dataset:
        """One dataset. Raises DatasetNotFound."""
        ...

    async def upload(self, name: str, upload: Upload, body: AsyncIterator[bytes]) -> Dataset:
        """Publish the bytes as a new version and give the dataset as it then is. All or nothing."""
        ...

    async def preview_upload(self, name: str, upload: DryRun, body: AsyncIterator[bytes]) -> UploadPreview:
        """What the upload would make; nothing is stored."""
        ...

    async def describe_dataset(self, name: str, change: DatasetChange) -> Dataset:
        """Change what may be changed beside the rows. Raises DatasetNotFound."""
        ...

    async def delete_dataset(self, name: str) -> None:
        """Take the dataset away; for a while it can be brought back. Raises DatasetNotFound."""
        ...

    async def list_deleted(self, page: PageRequest) -> Page[DeletedDataset]:
        """The deleted datasets that can be brought back, the one deleted last first."""
        ...

    async def undelete(self, name: str, target: Undelete) -> Dataset:
        """Bring a deleted dataset back with all its versions. Raises DeletedDatasetNotFound, NameTaken."""
        ...

    async def list_versions(self, name: str, page: PageRequest) -> Page[DatasetVersion]:
        """The dataset's versions, newest first."""
        ...

    async def diff(self, name: str, comparison: Comparison) -> DatasetDiff:
        """How two versions differ."""
        ...

    async def profile(self, name: str, version: int | None = None) -> DatasetProfile:
        """What is in the columns of a version, the newest unless one is named."""
        ...

    async def restore(self, name: str, version: int) -> Dataset:
        """Make the content of a past version the newest one."""
        ...

    async def query(self, request: QueryRequest) -> QueryResult:
        """Run a read-only query and give the whole answer."""
        ...

    def query_stream(self, request: QueryRequest) -> AbstractAsyncContextManager[ByteStream]:
        """Run a read-only query and stream the answer, encoded in ``request.format``; leaving early cancels it."""
        ...

    def rows_stream(self, name: str, request: RowsRequest) -> AbstractAsyncContextManager[ByteStream]:
        """Stream a page of rows, encoded in ``request.format``."""
        ...

    async def list_queries(self, wanted: QueryFilter, page: PageRequest) -> Page[QueryStatus]:
        """The queries that the caller wrote, or everybody did, the latest first. Raises Forbidden."""
        ...

    async def query_status(self, query_id: str) -> QueryStatus:
        """Where a query of the caller's stands, for an admin anybody's. Raises QueryNotFound."""
        ...

    async def cancel_query(self, query_id: str) -> None:
        """Stop a running query of the caller's."""
        ...
