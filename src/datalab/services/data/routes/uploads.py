"""Uploading, for good or to see what would come of it."""

from typing import Annotated

from fastapi import Query, Request, Response, status
from pydantic import BaseModel, ConfigDict, Field

from datalab.contracts.data import DataFormat, Dataset, DryRun, Upload, UploadMode
from datalab.contracts.errors import InvalidInput
from datalab.contracts.previews import UploadPreview
from datalab.kernel.auth.require import RouteOptions
from datalab.kernel.http.routes import service_router
from datalab.services.data.model.column_choices import read_choices
from datalab.services.data.model.formats import MEDIA_TYPES
from datalab.services.data.routes.bound import Actions
from datalab.services.data.routes.datasets import WRITES, shown
from datalab.services.data.routes.upload_body import UploadBody, upload_body

BODY = {
    "required": True,
    "content": {
        media: {"schema": {"type": "string", "format": "binary"}}
        for media in (*MEDIA_TYPES.values(), "application/octet-stream")
    }
    | {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {"columns": {"type": "string"}, "file": {"type": "string", "format": "binary"}},
            }
        }
    },
}
UPLOADS = RouteOptions(
    dependencies=WRITES["dependencies"], openapi_extra={**WRITES["openapi_extra"], "requestBody": BODY}
)
COLUMNS = (
    "The columns to keep, in this order, as a JSON list of objects: source (the name in the file), name and type (those "
    "in the dataset, unless they are as in the file). A form may have it as a field before the file."
)

router = service_router("/api/v1/data/datasets", "datasets")


class UploadParameters(BaseModel):
    """What becomes of the upload."""

    model_config = ConfigDict(extra="forbid")

    mode: UploadMode = UploadMode.CREATE
    format: DataFormat | None = None
    key: Annotated[str, Field(max_length=10_000)] = ""
    description: Annotated[str | None, Field(max_length=10_000)] = None
    publication: Annotated[str | None, Field(min_length=1, max_length=200)] = None
    columns: Annotated[str | None, Field(description=COLUMNS)] = None
    dry_run: bool = False
    partial: bool = False

    def upload(self, body: UploadBody, idempotency_key: str | None) -> Upload:
        """The same as a contract; an ``Idempotency-Key`` stands for a publication.

        Raises:
            InvalidInput: ``columns`` are in the query and in the form, or can't be read; ``partial`` without ``dry_run``.
        """
        if self.columns is not None and body.columns is not None:
            raise InvalidInput("columns: name them in the query or in the form, not in both")
        if self.partial and not self.dry_run:
            raise InvalidInput("partial: only with dry_run=true; an upload must be whole")
        columns = body.columns if self.columns is None else self.columns
        return Upload(
            mode=self.mode,
            format=body.format,
            columns=() if columns is None else read_choices(columns),
            key=tuple(one.strip() for one in self.key.split(",") if one.strip()),
            description=self.description,
            publication=self.publication or (idempotency_key or None),
        )


@router.put("/{name}", response_model=Dataset | UploadPreview, responses={201: {"model": Dataset}}, **UPLOADS)
async def upload_dataset(
    name: str,
    actions: Actions,
    request: Request,
    response: Response,
    parameters: Annotated[UploadParameters, Query()],
) -> Dataset | UploadPreview:
    """Upload a file as a new version: raw or as a multipart form, plain or compressed with gzip or zstd.

    With ``dry_run`` nothing is stored, and the answer says what the upload would make; ``partial`` then says that
    the body is the beginning of a larger file.
    """
    body = await upload_body(request, parameters.format)
    upload = parameters.upload(body, request.headers.get("idempotency-key"))
    if parameters.dry_run:
        dry = DryRun(**upload.model_dump(), partial=parameters.partial)
        return await actions.preview_upload(name, dry, body.chunks)
    if_match = request.headers.get("if-match")
    record = await actions.publish(name, upload, body.chunks, if_match=if_match)
    if record.version == 0:
        response.status_code = status.HTTP_201_CREATED
        response.headers["Location"] = f"/api/v1/data/datasets/{record.name}"
    return shown(record, response)
