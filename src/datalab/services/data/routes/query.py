"""SQL."""

from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import Field

from datalab.contracts.data import QueryFilter, QueryRequest, QueryResult, QueryState, QueryStatus
from datalab.contracts.identity import Role
from datalab.contracts.model import Page, PageRequest
from datalab.kernel.auth.require import requires
from datalab.kernel.http.routes import service_router
from datalab.services.data.model.formats import MEDIA_TYPES
from datalab.services.data.routes.bound import Actions
from datalab.services.data.routes.streaming import AnswerResponse

READS = requires(Role.VIEWER, "data:read")
ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"model": QueryResult, "content": {media: {} for media in MEDIA_TYPES.values()}}
}

router = service_router("/api/v1/data/query", "query")


class HistoryParameters(PageRequest):
    """Which queries, and which page of them."""

    state: QueryState | None = None
    search: Annotated[str | None, Field(min_length=1, max_length=200)] = None
    everybody: bool = False

    def wanted(self) -> QueryFilter:
        """Which queries, as a contract."""
        return QueryFilter(state=self.state, search=self.search, everybody=self.everybody)


@router.post("", response_class=Response, responses=ANSWER, **READS)
async def run_query(query: QueryRequest, actions: Actions, request: Request) -> Response:
    """Run one SELECT over the datasets that the caller may see; ``"flights@3"`` is version 3 of ``flights``."""
    return await AnswerResponse.opened(request, actions.query_stream(query))


@router.get("", **READS)
async def list_queries(actions: Actions, parameters: Annotated[HistoryParameters, Query()]) -> Page[QueryStatus]:
    """The queries that one wrote, the latest first; for an admin everybody's too."""
    page = PageRequest(limit=parameters.limit, cursor=parameters.cursor)
    return await actions.list_queries(parameters.wanted(), page)


@router.get("/{query_id}", **READS)
async def query_status(query_id: str, actions: Actions) -> QueryStatus:
    """Where a query of one's own stands, with its text; for an admin anybody's."""
    return await actions.query_status(query_id)


@router.delete("/{query_id}", status_code=204, **READS)
async def cancel_query(query_id: str, actions: Actions) -> None:
    """Stop a running query of one's own."""
    await actions.cancel_query(query_id)
