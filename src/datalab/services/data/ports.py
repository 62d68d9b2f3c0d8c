"""What the data service needs from outside."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from datalab.contracts.data import DatasetName, QueryFilter, QueryStatus
from datalab.services.data.model.comparing import Compared, CompareRequest
from datalab.services.data.model.dataset import DatasetRecord, LogEntry, VersionRecord
from datalab.services.data.model.deleted import DeletedPlace, DeletedRecord
from datalab.services.data.model.ingest import (
    CommitRequest,
    Ingested,
    IngestRequest,
    Previewed,
    PreviewRequest,
    RestoreRequest,
)
from datalab.services.data.model.profiling import Profiled, ProfileRequest
from datalab.services.data.model.query_history import KnownQuery, QueryPlace
from datalab.services.data.model.statement import AnswerHead, AnswerTail, Statement

OnProgress = Callable[[float, str], Awaitable[None]]


class Catalogue(Protocol):
    """Names, and the index of the tables' logs. Every method raises Unavailable when it can't be reached."""

    async def find(self, name: DatasetName) -> DatasetRecord | None:
        """The live dataset of that name, whatever the case of its letters."""
        ...

    async def find_many(self, tables: Collection[str]) -> Sequence[DatasetRecord]:
        """The live datasets whose lower-case table names are among these."""
        ...

    async def get(self, dataset_id: str) -> DatasetRecord | None:
        """The live dataset of that id."""
        ...

    async def knows(self, dataset_id: str) -> bool:
        """Whether there is a dataset of that id, live or deleted and not yet swept."""
        ...

    async def page(self, namespace: str | None, after: tuple[str, str] | None, limit: int) -> Sequence[DatasetRecord]:
        """Live datasets by name, after the namespace and lower-case table given; of one namespace or of all."""
        ...

    async def create(self, record: DatasetRecord, entries: Sequence[LogEntry]) -> DatasetRecord:
        """Name a table that has just been committed, and index its log. Raises DatasetExists."""
        ...

    async def advance(self, dataset_id: str, entries: Sequence[LogEntry]) -> DatasetRecord | None:
        """Index versions that aren't indexed yet; gives the dataset as it then is, ``None`` when it isn't live."""
        ...

    async def describe(self, dataset_id: str, description: str) -> DatasetRecord | None:
        """Change the description; ``None`` when the dataset isn't live."""
        ...

    async def delete(self, dataset_id: str, by: str) -> bool:
        """Free the name, noting who did; whether the dataset was live."""
        ...

    async def version(self, dataset_id: str, version: int) -> VersionRecord | None:
        """One version."""
        ...

    async def version_at(self, dataset_id: str, at: datetime) -> VersionRecord | None:
        """The newest version of that moment or before."""
        ...

    async def versions(self, dataset_id: str, before: int | None, limit: int) -> Sequence[VersionRecord]:
        """Versions below ``before``, newest first."""
        ...

    async def published(self, name: DatasetName, publication: str) -> bool:
        """Whether a version of the live dataset was published under this key."""
        ...

    async def files(self, dataset_id: str, version: int) -> Sequence[str]:
        """The paths of the files that make the version, within the table's folder."""
        ...

    async def all_versions(self) -> dict[str, int]:
        """The newest indexed version of every live dataset."""
        ...


class Deleted(Protocol):
    """Deleted datasets that aren't swept yet. Every method raises Unavailable when they can't be reached."""

    async def page(self, namespace: str | None, after: DeletedPlace | None, limit: int) -> Sequence[DeletedRecord]:
        """Those that can be brought back, the one deleted last first; of one namespace or of all."""
        ...

    async def named(self, name: DatasetName) -> Sequence[DeletedRecord]:
        """Those of that name, whatever the case of its letters, the one deleted last first."""
        ...

    async def undelete(self, dataset_id: str, name: DatasetName) -> DatasetRecord | None:
        """Bring one back under a name; ``None`` when it is kept no longer. Raises NameTaken."""
        ...

    async def claim(self, before: datetime) -> Sequence[str]:
        """Those deleted before then, and those claimed earlier: from now on nobody brings them back."""
        ...

    async def forget(self, dataset_id: str) -> None:
        """Take a claimed one out of the index."""
        ...


class Tables(Protocol):
    """Folders of Delta tables, one by dataset id."""

    def folder(self, dataset_id: str) -> Path:
        """Where the table is, or would be."""
        ...

    async def commit(self, request: CommitRequest) -> bool:
        """Publish files as a version; false when the publication was published before. Raises Conflict."""
        ...

    async def restore(self, request: RestoreRequest) -> bool:
        """Publish a past version's files as the newest; false as above. Raises Conflict."""
        ...

    async def entries(self, dataset_id: str, after: int) -> list[LogEntry]:
        """The log after a version."""
        ...

    async def newest_version(self, dataset_id: str) -> int:
        """The newest version in the log, -1 when there is no table."""
        ...

    async def ids(self) -> list[str]:
        """Every folder, with or without a table in it."""
        ...

    async def adopt(self, dataset_id: str, file: Path, name: str) -> None:
        """Move a finished Parquet file into the table's folder, durably."""
        ...

    async def remove(self, dataset_id: str) -> None:
        """Delete the folder."""
        ...

    async def discard_file(self, dataset_id: str, name: str) -> None:
        """Delete a file that no version in the log refers to; leave it when one does."""
        ...

    async def age_s(self, dataset_id: str) -> float:
        """Seconds since anything in the folder was written."""
        ...


class SpoolFolder(Protocol):
    """An upload's own folder, held for as long as its process lives."""

    @property
    def id(self) -> str:
        """The upload's id."""
        ...

    @property
    def body(self) -> Path:
        """The file of the uploaded bytes."""
        ...

    @property
    def result(self) -> Path:
        """Where the Parquet file made of them goes."""
        ...

    async def receive(self, chunks: AsyncIterator[bytes]) -> None:
        """Write the bytes, durably. Raises TooLarge past the bound."""
        ...

    async def intend(self, dataset_id: str) -> None:
        """Note which table is about to be changed, for whoever finds the folder after a crash."""
        ...

    def settle(self) -> None:
        """The change is indexed: nothing is left for others to clear up."""
        ...


@dataclass(frozen=True, slots=True)
class Abandoned:
    """What a dead process left: its folder's id and the table that it was about to change, if it got so far."""

    id: str
    dataset_id: str | None


class Spool(Protocol):
    """Where uploads wait to be parsed."""

    def open(self) -> AbstractAsyncContextManager[SpoolFolder]:
        """A new folder; gone after the block."""
        ...

    async def abandoned(self) -> list[Abandoned]:
        """Folders that no living process holds."""
        ...

    async def discard(self, folder_id: str) -> None:
        """Delete an abandoned folder."""
        ...


class Ingest(Protocol):
    """Reading uploaded bytes, in a worker process."""

    async def parse(self, request: IngestRequest, on_progress: OnProgress | None) -> Ingested:
        """Bytes to a Parquet file. Raises UnreadableData, TooLarge, InvalidInput, DeadlineExceeded."""
        ...

    async def preview(self, request: PreviewRequest) -> Previewed:
        """What the bytes would make. Raises DeadlineExceeded; what is wrong with them is among what is seen."""
        ...


class QueryLog(Protocol):
    """Queries, told by the process that runs each to all others and kept for later. Raises Unavailable."""

    async def begin(self, query: KnownQuery) -> None:
        """A query of this process is running."""
        ...

    async def keep(self, ended: Sequence[KnownQuery]) -> None:
        """These have ended."""
        ...

    async def find(self, subject: str | None, query_id: str) -> QueryStatus | None:
        """A query that some process told of, of any subject if none is named."""
        ...

    async def page(
        self, subject: str | None, wanted: QueryFilter, after: QueryPlace | None, limit: int
    ) -> Sequence[QueryStatus]:
        """Queries that somebody wrote, the latest first; of one subject or of all."""
        ...

    async def ask_to_stop(self, subject: str, query_id: str) -> None:
        """Ask the process that runs the query to stop it."""
        ...

    async def asked_to_stop(self, keys: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of the queries (subject and id) that somebody asked to stop."""
        ...

    async def seen(self, keys: Collection[tuple[str, str]]) -> None:
        """These are still running."""
        ...

    async def end_lost(self) -> None:
        """End queries of which nobody told for a while."""
        ...

    async def forget(self, before: datetime, each: int) -> None:
        """Forget queries that began before then, and all but the latest so many of each subject."""
        ...


class EngineAnswer(Protocol):
    """An answer on its way from a worker."""

    async def head(self) -> AnswerHead:
        """What is known before the bytes; raises the statement's error."""
        ...

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The bytes."""
        ...

    async def tail(self) -> AnswerTail:
        """What is known after them."""
        ...


class Engine(Protocol):
    """Judging and running statements, in a worker process."""

    def run(self, statement: Statement, timeout_s: float) -> AbstractAsyncContextManager[EngineAnswer]:
        """Run the statement; leaving the block early kills the worker."""
        ...

    async def compare(self, request: CompareRequest, timeout_s: float) -> Compared:
        """How two versions differ. Raises InvalidInput, DeadlineExceeded, MemoryLimitExceeded."""
        ...

    async def profile(self, request: ProfileRequest, timeout_s: float) -> Profiled:
        """What is in a table's columns. Raises DeadlineExceeded, MemoryLimitExceeded."""
        ...
