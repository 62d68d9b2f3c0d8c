"""The data service for one caller."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import orjson

from datalab.contracts.data import (
    DataFormat,
    Dataset,
    DatasetChange,
    DatasetVersion,
    DeletedDataset,
    DryRun,
    QueryFilter,
    QueryRequest,
    QueryResult,
    QueryStatus,
    RowsRequest,
    Undelete,
    Upload,
)
from datalab.contracts.differences import Comparison, DatasetDiff
from datalab.contracts.errors import Forbidden
from datalab.contracts.identity import Caller
from datalab.contracts.ids import new_id
from datalab.contracts.model import Page, PageRequest
from datalab.contracts.previews import UploadPreview
from datalab.contracts.profiles import DatasetProfile
from datalab.services.data.actions import ask, compare, datasets, history, preview, profiles, publish, rows, undelete
from datalab.services.data.actions.access import governs, readable, require_read
from datalab.services.data.actions.parts import Parts
from datalab.services.data.model.dataset import DatasetRecord
from datalab.services.data.ports import OnProgress


class DataActions:
    """:class:`~datalab.contracts.data.DataApi`; what has ``if_match`` refuses a dataset in another state."""

    def __init__(self, parts: Parts, caller: Caller) -> None:
        self._parts = parts
        self._caller = caller

    async def list_datasets(self, page: PageRequest) -> Page[Dataset]:
        """The datasets that the caller may see, by name."""
        return await datasets.list_datasets(self._parts, self._caller, page)

    async def get_dataset(self, name: str) -> Dataset:
        """One dataset. Raises DatasetNotFound."""
        return (await self.find(name)).public()

    async def find(self, name: str) -> DatasetRecord:
        """One dataset with its entity tag. Raises DatasetNotFound."""
        return await readable(self._parts, self._caller, name)

    async def upload(self, name: str, upload: Upload, body: AsyncIterator[bytes]) -> Dataset:
        """Publish the bytes as a new version and give the dataset as it then is. All or nothing."""
        return (await self.publish(name, upload, body)).public()

    async def publish(
        self,
        name: str,
        upload: Upload,
        body: AsyncIterator[bytes],
        *,
        if_match: str | None = None,
        on_progress: OnProgress | None = None,
    ) -> DatasetRecord:
        """The same on a condition, and giving the entity tag."""
        return await publish.publish(
            self._parts, self._caller, name, upload, body, if_match=if_match, on_progress=on_progress
        )

    async def preview_upload(self, name: str, upload: DryRun, body: AsyncIterator[bytes]) -> UploadPreview:
        """What the upload would make; nothing is stored."""
        return await preview.preview(self._parts, self._caller, name, upload, body)

    async def describe_dataset(self, name: str, change: DatasetChange) -> Dataset:
        """Change what may be changed beside the rows. Raises DatasetNotFound."""
        return (await self.change(name, change)).public()

    async def change(self, name: str, change: DatasetChange, *, if_match: str | None = None) -> DatasetRecord:
        """The same on a condition, and giving the entity tag."""
        return await datasets.describe(self._parts, self._caller, name, change.description, if_match=if_match)

    async def delete_dataset(self, name: str, *, if_match: str | None = None) -> None:
        """Take the dataset away; for a while it can be brought back. Raises DatasetNotFound."""
        await datasets.delete(self._parts, self._caller, name, if_match=if_match)

    async def list_deleted(self, page: PageRequest) -> Page[DeletedDataset]:
        """The deleted datasets that can be brought back, the one deleted last first."""
        return await undelete.list_deleted(self._parts, self._caller, page)

    async def undelete(self, name: str, target: Undelete) -> Dataset:
        """Bring a deleted dataset back with all its versions. Raises DeletedDatasetNotFound, NameTaken."""
        return (await self.bring_back(name, target)).public()

    async def bring_back(self, name: str, target: Undelete) -> DatasetRecord:
        """The same, giving the entity tag."""
        return await undelete.undelete(self._parts, self._caller, name, target)

    async def list_versions(self, name: str, page: PageRequest) -> Page[DatasetVersion]:
        """The dataset's versions, newest first."""
        return await history.list_versions(self._parts, self._caller, name, page)

    async def diff(self, name: str, comparison: Comparison) -> DatasetDiff:
        """How two versions differ."""
        return await compare.compare(self._parts, self._caller, name, comparison)

    async def profile(self, name: str, version: int | None = None) -> DatasetProfile:
        """What is in the columns of a version, the newest unless one is named."""
        return await profiles.profile(self._parts, self._caller, name, version)

    async def restore(self, name: str, version: int) -> Dataset:
        """Make the content of a past version the newest one."""
        return (await self.restore_version(name, version)).public()

    async def restore_version(self, name: str, version: int, *, if_match: str | None = None) -> DatasetRecord:
        """The same on a condition, and giving the entity tag."""
        return await history.restore(self._parts, self._caller, name, version, if_match=if_match)

    async def query(self, request: QueryRequest) -> QueryResult:
        """Run a read-only query and give the whole answer."""
        whole = request.model_copy(update={"format": DataFormat.JSON})
        async with self.query_stream(whole) as answer:
            text = b"".join([chunk async for chunk in answer])
        return QueryResult.model_validate(orjson.loads(text))

    @asynccontextmanager
    async def query_stream(self, request: QueryRequest) -> AsyncGenerator[ask.Answer]:
        """Run a read-only query and stream the answer; leaving early cancels it."""
        async with ask.ask_sql(self._parts, self._caller, request) as answer:
            yield answer

    @asynccontextmanager
    async def run_long(
        self, sql: str, format: DataFormat, *, max_rows: int, timeout_s: float
    ) -> AsyncGenerator[ask.Answer]:
        """The same for work that may take longer than a request's contract allows."""
        shape = (max_rows, ask.QUERY_ENCODINGS[format])
        statement, seen = await ask.statement_for(self._parts, self._caller, ask.Asked(sql), shape)
        question = ask.Question(statement, format, timeout_s, new_id(), listed=True, seen=seen)
        async with ask.ask(self._parts, self._caller, question) as answer:
            yield answer

    @asynccontextmanager
    async def rows_stream(self, name: str, request: RowsRequest) -> AsyncGenerator[ask.Answer]:
        """Stream a page of rows."""
        async with rows.page_of_rows(self._parts, self._caller, name, request) as answer:
            yield answer

    async def list_queries(self, wanted: QueryFilter, page: PageRequest) -> Page[QueryStatus]:
        """The queries that the caller wrote, or everybody did, the latest first. Raises Forbidden."""
        require_read(self._caller)
        if wanted.everybody and not governs(self._caller):
            raise Forbidden("everybody: only an admin sees the queries of others")
        subject = None if wanted.everybody else self._caller.identity.subject
        return await self._parts.shared_queries.page(subject, wanted, page)

    async def query_status(self, query_id: str) -> QueryStatus:
        """Where a query of the caller's stands, for an admin anybody's. Raises QueryNotFound."""
        require_read(self._caller)
        subject, anybodys = self._caller.identity.subject, governs(self._caller)
        return await self._parts.shared_queries.status(subject, query_id, anybodys=anybodys)

    async def cancel_query(self, query_id: str) -> None:
        """Stop a running query of the caller's; one that has ended stays as it is."""
        require_read(self._caller)
        await self._parts.shared_queries.stop(self._caller.identity.subject, query_id)
