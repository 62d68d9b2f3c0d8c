"""Saved dashboards."""

from datalab.contracts.identity import Caller
from datalab.contracts.model import Page, PageRequest
from datalab.contracts.viz import Dashboard, DashboardDraft, DashboardNotFound
from datalab.services.viz.actions.dependencies import VizParts
from datalab.services.viz.model.grid import check_tiles
from datalab.services.viz.model.name import check_name, check_text
from datalab.services.viz.model.precondition import check_match


async def list_dashboards(parts: VizParts, page: PageRequest) -> Page[Dashboard]:
    """Dashboards by name."""
    return await parts.dashboards.page(page)


async def get_dashboard(parts: VizParts, name: str) -> Dashboard:
    """One dashboard. Raises DashboardNotFound."""
    found = await parts.dashboards.find(check_name(name, "dashboard"))
    if found is None:
        raise DashboardNotFound(f"there is no dashboard {name!r}; GET /api/v1/viz/dashboards lists those there are")
    return found


async def put_dashboard(
    parts: VizParts, caller: Caller, name: str, draft: DashboardDraft, if_match: str | None
) -> Dashboard:
    """Save a dashboard whose tiles fit and whose charts are there. Raises InvalidInput, PreconditionFailed."""
    check_name(name, "dashboard")
    check_text("title", draft.title)
    for index, tile in enumerate(draft.tiles):
        check_text(f"tiles[{index}].chart", tile.chart)
        check_text(f"tiles[{index}].text", tile.text)
    check_tiles(draft.tiles)
    return await parts.dashboards.save(
        name, draft, caller.identity.name, lambda present: check_match(if_match, present)
    )


async def delete_dashboard(parts: VizParts, name: str) -> None:
    """Take a dashboard away. Raises DashboardNotFound."""
    if not await parts.dashboards.delete(check_name(name, "dashboard")):
        raise DashboardNotFound(f"there is no dashboard {name!r} to delete")
