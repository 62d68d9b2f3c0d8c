"""Drawing a dashboard: each tile by itself, so that one that fails leaves the others whole."""

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime

from datalab.contracts.data import Where
from datalab.contracts.errors import NotFound, PlatformError
from datalab.contracts.identity import Caller
from datalab.contracts.viz import Chart, Dashboard, ImageFormat, Rendering, Tile
from datalab.services.viz.actions.charts import get_chart, request_of
from datalab.services.viz.actions.dashboards import get_dashboard
from datalab.services.viz.actions.dependencies import VizParts
from datalab.services.viz.actions.drawing import MEDIA_TYPES, Look, Named, check_request, draw, rows_for
from datalab.services.viz.actions.rows import data_version
from datalab.services.viz.model.answer import Answer
from datalab.services.viz.model.dashboard_page import PAGE_VERSION, Page, Picture, Shown, dashboard_page
from datalab.services.viz.model.grid import narrow_size_of, size_of
from datalab.services.viz.model.keys import digest, etag
from datalab.services.viz.model.sizing import fitted, resizable, shown_title
from datalab.services.viz.model.tokens import THEMES

_AT_ONCE = 4
_log = logging.getLogger(__name__)


async def render_dashboard(parts: VizParts, caller: Caller, name: str, where: Where) -> Rendering:
    """The dashboard as one page, over what its data is now to the caller. Raises DashboardNotFound."""
    dashboard = await get_dashboard(parts, name)
    turns = asyncio.Semaphore(_AT_ONCE)
    drawn = await asyncio.gather(*(_tile(parts, caller, tile, where, turns) for tile in dashboard.tiles))
    keys = [key for _, tile_keys in drawn for key in tile_keys]
    key = digest(PAGE_VERSION, dashboard.model_dump_json(), repr(where), *(_told(shown) for shown, _ in drawn), *keys)
    kept = await parts.images.kept_page(f"{key}.html", lambda: _write(dashboard, where, [shown for shown, _ in drawn]))
    return Rendering(content=kept.content, media_type=MEDIA_TYPES[ImageFormat.HTML], etag=etag(key), cached=kept.cached)


def _write(dashboard: Dashboard, where: Where, shown: list[Shown]) -> bytes:
    tiles = list(zip(dashboard.tiles, shown, strict=True))
    return dashboard_page(Page(dashboard.name, dashboard.title, tiles, where, datetime.now(UTC))).encode()


def _told(shown: Shown) -> str:
    return repr((shown.title, shown.description, shown.source, shown.fault))


async def _tile(
    parts: VizParts, caller: Caller, tile: Tile, where: Where, turns: asyncio.Semaphore
) -> tuple[Shown, list[str]]:
    """What stands in the tile, and the names of its pictures; a failure stands there in words."""
    if tile.chart is None:
        return Shown("", "", ()), []
    named = Shown(tile.chart, "", ())
    try:
        async with turns:
            chart = await get_chart(parts, tile.chart)
            named = _caption(chart)
            return await _pictures(parts, caller, (chart, where), tile, named)
    except NotFound as error:
        return replace(named, fault=error.detail), []
    except PlatformError as error:
        return replace(named, fault=f"{error.title}: {error.detail}"), []
    except Exception:  # noqa: BLE001 - whatever it is, the other tiles must be shown
        _log.exception("a tile can't be drawn", extra={"chart": tile.chart, "request_id": caller.request_id})
        return replace(named, fault=f"Something went wrong here; the log has it under {caller.request_id}"), []


def _caption(chart: Chart) -> Shown:
    description = chart.spec.get("description")
    title = chart.title or shown_title(chart.spec) or chart.name
    return Shown(title, description if isinstance(description, str) else "", ())


async def _pictures(
    parts: VizParts, caller: Caller, asked: tuple[Chart, Where], tile: Tile, caption: Shown
) -> tuple[Shown, list[str]]:
    chart, where = asked
    request = request_of(chart, where)
    check_request(request)
    answer = await rows_for(parts, caller, request)
    source = await data_version(parts.data(caller), chart.dataset)
    drawn = [
        (Picture(one.image.content.decode(), theme, widths), one.key)
        for theme in THEMES
        for widths, one in await _for_theme(parts, chart, tile, answer, theme)
    ]
    shown = replace(caption, pictures=tuple(picture for picture, _ in drawn), source=source)
    return shown, [key for _, key in drawn]


async def _for_theme(
    parts: VizParts, chart: Chart, tile: Tile, answer: Answer | None, theme: str
) -> list[tuple[tuple[str, ...], Named]]:
    """A picture for wide pages and one for narrow ones, or one for both."""
    look = Look(ImageFormat.SVG, theme, 1)
    wide = await draw(parts, fitted(chart.spec, size_of(tile)), answer, look)
    narrow_size = narrow_size_of(tile)
    if narrow_size is None or not resizable(chart.spec):
        return [(("wide", "narrow"), wide)]
    narrow = await draw(parts, fitted(chart.spec, narrow_size), answer, look)
    return [(("wide",), wide), (("narrow",), narrow)]
