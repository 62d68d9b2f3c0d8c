"""The data service over HTTP."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from datalab.client.call import FIRST_PAGE, Call, Params, body_of, page_params, params_of, segment
from datalab.client.transport import Answer, Transport
from datalab.contracts.columns import ColumnChoice
from datalab.contracts.data import (
    DataFormat,
    Dataset,
    DatasetChange,
    DatasetName,
    DatasetVersion,
    DeletedDataset,
    DryRun,
    QueryFilter,
    QueryRequest,
    QueryResult,
    QueryState,
    QueryStatus,
    RestoreTarget,
    RowsRequest,
    Undelete,
    Upload,
)
from datalab.contracts.differences import Comparison, DatasetDiff
from datalab.contracts.errors import Cancelled, PlatformError, Unavailable
from datalab.contracts.ids import new_id
from datalab.contracts.model import Page, PageRequest
from datalab.contracts.previews import UploadPreview
from datalab.contracts.profiles import DatasetProfile

MEDIA_TYPES: Mapping[DataFormat, str] = {
    DataFormat.CSV: "text/csv",
    DataFormat.TSV: "text/tab-separated-values",
    DataFormat.JSON: "application/json",
    DataFormat.NDJSON: "application/x-ndjson",
    DataFormat.PARQUET: "application/vnd.apache.parquet",
    DataFormat.ARROW: "application/vnd.apache.arrow.stream",
}
_DATASETS = "/api/v1/data/datasets"
_QUERY = "/api/v1/data/query"
_PUBLISH_S = 900.0
_LAST, _ALL = Undelete(), QueryFilter()
_FOUND_OUT_S = 150.0
_GRACE_S = 15.0


class HttpByteStream:
    """An encoded answer as it arrives."""

    def __init__(self, format: DataFormat, query_id: str, answer: Answer, transport: Transport) -> None:
        self.format = format
        self.query_id = query_id
        self._answer = answer
        self._transport = transport

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The pieces in order. Raises Cancelled when the query was; Unavailable when the answer breaks off, saying why."""
        try:
            async for piece in self._answer:
                yield piece
        except Unavailable as broken:
            raise await self._cause(broken) from broken

    async def _cause(self, broken: Unavailable) -> PlatformError:
        # A broken connection carries no reason, but the service remembers how the query ended.
        try:
            status = await self._transport.fetch(_status_call(self.query_id), QueryStatus)
        except PlatformError:
            return broken
        if status.state is QueryState.CANCELLED:
            return Cancelled(status.error or f"query {self.query_id!r} was cancelled")
        return Unavailable(f"{broken.detail}: {status.error}") if status.error else broken


class DataClient:
    """:class:`~datalab.contracts.data.DataApi` over HTTP."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def list_datasets(self, page: PageRequest = FIRST_PAGE) -> Page[Dataset]:
        """The datasets that the caller may see, by name."""
        return await self._transport.fetch(_get(_DATASETS, page), Page[Dataset])

    async def get_dataset(self, name: str) -> Dataset:
        """One dataset. Raises DatasetNotFound."""
        return await self._transport.fetch(Call("data", "GET", _path(name)), Dataset)

    async def upload(self, name: str, upload: Upload, body: AsyncIterator[bytes]) -> Dataset:
        """Publish the bytes as a new version and give the dataset as it then is. All or nothing."""
        return await self._transport.fetch(_upload(name, upload, body), Dataset)

    async def preview_upload(self, name: str, upload: DryRun, body: AsyncIterator[bytes]) -> UploadPreview:
        """What the upload would make; nothing is stored."""
        call = _upload(name, upload, body, params_of(dry_run="true", partial="true" if upload.partial else None))
        return await self._transport.fetch(call, UploadPreview)

    async def describe_dataset(self, name: str, change: DatasetChange) -> Dataset:
        """Change what may be changed beside the rows. Raises DatasetNotFound."""
        call = Call("data", "PATCH", _path(name), json=body_of(change), repeatable=True)
        return await self._transport.fetch(call, Dataset)

    async def delete_dataset(self, name: str) -> None:
        """Take the dataset away; for a while it can be brought back. Raises DatasetNotFound."""
        await self._transport.read(Call("data", "DELETE", _path(name)))

    async def list_deleted(self, page: PageRequest = FIRST_PAGE) -> Page[DeletedDataset]:
        """The deleted datasets that can be brought back, the one deleted last first."""
        call = Call("data", "GET", _DATASETS, params=params_of(deleted="true") + page_params(page))
        return await self._transport.fetch(call, Page[DeletedDataset])

    async def undelete(self, name: str, target: Undelete = _LAST) -> Dataset:
        """Bring a deleted dataset back with all its versions. Raises DeletedDatasetNotFound, NameTaken."""
        params = params_of(id=target.id) + ((("as", target.name),) if target.name is not None else ())
        return await self._transport.fetch(Call("data", "POST", f"{_path(name)}/undelete", params=params), Dataset)

    async def list_versions(self, name: str, page: PageRequest = FIRST_PAGE) -> Page[DatasetVersion]:
        """The dataset's versions, newest first."""
        return await self._transport.fetch(_get(f"{_path(name)}/versions", page), Page[DatasetVersion])

    async def diff(self, name: str, comparison: Comparison) -> DatasetDiff:
        """How two versions differ."""
        wanted = (("from", comparison.from_version), ("to", comparison.to_version), ("limit", comparison.limit))
        params = tuple((key, str(value)) for key, value in wanted if value is not None)
        key = params_of(key=",".join(comparison.key) or None)
        call = Call("data", "GET", f"{_path(name)}/diff", params=params + key, timeout_s=_FOUND_OUT_S)
        return await self._transport.fetch(call, DatasetDiff)

    async def profile(self, name: str, version: int | None = None) -> DatasetProfile:
        """What is in the columns of a version, the newest unless one is named."""
        call = Call("data", "GET", f"{_path(name)}/profile", params=params_of(version=version), timeout_s=_FOUND_OUT_S)
        return await self._transport.fetch(call, DatasetProfile)

    async def restore(self, name: str, version: int) -> Dataset:
        """Make the content of a past version the newest one."""
        body = body_of(RestoreTarget(version=version))
        call = Call("data", "POST", f"{_path(name)}/restore", json=body, timeout_s=_PUBLISH_S)
        return await self._transport.fetch(call, Dataset)

    async def query(self, request: QueryRequest) -> QueryResult:
        """Run a read-only query and give the whole answer."""
        return await self._transport.fetch(_query(request, DataFormat.JSON), QueryResult)

    @asynccontextmanager
    async def query_stream(self, request: QueryRequest) -> AsyncGenerator[HttpByteStream]:
        """Run a read-only query and stream the answer, encoded in ``request.format``; leaving early cancels it."""
        identified = request.model_copy(update={"query_id": request.query_id or new_id()})
        async with self._transport.stream(_query(identified, request.format)) as answer:
            query_id = answer.headers.get("X-Query-ID", identified.query_id or "")
            yield HttpByteStream(request.format, query_id, answer, self._transport)

    @asynccontextmanager
    async def rows_stream(self, name: str, request: RowsRequest) -> AsyncGenerator[HttpByteStream]:
        """Stream a page of rows, encoded in ``request.format``."""
        call = Call(
            "data",
            "GET",
            f"{_path(name)}/rows",
            params=_rows_params(request),
            headers={"Accept": MEDIA_TYPES[request.format]},
        )
        async with self._transport.stream(call) as answer:
            query_id = answer.headers.get("X-Query-ID", "")
            yield HttpByteStream(request.format, query_id, answer, self._transport)

    async def list_queries(self, wanted: QueryFilter = _ALL, page: PageRequest = FIRST_PAGE) -> Page[QueryStatus]:
        """The queries that the caller wrote, or everybody did, the latest first. Raises Forbidden."""
        params = params_of(
            state=wanted.state and wanted.state.value,
            search=wanted.search,
            everybody="true" if wanted.everybody else None,
        )
        call = Call("data", "GET", _QUERY, params=params + page_params(page))
        return await self._transport.fetch(call, Page[QueryStatus])

    async def query_status(self, query_id: str) -> QueryStatus:
        """Where a query of the caller's stands, for an admin anybody's. Raises QueryNotFound."""
        return await self._transport.fetch(_status_call(query_id), QueryStatus)

    async def cancel_query(self, query_id: str) -> None:
        """Stop a running query of the caller's."""
        await self._transport.read(Call("data", "DELETE", f"{_QUERY}/{segment(query_id)}"))


def _status_call(query_id: str) -> Call:
    return Call("data", "GET", f"{_QUERY}/{segment(query_id)}")


def _path(name: str) -> str:
    if not name or "/" in name:
        DatasetName.parse(name)  # no route would be found for it, and so nobody would say what is wrong with it
    return f"{_DATASETS}/{segment(name)}"


def _get(path: str, page: PageRequest) -> Call:
    return Call("data", "GET", path, params=page_params(page))


def _query(request: QueryRequest, format: DataFormat) -> Call:
    # A query changes nothing, so it may be asked again; but not under an id that the first one may still hold.
    return Call(
        "data",
        "POST",
        _QUERY,
        json=body_of(request.model_copy(update={"format": format})),
        headers={"Accept": "*/*"},
        timeout_s=request.timeout_s + _GRACE_S,
        repeatable=request.query_id is None,
    )


def _upload(name: str, upload: Upload, body: AsyncIterator[bytes], more: Params = ()) -> Call:
    return Call(
        "data",
        "PUT",
        _path(name),
        params=_upload_params(upload) + more,
        body=body,
        headers={"Content-Type": MEDIA_TYPES[upload.format]},
        timeout_s=_PUBLISH_S,
    )


def _upload_params(upload: Upload) -> tuple[tuple[str, str], ...]:
    return params_of(
        mode=upload.mode.value,
        format=upload.format.value,
        key=",".join(upload.key) or None,
        description=upload.description,
        publication=upload.publication,
        columns=_choices(upload.columns),
    )


def _choices(columns: Sequence[ColumnChoice]) -> str | None:
    chosen = [column.model_dump(exclude_none=True) for column in columns]
    return json.dumps(chosen, ensure_ascii=False, separators=(",", ":")) if chosen else None


def _rows_params(request: RowsRequest) -> tuple[tuple[str, str], ...]:
    plain = params_of(
        select=request.select,
        order=request.order,
        limit=request.limit,
        offset=request.offset or None,
        version=request.version,
        at=request.at.isoformat() if request.at else None,
    )
    return plain + request.filters
