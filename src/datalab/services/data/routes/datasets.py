"""Datasets and their versions."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
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
from datalab.contracts.identity import Caller, Role
from datalab.contracts.model import Page, PageRequest, VersionNumber
from datalab.kernel.auth.require import CurrentCaller, requires
from datalab.kernel.http.etag import not_modified
from datalab.services.data.actions.api import DataActions
from datalab.services.data.model.dataset import DatasetRecord

READS, WRITES = requires(Role.VIEWER, "data:read"), requires(Role.EDITOR, "data:write")
IfMatch = Annotated[str | None, Header()]


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


def router_for(actions: Callable[[Caller], DataActions]) -> APIRouter:
    """The routes over the actions of whoever calls."""
    router = APIRouter(prefix="/api/v1/data/datasets", tags=["datasets"])

    @router.get("", **READS)
    async def list_datasets(
        caller: CurrentCaller, page: Annotated[ListParameters, Query()]
    ) -> Page[Dataset] | Page[DeletedDataset]:
        """The datasets that the caller may see, by name; or the deleted ones, the one deleted last first."""
        wanted = PageRequest(limit=page.limit, cursor=page.cursor)
        if page.deleted:
            return await actions(caller).list_deleted(wanted)
        return await actions(caller).list_datasets(wanted)

    @router.get("/{name}", response_model=Dataset, **READS)
    async def get_dataset(name: str, caller: CurrentCaller, request: Request, response: Response) -> Dataset | Response:
        """One dataset at its newest version."""
        record = await actions(caller).find(name)
        return not_modified(request, record.etag) or shown(record, response)

    @router.patch("/{name}", **WRITES)
    async def change_dataset(
        name: str, change: DatasetChange, caller: CurrentCaller, response: Response, if_match: IfMatch = None
    ) -> Dataset:
        """Change the description."""
        return shown(await actions(caller).change(name, change, if_match=if_match), response)

    @router.delete("/{name}", status_code=204, **WRITES)
    async def delete_dataset(name: str, caller: CurrentCaller, if_match: IfMatch = None) -> None:
        """Take the dataset away; its name is free at once, and for a while it can be brought back."""
        await actions(caller).delete_dataset(name, if_match=if_match)

    @router.post("/{name}/undelete", **WRITES)
    async def undelete_dataset(
        name: str, caller: CurrentCaller, response: Response, parameters: Annotated[UndeleteParameters, Query()]
    ) -> Dataset:
        """Bring a deleted dataset back with all its versions."""
        return shown(await actions(caller).bring_back(name, parameters.target()), response)

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
        version: VersionNumber | None = None,
    ) -> Dataset:
        """Make the content of a past version the newest one; ``version`` is in the body or in the query."""
        wanted = target.version if target is not None else version
        if wanted is None:
            raise InvalidInput('version: which one? Send {"version": n}')
        return shown(await actions(caller).restore_version(name, wanted), response)

    _ = (list_datasets, get_dataset, change_dataset, delete_dataset, undelete_dataset, list_versions, restore_dataset)
    return router


def shown(record: DatasetRecord, response: Response) -> Dataset:
    """The dataset as callers see it, its entity tag in the headers."""
    response.headers["ETag"] = record.etag
    return record.public()
