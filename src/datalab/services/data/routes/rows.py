"""Pages of rows."""

from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field
from starlette.datastructures import QueryParams

from datalab.contracts.data import DataFormat, RowsRequest
from datalab.contracts.identity import Role
from datalab.contracts.model import VersionNumber
from datalab.kernel.auth.require import requires
from datalab.kernel.http.routes import service_router
from datalab.services.data.actions.api import DataActions
from datalab.services.data.actions.ask import Answer
from datalab.services.data.model.formats import MEDIA_TYPES, acceptable_format, named_format
from datalab.services.data.model.paging import RowCursor
from datalab.services.data.routes.bound import Actions
from datalab.services.data.routes.streaming import AnswerResponse

OWN = frozenset({"select", "order", "limit", "offset", "cursor", "version", "at", "format"})
"""Parameters that are no filters; a column of such a name is filtered by ``and=(limit.eq.3)``."""
READS = requires(Role.VIEWER, "data:read")
ROWS: dict[int | str, dict[str, Any]] = {
    200: {"content": {media: {} for media in MEDIA_TYPES.values()}, "description": "An array of objects, or as asked"}
}

router = service_router("/api/v1/data/datasets", "rows")


class PageParameters(BaseModel):
    """Which rows, but for the filters."""

    select: Annotated[str | None, Field(max_length=100_000)] = None
    order: Annotated[str | None, Field(max_length=10_000)] = None
    limit: Annotated[int, Field(ge=1, le=10_000)] = 100
    offset: Annotated[int, Field(ge=0, le=2**53)] = 0
    cursor: Annotated[str | None, Field(max_length=100)] = None
    version: VersionNumber | None = None
    at: AwareDatetime | None = None

    def request(self, chosen: DataFormat, filters: tuple[tuple[str, str], ...]) -> RowsRequest:
        """The same as a contract; a cursor decides offset and version. Raises InvalidInput for one that isn't ours."""
        plain = self.model_dump(exclude={"cursor"})
        if self.cursor is not None:
            place = RowCursor.decode(self.cursor)
            plain |= {"offset": place.offset, "version": place.version, "at": None}
        return RowsRequest(format=chosen, filters=filters, **plain)


@router.get("/{name}/rows", response_class=Response, responses=ROWS, **READS)
async def get_rows(
    name: str,
    actions: Actions,
    request: Request,
    page: Annotated[PageParameters, Query()],
    format: DataFormat | None = None,
) -> Response:
    """A page of rows; other parameters are filters such as ``age=gte.21`` or ``or=(a.eq.1,b.is.null)``.

    When more rows follow, ``Link`` names the next page.
    """
    chosen = format or acceptable_format(request.headers.get("accept", ""))
    return await _page(name, actions, request, page.request(chosen, filters_in(request.query_params)))


@router.get("/{name}/rows.{suffix}", response_class=Response, responses=ROWS, **READS)
async def get_rows_as(
    name: str, suffix: str, actions: Actions, request: Request, page: Annotated[PageParameters, Query()]
) -> Response:
    """The same, in the format that the path's suffix names."""
    chosen = named_format(suffix)
    return await _page(name, actions, request, page.request(chosen, filters_in(request.query_params)))


def filters_in(parameters: QueryParams) -> tuple[tuple[str, str], ...]:
    """The query parameters that are filters, in order."""
    return tuple((name, value) for name, value in parameters.multi_items() if name not in OWN)


async def _page(name: str, actions: DataActions, request: Request, wanted: RowsRequest) -> Response:
    answer, stack = await AnswerResponse.of(request, actions.rows_stream(name, wanted))
    return AnswerResponse(answer, stack, _next(request, wanted, answer))


def _next(request: Request, wanted: RowsRequest, answer: Answer) -> dict[str, str]:
    if answer.tail is None or answer.version is None or not answer.tail.truncated:
        return {}
    cursor = RowCursor(answer.version, wanted.offset + answer.tail.row_count).encoded()
    url = request.url.remove_query_params(["offset", "version", "at"]).include_query_params(cursor=cursor)
    return {"Link": f'<{url.path}?{url.query}>; rel="next"', "X-Next-Cursor": cursor}
