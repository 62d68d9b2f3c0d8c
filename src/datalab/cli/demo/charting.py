"""Step: charts as pictures, and a dashboard page that holds them."""

from typing import Any

from datalab.cli.demo.asking import QUESTION
from datalab.cli.demo.checks import WORST_AIRLINES, expect, expect_that
from datalab.cli.demo.flowing import CHART as BY_HOUR
from datalab.cli.demo.png import look
from datalab.cli.demo.report import Figures, Report
from datalab.client.synchronous import Client
from datalab.contracts.viz import ChartDraft, DashboardDraft, ImageFormat, Tile

DASHBOARD, BY_AIRLINE = "new_york_2013", "delay_by_airline"
TITLE = "Flights out of New York, 2013"
SPEC: dict[str, Any] = {
    "description": "Mean delay on arrival by airline",
    "width": 560,
    "height": 260,
    "mark": {"type": "bar", "tooltip": True},
    "encoding": {
        "x": {"field": "mean_delay", "type": "quantitative", "title": "minutes late on arrival"},
        "y": {"field": "airline", "type": "nominal", "sort": "-x", "title": None},
    },
}
_LEAST_COLOURS = 4
_LEAST_DRAWN = 0.02


def draw_dashboard(client: Client, report: Report) -> Figures:
    """Draw both charts as PNG, place them on a page, read the page."""
    client.viz.put_chart(BY_AIRLINE, ChartDraft(title="Delay by airline", spec=SPEC, sql=QUESTION))
    pictures = {name: _check_picture(client, report, name) for name in (BY_HOUR, BY_AIRLINE)}
    tiles = tuple(Tile(chart=name, column=6 * place, width=6, height=5) for place, name in enumerate(pictures))
    client.viz.put_dashboard(DASHBOARD, DashboardDraft(title=TITLE, tiles=tiles))
    expect("tiles of the dashboard", client.viz.get_dashboard(DASHBOARD).tiles, tiles)
    page = client.viz.render_dashboard(DASHBOARD).content.decode()
    for piece in (TITLE, "Delay by hour of departure", "Delay by airline", WORST_AIRLINES[0][0], "hour of departure"):
        expect_that(f"the page holds {piece!r}", piece in page)
    expect_that("the page holds both pictures", page.count("<svg") >= len(pictures))
    expect_that("no tile of the page failed", 'class="fault"' not in page)
    report.say(f"the page /api/v1/viz/dashboards/{DASHBOARD}.html holds both, {len(page):,} characters")
    return {"pictures": pictures, "page_characters": len(page)}


def _check_picture(client: Client, report: Report, name: str) -> Figures:
    drawn = client.viz.render_chart(name, ImageFormat.PNG)
    picture = look(drawn.content)
    expect_that(
        f"{name}.png shows something: {picture.colours} colours, {picture.drawn:.1%} drawn",
        picture.colours >= _LEAST_COLOURS and picture.drawn >= _LEAST_DRAWN,
    )
    report.say(
        f"{name}.png: {picture.width} × {picture.height}, {picture.colours} colours, "
        f"{picture.drawn:.0%} drawn, {len(drawn.content):,} bytes"
    )
    return {"width": picture.width, "height": picture.height, "colours": picture.colours, "bytes": len(drawn.content)}
