"""Datasets and their versions."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response, status
from pydantic import BaseModel, ConfigDict, Field

from datalab.contracts.data import (
    DataFormat,
    Dataset,
    DatasetChange,
    DatasetVersion,
    RestoreTarget,
    Upload,
    UploadMode,
)
from datalab.contracts.errors import InvalidInput
from datalab.contracts.identity import Caller, Role
from datalab.contracts.model import Page, PageRequest
from datalab.kernel.auth.require import CurrentCaller, RouteOptions, requires
from datalab.kernel.http.etag import not_modified
from datalab.services.data.actions.api import DataActions
from datalab.services.data.model.dataset import DatasetRecord
from datalab.services.data.model.formats import MEDIA_TYPES
from datalab.services.data.routes.upload_body import upload_body

READS, WRITES = requires(Role.VIEWER, "data:read"), requires(Role.EDITOR, "data:write")
BODY = {
    "required": True,
    "content": {
        media: {"schema": {"type": "string", "format": "binary"}}
        for media in (*MEDIA_TYPES.values(), "application/octet-stream")
    }
    | {
        "multipart/form-data": {
            "schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
        }
    },
}
UPLOADS = RouteOptions(
    dependencies=WRITES["dependencies"], openapi_extra={**WRITES["openapi_extra"], "requestBody": BODY}
)
IfMatch = Annotated[str | None, Header()]


class UploadParameters(BaseModel):
    """What becomes of the upload."""

    model_config = ConfigDict(extra="forbid")

    mode: UploadMode = UploadMode.CREATE
    format: DataFormat | None = None
    key: Annotated[str, Field(max_length=10_000)] = ""
    description: Annotated[str | None, Field(max_length=10_000)] = None
    publication: Annotated[str | None, Field(min_length=1, max_length=200)] = None

    def upload(self, found: DataFormat, idempotency_key: str | None) -> Upload:
        """The same as a contract; an ``Idempotency-Key`` stands for a publication."""
        return Upload(
            mode=self.mode,
            format=found,
            key=tuple(one.strip() for one in self.key.split(",") if one.strip()),
            description=self.description,
            publication=self.publication or (idempotency_key or None),
        )


def router_for(actions: Callable[[Caller], DataActions]) -> APIRouter:
    """The routes over the actions of whoever calls."""
    router = APIRouter(prefix="/api/v1/data/datasets", tags=["datasets"])

    @router.get("", **READS)
    async def list_datasets(caller: CurrentCaller, page: Annotated[PageRequest, Query()]) -> Page[Dataset]:
        """The datasets that the caller may see, by name."""
        return await actions(caller).list_datasets(page)

    @router.get("/{name}", response_model=Dataset, **READS)
    async def get_dataset(name: str, caller: CurrentCaller, request: Request, response: Response) -> Dataset | Response:
        """One dataset at its newest version."""
        record = await actions(caller).find(name)
        return not_modified(request, record.etag) or _shown(record, response)

    @router.put("/{name}", responses={201: {"model": Dataset}}, **UPLOADS)
    async def upload_dataset(
        name: str,
        caller: CurrentCaller,
        request: Request,
        response: Response,
        parameters: Annotated[UploadParameters, Query()],
    ) -> Dataset:
        """Upload a file as a new version: raw or as a multipart form, plain or compressed with gzip or zstd."""
        body = await upload_body(request, parameters.format)
        upload = parameters.upload(body.format, request.headers.get("idempotency-key"))
        if_match = request.headers.get("if-match")
        record = await actions(caller).publish(name, upload, body.chunks, if_match=if_match)
        if record.version == 0:
            response.status_code = status.HTTP_201_CREATED
            response.headers["Location"] = f"/api/v1/data/datasets/{record.name}"
        return _shown(record, response)

    @router.patch("/{name}", **WRITES)
    async def change_dataset(
        name: str, change: DatasetChange, caller: CurrentCaller, response: Response, if_match: IfMatch = None
    ) -> Dataset:
        """Change the description."""
        return _shown(await actions(caller).describe_dataset(name, change.description, if_match=if_match), response)

    @router.delete("/{name}", status_code=204, **WRITES)
    async def delete_dataset(name: str, caller: CurrentCaller, if_match: IfMatch = None) -> None:
        """Take the dataset away; its name is free at once."""
        await actions(caller).delete_dataset(name, if_match=if_match)

    @router.get("/{name}/versions", **READS)
    async def list_versions(
        name: str, caller: CurrentCaller, page: Annotated[PageRequest, Query()]
    ) -> Page[DatasetVersion]:
        """The dataset's versions, newest first."""
        return await actions(caller).list_versions(name, page)

    @router.post("/{name}/restore", **WRITES)
    async def restore_dataset(
        name: str,
        caller: CurrentCaller,
        response: Response,
        target: RestoreTarget | None = None,
        version: Annotated[int | None, Query(ge=0)] = None,
    ) -> Dataset:
        """Make the content of a past version the newest one; ``version`` is in the body or in the query."""
        wanted = target.version if target is not None else version
        if wanted is None:
            raise InvalidInput('version: which one? Send {"version": n}')
        return _shown(await actions(caller).restore_version(name, wanted), response)

    _ = (list_datasets, get_dataset, upload_dataset, change_dataset, delete_dataset, list_versions, restore_dataset)
    return router


def _shown(record: DatasetRecord, response: Response) -> Dataset:
    response.headers["ETag"] = record.etag
    return record.public()
