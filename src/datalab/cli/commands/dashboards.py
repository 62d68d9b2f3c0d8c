"""Dashboards."""

from typing import Annotated

import typer

from datalab.cli.options import Cursor, Json, Limit, Output, Token, Url

app = typer.Typer(no_args_is_help=True, help="Dashboards: charts on one page.")
FIELDS = ("name", "title", "tiles", "created_by", "updated_at")
_PER_ROW = 2
_HEIGHT = 4


@app.command()
def put(
    name: str,
    *,
    chart: Annotated[list[str], typer.Option("--chart", help="A saved chart; two stand beside each other.")],
    title: Annotated[str, typer.Option("--title", help="Shown above them.")] = "",
    json: Json = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """Save a dashboard of charts, in place of the one there."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show
    from datalab.client.requests import made
    from datalab.contracts.viz import DashboardDraft

    width = 12 if len(chart) == 1 else 12 // _PER_ROW
    tiles = [
        {
            "chart": one,
            "column": index % _PER_ROW * width,
            "row": index // _PER_ROW * _HEIGHT,
            "width": width,
            "height": _HEIGHT,
        }
        for index, one in enumerate(chart)
    ]
    with connect(url, token) as client:
        dashboard = client.viz.put_dashboard(name, made(DashboardDraft, title=title, tiles=tiles))
    show(dashboard, FIELDS, as_json=json)


@app.command("list")
def list_(limit: Limit = 100, cursor: Cursor = None, json: Json = False, url: Url = None, token: Token = None) -> None:
    """The saved dashboards."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show_page
    from datalab.contracts.model import PageRequest

    with connect(url, token) as client:
        page = client.viz.list_dashboards(PageRequest(limit=limit, cursor=cursor))
    show_page(page, FIELDS, as_json=json)


@app.command()
def get(name: str, json: Json = False, url: Url = None, token: Token = None) -> None:
    """One dashboard."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show

    with connect(url, token) as client:
        dashboard = client.viz.get_dashboard(name)
    show(dashboard, FIELDS, as_json=json)


@app.command()
def render(name: str, output: Output = None, url: Url = None, token: Token = None) -> None:
    """The dashboard as one HTML page."""
    from datalab.cli.connection import connect
    from datalab.cli.output import write

    with connect(url, token) as client:
        page = client.viz.render_dashboard(name)
    write(page.content, output)


@app.command()
def delete(name: str, url: Url = None, token: Token = None) -> None:
    """Take a dashboard away; its charts stay."""
    from datalab.cli.connection import connect

    with connect(url, token) as client:
        client.viz.delete_dashboard(name)
