"""Datasets and their versions."""

from typing import Annotated

from fastapi import Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from datalab.contracts.data import (
    Dataset,
    DatasetChange,
    DatasetVersion,
    DeletedDataset,
    RestoreTarget,
    Undelete,
)
from datalab.contracts.errors import InvalidInput
from datalab.contracts.identity import Role
from datalab.contracts.model import Page, PageRequest, VersionNumber
from datalab.kernel.auth.require import requires
from datalab.kernel.http.etag import not_modified
from datalab.kernel.http.routes import service_router
from datalab.services.data.model.dataset import DatasetRecord
from datalab.services.data.routes.bound import Actions

READS, WRITES = requires(Role.VIEWER, "data:read"), requires(Role.EDITOR, "data:write")
IfMatch = Annotated[str | None, Header()]

router = service_router("/api/v1/data/datasets", "datasets")


class ListParameters(PageRequest):
    """Which datasets, and which page of them."""

    deleted: bool = False


class UndeleteParameters(BaseModel):
    """Which dataset of the name, the one deleted last unless ``id`` says; ``as``: under which name it comes back."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str | None, Field(max_length=36)] = None
    name: Annotated[str | None, Field(alias="as", max_length=200)] = None

    def target(self) -> Undelete:
        """The same as a contract."""
        return Undelete(id=self.id, name=self.name)


@router.get("", **READS)
async def list_datasets(
    actions: Actions, page: Annotated[ListParameters, Query()]
) -> Page[Dataset] | Page[DeletedDataset]:
    """The datasets that the caller may see, by name; or the deleted ones, the one deleted last first."""
    wanted = PageRequest(limit=page.limit, cursor=page.cursor)
    if page.deleted:
        return await actions.list_deleted(wanted)
    return await actions.list_datasets(wanted)


@router.get("/{name}", response_model=Dataset, **READS)
async def get_dataset(name: str, actions: Actions, request: Request, response: Response) -> Dataset | Response:
    """One dataset at its newest version."""
    record = await actions.find(name)
    return not_modified(request, record.etag) or shown(record, response)


@router.patch("/{name}", **WRITES)
async def change_dataset(
    name: str, change: DatasetChange, actions: Actions, response: Response, if_match: IfMatch = None
) -> Dataset:
    """Change the description."""
    return shown(await actions.change(name, change, if_match=if_match), response)


@router.delete("/{name}", status_code=204, **WRITES)
async def delete_dataset(name: str, actions: Actions, if_match: IfMatch = None) -> None:
    """Take the dataset away; its name is free at once, and for a while it can be brought back."""
    await actions.delete_dataset(name, if_match=if_match)


@router.post("/{name}/undelete", **WRITES)
async def undelete_dataset(
    name: str, actions: Actions, response: Response, parameters: Annotated[UndeleteParameters, Query()]
) -> Dataset:
    """Bring a deleted dataset back with all its versions."""
    return shown(await actions.bring_back(name, parameters.target()), response)


@router.get("/{name}/versions", **READS)
async def list_versions(name: str, actions: Actions, page: Annotated[PageRequest, Query()]) -> Page[DatasetVersion]:
    """The dataset's versions, newest first."""
    return await actions.list_versions(name, page)


@router.post("/{name}/restore", **WRITES)
async def restore_dataset(
    name: str,
    actions: Actions,
    response: Response,
    target: RestoreTarget | None = None,
    version: VersionNumber | None = None,
) -> Dataset:
    """Make the content of a past version the newest one; ``version`` is in the body or in the query."""
    wanted = target.version if target is not None else version
    if wanted is None:
        raise InvalidInput('version: which one? Send {"version": n}')
    return shown(await actions.restore_version(name, wanted), response)


def shown(record: DatasetRecord, response: Response) -> Dataset:
    """The dataset as callers see it, its entity tag in the headers."""
    response.headers["ETag"] = record.etag
    return record.public()
