"""The service for one caller."""

from datalab.contracts.data import Where
from datalab.contracts.identity import Caller
from datalab.contracts.model import Page, PageRequest
from datalab.contracts.viz import (
    Chart,
    ChartDraft,
    Dashboard,
    DashboardDraft,
    ImageFormat,
    Rendering,
    RenderRequest,
)
from datalab.services.viz.actions import charts, dashboards
from datalab.services.viz.actions.dashboard_drawing import render_dashboard
from datalab.services.viz.actions.dependencies import VizParts
from datalab.services.viz.actions.drawing import render


class VizActions:
    """:class:`~datalab.contracts.viz.VizApi`: every use case, bound to who asks."""

    def __init__(self, parts: VizParts, caller: Caller) -> None:
        self._parts = parts
        self._caller = caller

    async def render(self, request: RenderRequest, format: ImageFormat) -> Rendering:
        """Draw a chart without saving it."""
        return await render(self._parts, self._caller, request, format, "")

    async def list_charts(self, page: PageRequest) -> Page[Chart]:
        """Charts by name."""
        return await charts.list_charts(self._parts, page)

    async def get_chart(self, name: str) -> Chart:
        """One chart. Raises ChartNotFound."""
        return await charts.get_chart(self._parts, name)

    async def put_chart(self, name: str, draft: ChartDraft, *, if_match: str | None = None) -> Chart:
        """Save a chart. Raises SpecRefused, PreconditionFailed."""
        return await charts.put_chart(self._parts, self._caller, name, draft, if_match)

    async def delete_chart(self, name: str) -> None:
        """Take a chart away. Raises ChartNotFound."""
        await charts.delete_chart(self._parts, name)

    async def render_chart(self, name: str, format: ImageFormat, where: Where = ()) -> Rendering:
        """Draw a saved chart. Raises ChartNotFound."""
        return await charts.render_chart(self._parts, self._caller, name, format, where)

    async def list_dashboards(self, page: PageRequest) -> Page[Dashboard]:
        """Dashboards by name."""
        return await dashboards.list_dashboards(self._parts, page)

    async def get_dashboard(self, name: str) -> Dashboard:
        """One dashboard. Raises DashboardNotFound."""
        return await dashboards.get_dashboard(self._parts, name)

    async def put_dashboard(self, name: str, draft: DashboardDraft, *, if_match: str | None = None) -> Dashboard:
        """Save a dashboard. Raises InvalidInput, PreconditionFailed."""
        return await dashboards.put_dashboard(self._parts, self._caller, name, draft, if_match)

    async def delete_dashboard(self, name: str) -> None:
        """Take a dashboard away. Raises DashboardNotFound."""
        await dashboards.delete_dashboard(self._parts, name)

    async def render_dashboard(self, name: str, where: Where = ()) -> Rendering:
        """Draw a dashboard. Raises DashboardNotFound."""
        return await render_dashboard(self._parts, self._caller, name, where)
