"""SQL."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from datalab.contracts.data import QueryFilter, QueryRequest, QueryResult, QueryState, QueryStatus
from datalab.contracts.identity import Caller, Role
from datalab.contracts.model import Page, PageRequest
from datalab.kernel.auth.require import CurrentCaller, requires
from datalab.services.data.actions.api import DataActions
from datalab.services.data.model.formats import MEDIA_TYPES
from datalab.services.data.routes.streaming import AnswerResponse

READS = requires(Role.VIEWER, "data:read")
ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"model": QueryResult, "content": {media: {} for media in MEDIA_TYPES.values()}}
}


class HistoryParameters(PageRequest):
    """Which queries, and which page of them."""

    state: QueryState | None = None
    search: Annotated[str | None, Field(min_length=1, max_length=200)] = None
    everybody: bool = False

    def wanted(self) -> QueryFilter:
        """Which queries, as a contract."""
        return QueryFilter(state=self.state, search=self.search, everybody=self.everybody)


def router_for(actions: Callable[[Caller], DataActions]) -> APIRouter:
    """The routes over the actions of whoever calls."""
    router = APIRouter(prefix="/api/v1/data/query", tags=["query"])

    @router.post("", response_class=Response, responses=ANSWER, **READS)
    async def run_query(query: QueryRequest, caller: CurrentCaller, request: Request) -> Response:
        """Run one SELECT over the datasets that the caller may see; ``"flights@3"`` is version 3 of ``flights``."""
        return await AnswerResponse.opened(request, actions(caller).query_stream(query))

    @router.get("", **READS)
    async def list_queries(
        caller: CurrentCaller, parameters: Annotated[HistoryParameters, Query()]
    ) -> Page[QueryStatus]:
        """The queries that one wrote, the latest first; for an admin everybody's too."""
        page = PageRequest(limit=parameters.limit, cursor=parameters.cursor)
        return await actions(caller).list_queries(parameters.wanted(), page)

    @router.get("/{query_id}", **READS)
    async def query_status(query_id: str, caller: CurrentCaller) -> QueryStatus:
        """Where a query of one's own stands, with its text; for an admin anybody's."""
        return await actions(caller).query_status(query_id)

    @router.delete("/{query_id}", status_code=204, **READS)
    async def cancel_query(query_id: str, caller: CurrentCaller) -> None:
        """Stop a running query of one's own."""
        await actions(caller).cancel_query(query_id)

    _ = (run_query, list_queries, query_status, cancel_query)
    return router
