"""A dashboard as one HTML page: a grid of twelve, light and dark, on paper, and from 320 pixels upward."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from datalab.contracts.data import Where
from datalab.contracts.viz import Tile
from datalab.services.viz.model.grid import NARROW_TILE
from datalab.services.viz.model.markdown import html_of
from datalab.services.viz.model.page_style import STYLE
from datalab.services.viz.model.svg import embedded, extent_of

PAGE_VERSION = "2"


@dataclass(frozen=True, slots=True)
class Picture:
    """One drawing of a tile's chart: for which theme, and for wide pages, narrow ones or both."""

    svg: str
    theme: str
    widths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in a tile: pictures, or why there are none."""

    title: str
    description: str
    pictures: tuple[Picture, ...]
    source: str | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A dashboard with all that stands in its tiles."""

    name: str
    title: str
    tiles: Sequence[tuple[Tile, Shown]]
    where: Where
    rendered_at: datetime


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · DataLab</title>
<style>{style}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<p>{sources}{where}drawn <time datetime="{moment}">{at}</time></p>
</header>
<main>
{tiles}
</main>
</body>
</html>
"""

_EMPTY = """<section class="empty">
<h2>Nothing on this dashboard yet</h2>
<p>Save a chart with <code>PUT /api/v1/viz/charts/…</code>, then place it here with
<code>PUT /api/v1/viz/dashboards/{name}</code>.</p>
</section>"""

_TILE = """<figure class="tile{small}" style="--column:{column};--row:{row};--width:{width};--height:{height}">
<figcaption>{title}</figcaption>
{inside}
</figure>"""

_TEXT = """<section class="tile text" style="--column:{column};--row:{row};--width:{width};--height:{height}">
{text}
</section>"""

_FAULT = """<div class="fault" role="alert"><strong>Can't be drawn</strong><p>{fault}</p></div>"""

_PICTURE = (
    """<div class="picture {classes}" role="img" aria-label="{label}" style="--natural:{natural}px">{svg}</div>"""
)


def dashboard_page(page: Page) -> str:
    """The page. The pictures are ours; whatever else is in it comes from users and is escaped, texts as Markdown."""
    ordered = sorted(page.tiles, key=lambda placed: (placed[0].row, placed[0].column))
    sources = ", ".join(dict.fromkeys(shown.source for _, shown in ordered if shown.source))
    tiles = "\n".join(_tile(index, tile, shown) for index, (tile, shown) in enumerate(ordered))
    return _PAGE.format(
        title=escape(page.title or page.name),
        style=STYLE,
        sources=f"{escape(sources)} · " if sources else "",
        where="".join(f"only {escape(column)} {escape(text)} · " for column, text in page.where),
        moment=page.rendered_at.isoformat(timespec="seconds"),
        at=f"{page.rendered_at:%-d %B %Y, %H:%M} UTC",
        tiles=tiles or _EMPTY.format(name=escape(page.name)),
    )


def _tile(index: int, tile: Tile, shown: Shown) -> str:
    place = {"column": tile.column + 1, "row": tile.row + 1, "width": tile.width, "height": tile.height}
    if tile.text is not None:
        return _TEXT.format(**place, text=html_of(tile.text))
    small = " small" if tile.width <= NARROW_TILE else ""
    return _TILE.format(**place, small=small, title=escape(shown.title), inside=_inside(index, shown))


def _inside(index: int, shown: Shown) -> str:
    if shown.fault is not None:
        return _FAULT.format(fault=escape(shown.fault))
    label = escape(f"{shown.title}. {shown.description}" if shown.description else shown.title)
    return "\n".join(_picture(f"t{index}p{number}-", one, label) for number, one in enumerate(shown.pictures))


def _picture(prefix: str, picture: Picture, label: str) -> str:
    natural = extent_of(picture.svg).width
    classes = " ".join((picture.theme, *picture.widths))
    return _PICTURE.format(classes=classes, label=label, natural=round(natural), svg=embedded(picture.svg, prefix))
