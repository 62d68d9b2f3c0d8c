"""The service's paths: drawing, charts, dashboards."""

from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Header, Query, Request, Response

from datalab.contracts.errors import NotFound
from datalab.contracts.identity import ApiFor, Role
from datalab.contracts.model import Page, PageRequest
from datalab.contracts.viz import (
    Chart,
    ChartDraft,
    Dashboard,
    DashboardDraft,
    ImageFormat,
    Rendering,
    RenderRequest,
    VizApi,
)
from datalab.kernel.auth.require import CurrentCaller, requires
from datalab.kernel.http.etag import not_modified
from datalab.kernel.http.hanging_up import while_on_the_line
from datalab.services.viz.model.narrowing import filters_in
from datalab.services.viz.model.precondition import tag_of

PREFIX = "/api/v1/viz"
_STILL = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""Nothing runs and nothing is fetched from anywhere."""

_ALIVE = (
    "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
)
"""A chart's own page runs its script, which the page's stricter policy names, without a hold on anything of ours."""

_Responses = dict[int | str, dict[str, Any]]
_IMAGES: _Responses = {
    200: {
        "description": "The chart",
        "content": {
            "image/png": {"schema": {"type": "string", "format": "binary"}},
            "image/svg+xml": {"schema": {"type": "string"}},
            "text/html": {"schema": {"type": "string"}},
            "application/json": {"schema": {"type": "object"}},
        },
    },
    304: {"description": "The caller's copy is current"},
}
_PAGES: _Responses = {
    200: {"description": "The page", "content": {"text/html": {"schema": {"type": "string"}}}},
    304: {"description": "The caller's copy is current"},
}
_READ = requires(Role.VIEWER, "viz:read")
_WRITE = requires(Role.EDITOR, "viz:write")

Saved = TypeVar("Saved", Chart, Dashboard)
PageLimit = Annotated[int, Query(ge=1, le=1000)]
PageCursor = Annotated[str | None, Query(max_length=512)]
Narrowing = Annotated[
    tuple[str, ...],
    Query(
        max_length=20,
        description="Of each dataset that has the column only the rows that fit are read: ``column=operator.value``, as "
        "in ``origin=eq.JFK``; may be given several times",
    ),
]
IfMatch = Annotated[str | None, Header(alias="If-Match", max_length=4096)]


def viz_router(viz: ApiFor[VizApi]) -> APIRouter:
    """All paths of the service."""
    router = APIRouter(prefix=PREFIX, tags=["viz"])
    _add_drawing(router, viz)
    _add_charts(router, viz)
    _add_dashboards(router, viz)
    return router


def _add_drawing(router: APIRouter, viz: ApiFor[VizApi]) -> None:
    @router.post("/render", response_class=Response, responses=_IMAGES, **_READ)
    async def render_chart_spec(
        request: Request, caller: CurrentCaller, body: RenderRequest, format: ImageFormat = ImageFormat.PNG
    ) -> Response:
        """Draw a chart without saving it."""
        async with while_on_the_line(request):
            drawn = await viz(caller).render(body, format)
        return _chart_answer(request, drawn)

    @router.get("/charts/{name}.{format}", response_class=Response, responses=_IMAGES, **_READ)
    async def get_chart_image(
        request: Request, caller: CurrentCaller, name: str, format: str, where: Narrowing = ()
    ) -> Response:
        """A saved chart drawn over what its data is now."""
        async with while_on_the_line(request):
            drawn = await viz(caller).render_chart(name, _format_of(format), filters_in(where))
        return _chart_answer(request, drawn)

    @router.get("/dashboards/{name}.html", response_class=Response, responses=_PAGES, **_READ)
    async def get_dashboard_page(request: Request, caller: CurrentCaller, name: str, where: Narrowing = ()) -> Response:
        """A dashboard as one page, over what its data is now."""
        async with while_on_the_line(request):
            drawn = await viz(caller).render_dashboard(name, filters_in(where))
        return _answer(request, drawn, _STILL)

    _ = render_chart_spec, get_chart_image, get_dashboard_page


def _add_charts(router: APIRouter, viz: ApiFor[VizApi]) -> None:
    @router.get("/charts", **_READ)
    async def list_charts(caller: CurrentCaller, limit: PageLimit = 100, cursor: PageCursor = None) -> Page[Chart]:
        """The saved charts, by name."""
        return await viz(caller).list_charts(PageRequest(limit=limit, cursor=cursor))

    @router.get("/charts/{name}", **_READ)
    async def get_chart(caller: CurrentCaller, name: str, response: Response) -> Chart:
        """One saved chart."""
        return _tagged(response, await viz(caller).get_chart(name))

    @router.put("/charts/{name}", **_WRITE)
    async def put_chart(
        caller: CurrentCaller, name: str, body: ChartDraft, response: Response, if_match: IfMatch = None
    ) -> Chart:
        """Save a chart, in place of the one there."""
        return _tagged(response, await viz(caller).put_chart(name, body, if_match=if_match))

    @router.delete("/charts/{name}", status_code=204, **_WRITE)
    async def delete_chart(caller: CurrentCaller, name: str) -> None:
        """Take a chart away."""
        await viz(caller).delete_chart(name)

    _ = list_charts, get_chart, put_chart, delete_chart


def _add_dashboards(router: APIRouter, viz: ApiFor[VizApi]) -> None:
    @router.get("/dashboards", **_READ)
    async def list_dashboards(
        caller: CurrentCaller, limit: PageLimit = 100, cursor: PageCursor = None
    ) -> Page[Dashboard]:
        """The saved dashboards, by name."""
        return await viz(caller).list_dashboards(PageRequest(limit=limit, cursor=cursor))

    @router.get("/dashboards/{name}", **_READ)
    async def get_dashboard(caller: CurrentCaller, name: str, response: Response) -> Dashboard:
        """One saved dashboard."""
        return _tagged(response, await viz(caller).get_dashboard(name))

    @router.put("/dashboards/{name}", **_WRITE)
    async def put_dashboard(
        caller: CurrentCaller, name: str, body: DashboardDraft, response: Response, if_match: IfMatch = None
    ) -> Dashboard:
        """Save a dashboard, in place of the one there."""
        return _tagged(response, await viz(caller).put_dashboard(name, body, if_match=if_match))

    @router.delete("/dashboards/{name}", status_code=204, **_WRITE)
    async def delete_dashboard(caller: CurrentCaller, name: str) -> None:
        """Take a dashboard away; its charts stay."""
        await viz(caller).delete_dashboard(name)

    _ = list_dashboards, get_dashboard, put_dashboard, delete_dashboard


def _format_of(format: str) -> ImageFormat:
    try:
        return ImageFormat(format)
    except ValueError as error:
        raise NotFound(f"charts aren't drawn as {format[:40]!r}; they are as {', '.join(ImageFormat)}") from error


def _tagged(response: Response, saved: Saved) -> Saved:
    response.headers["ETag"] = tag_of(saved)
    return saved


def _chart_answer(request: Request, drawn: Rendering) -> Response:
    return _answer(request, drawn, _ALIVE if drawn.media_type.startswith("text/html") else _STILL)


def _answer(request: Request, drawn: Rendering, policy: str) -> Response:
    """The image, or 304. It may differ from caller to caller, so only the caller may keep it, and must ask each time."""
    response = not_modified(request, drawn.etag) or Response(drawn.content, media_type=drawn.media_type)
    response.headers.update(
        {
            "ETag": drawn.etag,
            "Cache-Control": "private, no-cache",
            "X-Cache": "hit" if drawn.cached else "miss",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": policy,
        }
    )
    return response
