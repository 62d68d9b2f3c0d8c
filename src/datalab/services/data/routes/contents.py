"""What is in a dataset."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query

from datalab.contracts.identity import Caller
from datalab.contracts.profiles import DatasetProfile
from datalab.kernel.auth.require import CurrentCaller
from datalab.services.data.actions.api import DataActions
from datalab.services.data.routes.datasets import READS

Version = Annotated[int | None, Query(ge=0, le=2**53)]


def router_for(actions: Callable[[Caller], DataActions]) -> APIRouter:
    """The routes over the actions of whoever calls."""
    router = APIRouter(prefix="/api/v1/data/datasets", tags=["datasets"])

    @router.get("/{name}/profile", **READS)
    async def get_profile(name: str, caller: CurrentCaller, version: Version = None) -> DatasetProfile:
        """What is in each column of a version, the newest unless one is named."""
        return await actions(caller).profile(name, version)

    _ = get_profile
    return router
