"""Drawing one chart: judged, filled with the caller's rows, themed, drawn or found in the cache."""

from dataclasses import dataclass

import orjson

from datalab.contracts.identity import Caller
from datalab.contracts.viz import Drawable, ImageFormat, Rendering, RenderRequest, Spec
from datalab.services.viz.actions.dependencies import VizParts
from datalab.services.viz.actions.images import Image
from datalab.services.viz.actions.rows import fetch_rows
from datalab.services.viz.model.answer import Answer
from datalab.services.viz.model.binding import check_binding, with_rows
from datalab.services.viz.model.chart_page import PAGE_VERSION, chart_page
from datalab.services.viz.model.guard import check_spec
from datalab.services.viz.model.keys import Drawing, digest, drawing_key, etag
from datalab.services.viz.model.sizing import shown_title
from datalab.services.viz.model.theme import with_theme
from datalab.services.viz.model.versions import version_of

MEDIA_TYPES = {
    ImageFormat.PNG: "image/png",
    ImageFormat.SVG: "image/svg+xml",
    ImageFormat.HTML: "text/html; charset=utf-8",
    ImageFormat.JSON: "application/json",
}


@dataclass(frozen=True, slots=True)
class Look:
    """How a chart is shown."""

    format: ImageFormat
    theme: str
    scale: float


@dataclass(frozen=True, slots=True)
class Named:
    """An image under its name."""

    key: str
    image: Image


def check_request(request: Drawable) -> None:
    """Let a request pass whose spec may be drawn. Raises SpecRefused."""
    check_spec(request.spec)
    check_binding(request.spec, has_source=request.sql is not None or request.dataset is not None)


async def rows_for(parts: VizParts, caller: Caller, request: RenderRequest) -> Answer | None:
    """The request's rows with the caller's own rights: this is where permission is judged, before any cache."""
    parts.images.expect()
    return await fetch_rows(parts.data(caller), request, parts.query_timeout_s)


async def render(parts: VizParts, caller: Caller, request: RenderRequest, format: ImageFormat, title: str) -> Rendering:
    """Draw the request for the caller. Raises SpecRefused and what the data service refuses."""
    check_request(request)
    answer = await rows_for(parts, caller, request)
    look = Look(format, request.theme, request.scale)
    match format:
        case ImageFormat.PNG | ImageFormat.SVG:
            drawn = await draw(parts, request.spec, answer, look)
            return _rendering(format, drawn.key, drawn.image.content, cached=drawn.image.cached)
        case ImageFormat.HTML:
            return await _page(parts, request, answer, title)
        case ImageFormat.JSON:
            content = orjson.dumps(with_theme(with_rows(request.spec, answer), request.theme))
            return _rendering(format, digest(content), content, cached=False)


async def draw(parts: VizParts, spec: Spec, answer: Answer | None, look: Look) -> Named:
    """The image of a spec that passed the guard, over rows that the caller may see."""
    rows = "" if answer is None else answer.digest
    vega_lite = version_of(spec)
    circumstances = (look.theme, f"{look.scale:g}", look.format, vega_lite, parts.images.version)
    key = drawing_key(spec, rows, circumstances)
    whole = with_theme(with_rows(spec, answer), look.theme)
    image = await parts.images.image(f"{key}.{look.format}", Drawing(whole, look.format, look.scale, vega_lite))
    return Named(key, image)


async def _page(parts: VizParts, request: RenderRequest, answer: Answer | None, title: str) -> Rendering:
    """The chart drawn, and with it the script that brings it to life."""
    drawn = await draw(parts, request.spec, answer, Look(ImageFormat.SVG, request.theme, 1))
    script = await parts.images.script(version_of(request.spec))
    spec = with_theme(with_rows(request.spec, answer), request.theme)
    shown = title or shown_title(request.spec) or "Chart"
    content = chart_page(spec, drawn.image.content.decode(), script.decode(), shown, request.theme)
    key = digest(drawn.key, PAGE_VERSION, shown)
    return _rendering(ImageFormat.HTML, key, content.encode(), cached=drawn.image.cached)


def _rendering(format: ImageFormat, key: str, content: bytes, *, cached: bool) -> Rendering:
    return Rendering(content=content, media_type=MEDIA_TYPES[format], etag=etag(key), cached=cached)
