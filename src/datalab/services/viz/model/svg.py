"""SVG as text: its size, and what it takes to put several into one page."""

import re
from dataclasses import dataclass

from datalab.contracts.viz import SpecRefused
from datalab.services.viz.model.limits import MAX_PIXELS

_SIZE = re.compile(r'<svg\b[^>]*?\swidth="([\d.]+)"\s+height="([\d.]+)"')
_LOADED = re.compile(r"<(image|a|script|foreignObject|iframe|use)\b", re.IGNORECASE)
_IDS = re.compile(r'(\bid="|url\(#|href="#)')


@dataclass(frozen=True, slots=True)
class Extent:
    """Width and height in pixels."""

    width: float
    height: float


def extent_of(svg: str) -> Extent:
    """The image's size.

    Raises:
        SpecRefused: It has none, which is so when a chart comes out empty.
    """
    found = _SIZE.search(svg)
    if found is None:
        raise SpecRefused("spec: the chart comes out without a size; check width, height and the data")
    return Extent(float(found.group(1)), float(found.group(2)))


def check_image(svg: str, scale: float) -> None:
    """Let an image pass that is no larger than is drawn and holds nothing that is loaded.

    Raises:
        SpecRefused: It is too large, or has an element that loads or runs something.
    """
    extent = extent_of(svg)
    pixels = extent.width * extent.height * scale * scale
    if pixels > MAX_PIXELS:
        raise SpecRefused(
            f"spec: the image comes out at {extent.width:,.0f} × {extent.height:,.0f} pixels times a scale of {scale:g}, "
            f"more than the {MAX_PIXELS:,} pixels that are drawn; make it smaller or show fewer facets"
        )
    if _LOADED.search(svg):
        raise SpecRefused("spec: the chart comes out with images, links or scripts, which aren't drawn")


def embedded(svg: str, prefix: str) -> str:
    """The image as part of a page: at the upper left of its room, its ids and what refers to them under a prefix."""
    named = _IDS.sub(lambda found: found.group(1) + prefix, svg)
    return named.replace("<svg ", '<svg preserveAspectRatio="xMinYMin meet" ', 1)
