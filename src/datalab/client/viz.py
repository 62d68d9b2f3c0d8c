"""The visualization service over HTTP."""

from datalab.client.call import FIRST_PAGE, Call, Params, body_of, page_params, params_of, segment
from datalab.client.transport import Transport
from datalab.contracts.data import Where
from datalab.contracts.model import Contract, Page, PageRequest
from datalab.contracts.viz import (
    Chart,
    ChartDraft,
    Dashboard,
    DashboardDraft,
    ImageFormat,
    Rendering,
    RenderRequest,
)

_CHARTS = "/api/v1/viz/charts"
_DASHBOARDS = "/api/v1/viz/dashboards"
_RENDER = "/api/v1/viz/render"


class VizClient:
    """:class:`~datalab.contracts.viz.VizApi` over HTTP."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def render(self, request: RenderRequest, format: ImageFormat = ImageFormat.PNG) -> Rendering:
        """Draw a chart without saving it."""
        params = params_of(format=format.value)
        return await self._rendering(Call("viz", "POST", _RENDER, params, json=body_of(request), repeatable=True))

    async def list_charts(self, page: PageRequest = FIRST_PAGE) -> Page[Chart]:
        """Charts by name."""
        return await self._transport.fetch(Call("viz", "GET", _CHARTS, page_params(page)), Page[Chart])

    async def get_chart(self, name: str) -> Chart:
        """One chart. Raises ChartNotFound."""
        return await self._transport.fetch(Call("viz", "GET", _at(_CHARTS, name)), Chart)

    async def put_chart(self, name: str, draft: ChartDraft, *, if_match: str | None = None) -> Chart:
        """Save a chart under a name, in place of the one there; ``if_match`` holds the entity tags it may replace."""
        call = _put(_at(_CHARTS, name), draft, if_match)
        return await self._transport.fetch(call, Chart)

    async def delete_chart(self, name: str) -> None:
        """Take a chart away."""
        await self._transport.read(Call("viz", "DELETE", _at(_CHARTS, name)))

    async def render_chart(self, name: str, format: ImageFormat = ImageFormat.PNG, where: Where = ()) -> Rendering:
        """Draw a saved chart over its data as of now, of each dataset that has the column only the rows that fit."""
        return await self._rendering(Call("viz", "GET", f"{_at(_CHARTS, name)}.{format.value}", _narrowing(where)))

    async def list_dashboards(self, page: PageRequest = FIRST_PAGE) -> Page[Dashboard]:
        """Dashboards by name."""
        return await self._transport.fetch(Call("viz", "GET", _DASHBOARDS, page_params(page)), Page[Dashboard])

    async def get_dashboard(self, name: str) -> Dashboard:
        """One dashboard. Raises DashboardNotFound."""
        return await self._transport.fetch(Call("viz", "GET", _at(_DASHBOARDS, name)), Dashboard)

    async def put_dashboard(self, name: str, draft: DashboardDraft, *, if_match: str | None = None) -> Dashboard:
        """Save a dashboard; every chart on it must be there. ``if_match``: the entity tags it may replace."""
        call = _put(_at(_DASHBOARDS, name), draft, if_match)
        return await self._transport.fetch(call, Dashboard)

    async def delete_dashboard(self, name: str) -> None:
        """Take a dashboard away; its charts stay."""
        await self._transport.read(Call("viz", "DELETE", _at(_DASHBOARDS, name)))

    async def render_dashboard(self, name: str, where: Where = ()) -> Rendering:
        """The dashboard as one HTML page, of each dataset that has the column only the rows that fit."""
        return await self._rendering(Call("viz", "GET", f"{_at(_DASHBOARDS, name)}.html", _narrowing(where)))

    async def _rendering(self, call: Call) -> Rendering:
        content, headers = await self._transport.whole(call)
        return Rendering(
            content=content,
            media_type=headers.get("Content-Type", "application/octet-stream"),
            etag=headers.get("ETag", ""),
            cached=headers.get("X-Cache", "miss").lower() == "hit",
        )


def _put(path: str, draft: Contract, if_match: str | None) -> Call:
    # Once done, the tag is another: repeated under a condition it would be refused though it had succeeded.
    held = {} if if_match is None else {"If-Match": if_match}
    return Call("viz", "PUT", path, json=body_of(draft), headers=held, repeatable=if_match is None)


def _narrowing(where: Where) -> Params:
    return tuple(("where", f"{column}={text}") for column, text in where)


def _at(collection: str, name: str) -> str:
    return f"{collection}/{segment(name)}"
