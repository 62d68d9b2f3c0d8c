"""The service's paths: drawing, charts, dashboards."""

from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Query, Request, Response

from datalab.contracts.errors import NotFound
from datalab.contracts.identity import Role
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
from datalab.kernel.auth.require import requires
from datalab.kernel.http.etag import not_modified
from datalab.kernel.http.hanging_up import while_on_the_line
from datalab.kernel.http.routes import callers_actions, service_router
from datalab.services.viz.model.narrowing import filters_in
from datalab.services.viz.model.precondition import tag_of

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
Actions = Annotated[VizApi, Depends(callers_actions)]

router = service_router("/api/v1/viz", "viz")


@router.post("/render", response_class=Response, responses=_IMAGES, **_READ)
async def render_chart_spec(
    request: Request, actions: Actions, body: RenderRequest, format: ImageFormat = ImageFormat.PNG
) -> Response:
    """Draw a chart without saving it."""
    async with while_on_the_line(request):
        drawn = await actions.render(body, format)
    return _chart_answer(request, drawn)


@router.get("/charts/{name}.{format}", response_class=Response, responses=_IMAGES, **_READ)
async def get_chart_image(
    request: Request, actions: Actions, name: str, format: str, where: Narrowing = ()
) -> Response:
    """A saved chart drawn over what its data is now."""
    async with while_on_the_line(request):
        drawn = await actions.render_chart(name, _format_of(format), filters_in(where))
    return _chart_answer(request, drawn)


@router.get("/dashboards/{name}.html", response_class=Response, responses=_PAGES, **_READ)
async def get_dashboard_page(request: Request, actions: Actions, name: str, where: Narrowing = ()) -> Response:
    """A dashboard as one page, over what its data is now."""
    async with while_on_the_line(request):
        drawn = await actions.render_dashboard(name, filters_in(where))
    return _answer(request, drawn, _STILL)


@router.get("/charts", **_READ)
async def list_charts(actions: Actions, limit: PageLimit = 100, cursor: PageCursor = None) -> Page[Chart]:
    """The saved charts, by name."""
    return await actions.list_charts(PageRequest(limit=limit, cursor=cursor))


@router.get("/charts/{name}", **_READ)
async def get_chart(actions: Actions, name: str, response: Response) -> Chart:
    """One saved chart."""
    return _tagged(response, await actions.get_chart(name))


@router.put("/charts/{name}", **_WRITE)
async def put_chart(
    actions: Actions, name: str, body: ChartDraft, response: Response, if_match: IfMatch = None
) -> Chart:
    """Save a chart, in place of the one there."""
    return _tagged(response, await actions.put_chart(name, body, if_match=if_match))


@router.delete("/charts/{name}", status_code=204, **_WRITE)
async def delete_chart(actions: Actions, name: str) -> None:
    """Take a chart away."""
    await actions.delete_chart(name)


@router.get("/dashboards", **_READ)
async def list_dashboards(actions: Actions, limit: PageLimit = 100, cursor: PageCursor = None) -> Page[Dashboard]:
    """The saved dashboards, by name."""
    return await actions.list_dashboards(PageRequest(limit=limit, cursor=cursor))


@router.get("/dashboards/{name}", **_READ)
async def get_dashboard(actions: Actions, name: str, response: Response) -> Dashboard:
    """One saved dashboard."""
    return _tagged(response, await actions.get_dashboard(name))


@router.put("/dashboards/{name}", **_WRITE)
async def put_dashboard(
    actions: Actions, name: str, body: DashboardDraft, response: Response, if_match: IfMatch = None
) -> Dashboard:
    """Save a dashboard, in place of the one there."""
    return _tagged(response, await actions.put_dashboard(name, body, if_match=if_match))


@router.delete("/dashboards/{name}", status_code=204, **_WRITE)
async def delete_dashboard(actions: Actions, name: str) -> None:
    """Take a dashboard away; its charts stay."""
    await actions.delete_dashboard(name)


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
