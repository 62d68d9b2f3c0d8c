"""Saved charts."""

from datalab.contracts.data import Where
from datalab.contracts.identity import Caller
from datalab.contracts.model import Page, PageRequest
from datalab.contracts.viz import Chart, ChartDraft, ChartNotFound, ImageFormat, Rendering, RenderRequest
from datalab.services.viz.actions.dependencies import VizParts
from datalab.services.viz.actions.drawing import check_request, render
from datalab.services.viz.model.name import check_name, check_text
from datalab.services.viz.model.precondition import check_match


async def list_charts(parts: VizParts, page: PageRequest) -> Page[Chart]:
    """Charts by name."""
    return await parts.charts.page(page)


async def get_chart(parts: VizParts, name: str) -> Chart:
    """One chart. Raises ChartNotFound."""
    found = await parts.charts.find(check_name(name, "chart"))
    if found is None:
        raise ChartNotFound(f"there is no chart {name!r}; GET /api/v1/viz/charts lists those there are")
    return found


async def put_chart(parts: VizParts, caller: Caller, name: str, draft: ChartDraft, if_match: str | None) -> Chart:
    """Save a chart that may be drawn. Raises SpecRefused, PreconditionFailed."""
    check_name(name, "chart")
    for where, text in (("title", draft.title), ("sql", draft.sql), ("dataset", draft.dataset)):
        check_text(where, text)
    check_request(draft)
    parts.images.expect()
    return await parts.charts.save(name, draft, caller.identity.name, lambda present: check_match(if_match, present))


async def delete_chart(parts: VizParts, name: str) -> None:
    """Take a chart away. Raises ChartNotFound."""
    if not await parts.charts.delete(check_name(name, "chart")):
        raise ChartNotFound(f"there is no chart {name!r} to delete")


async def render_chart(parts: VizParts, caller: Caller, name: str, format: ImageFormat, where: Where) -> Rendering:
    """Draw a saved chart over what its data is now to the caller. Raises ChartNotFound."""
    chart = await get_chart(parts, name)
    return await render(parts, caller, request_of(chart, where), format, chart.title or chart.name)


def request_of(chart: Chart, where: Where) -> RenderRequest:
    """What drawing the chart over the rows that fit asks for."""
    return RenderRequest(
        spec=chart.spec, sql=chart.sql, dataset=chart.dataset, scale=chart.scale, theme=chart.theme, where=where
    )
