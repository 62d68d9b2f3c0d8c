"""What is in a dataset."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from datalab.contracts.differences import Comparison, DatasetDiff
from datalab.contracts.errors import InvalidInput
from datalab.contracts.model import VersionNumber
from datalab.contracts.profiles import DatasetProfile
from datalab.kernel.http.routes import service_router
from datalab.services.data.routes.bound import Actions
from datalab.services.data.routes.datasets import READS

MAX_KEY = 100

router = service_router("/api/v1/data/datasets", "datasets")


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


@router.get("/{name}/profile", **READS)
async def get_profile(name: str, actions: Actions, version: VersionNumber | None = None) -> DatasetProfile:
    """What is in each column of a version, the newest unless one is named."""
    return await actions.profile(name, version)


@router.get("/{name}/diff", **READS)
async def get_diff(name: str, actions: Actions, parameters: Annotated[DiffParameters, Query()]) -> DatasetDiff:
    """How two versions differ: the one before the newest and the newest, unless others are named."""
    return await actions.diff(name, parameters.comparison())
