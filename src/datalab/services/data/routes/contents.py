"""What is in a dataset."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from datalab.contracts.differences import Comparison, DatasetDiff
from datalab.contracts.errors import InvalidInput
from datalab.contracts.identity import Caller
from datalab.contracts.model import VersionNumber
from datalab.contracts.profiles import DatasetProfile
from datalab.kernel.auth.require import CurrentCaller
from datalab.services.data.actions.api import DataActions
from datalab.services.data.routes.datasets import READS

MAX_KEY = 100


class DiffParameters(BaseModel):
    """Which versions to compare, and how; ``key`` lists columns that identify a row, separated by commas."""

    model_config = ConfigDict(extra="forbid")

    from_version: Annotated[VersionNumber | None, Field(alias="from")] = None
    to_version: Annotated[VersionNumber | None, Field(alias="to")] = None
    key: Annotated[str, Field(max_length=10_000)] = ""
    limit: Annotated[int, Field(ge=0, le=200)] = 20

    def comparison(self) -> Comparison:
        """The same as a contract. Raises InvalidInput for too many columns."""
        key = tuple(one.strip() for one in self.key.split(",") if one.strip())
        if len(key) > MAX_KEY:
            raise InvalidInput(f"key: at most {MAX_KEY} columns identify a row")
        return Comparison(from_version=self.from_version, to_version=self.to_version, key=key, limit=self.limit)


def router_for(actions: Callable[[Caller], DataActions]) -> APIRouter:
    """The routes over the actions of whoever calls."""
    router = APIRouter(prefix="/api/v1/data/datasets", tags=["datasets"])

    @router.get("/{name}/profile", **READS)
    async def get_profile(name: str, caller: CurrentCaller, version: VersionNumber | None = None) -> DatasetProfile:
        """What is in each column of a version, the newest unless one is named."""
        return await actions(caller).profile(name, version)

    @router.get("/{name}/diff", **READS)
    async def get_diff(name: str, caller: CurrentCaller, parameters: Annotated[DiffParameters, Query()]) -> DatasetDiff:
        """How two versions differ: the one before the newest and the newest, unless others are named."""
        return await actions(caller).diff(name, parameters.comparison())

    _ = (get_profile, get_diff)
    return router
