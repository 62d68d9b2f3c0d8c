"""Charts."""

from pathlib import Path
from typing import Annotated

import typer

from datalab.cli.options import Cursor, Json, Limit, Output, Token, Url

app = typer.Typer(no_args_is_help=True, help="Charts: Vega-Lite over a query or a dataset.")
FIELDS = ("name", "title", "sql", "dataset", "created_by", "updated_at")
FORMATS = ("png", "svg", "html", "json")
SpecFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A Vega-Lite spec in a JSON file.")]
Sql = Annotated[str | None, typer.Option("--sql", help="Draw this query's answer.")]
Dataset = Annotated[str | None, typer.Option("--dataset", help="Draw this dataset's rows.")]
Format = Annotated[str, typer.Option("--format", help="One of " + ", ".join(FORMATS) + ".")]


@app.command()
def render(
    spec: Annotated[str, typer.Argument(help="A Vega-Lite spec in a JSON file, or a saved chart's name.")],
    *,
    sql: Sql = None,
    dataset: Dataset = None,
    format: Format = "png",
    scale: Annotated[float, typer.Option("--scale", min=0.5, max=4, help="Greater is sharper.")] = 1,
    output: Output = None,
    url: Url = None,
    token: Token = None,
) -> None:
    """Draw a spec, or a saved chart over its data as of now."""
    from datalab.cli.connection import connect
    from datalab.cli.output import write
    from datalab.cli.parameters import json_object
    from datalab.contracts.viz import ImageFormat

    if format not in FORMATS:
        raise typer.BadParameter(f"{format!r} is none of {', '.join(FORMATS)}", param_hint="--format")
    path = Path(spec)
    with connect(url, token) as client:
        if path.is_file():
            content = json_object(path.read_text(), spec)
            drawn = client.chart(content, sql=sql, dataset=dataset, format=format, scale=scale)
        else:
            drawn = client.viz.render_chart(spec, ImageFormat(format))
    write(drawn.content, output)


@app.command()
def put(
    name: str,
    spec: SpecFile,
    *,
    sql: Sql = None,
    dataset: Dataset = None,
    title: Annotated[str, typer.Option("--title", help="Shown above it.")] = "",
    json: Json = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """Save a chart under a name, in place of the one there."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show
    from datalab.cli.parameters import json_object
    from datalab.client.requests import made
    from datalab.contracts.viz import ChartDraft

    draft = made(ChartDraft, spec=json_object(spec.read_text(), str(spec)), sql=sql, dataset=dataset, title=title)
    with connect(url, token) as client:
        chart = client.viz.put_chart(name, draft)
    show(chart, FIELDS, as_json=json)


@app.command("list")
def list_(limit: Limit = 100, cursor: Cursor = None, json: Json = False, url: Url = None, token: Token = None) -> None:
    """The saved charts."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show_page
    from datalab.contracts.model import PageRequest

    with connect(url, token) as client:
        page = client.viz.list_charts(PageRequest(limit=limit, cursor=cursor))
    show_page(page, FIELDS, as_json=json)


@app.command()
def delete(name: str, url: Url = None, token: Token = None) -> None:
    """Take a chart away."""
    from datalab.cli.connection import connect

    with connect(url, token) as client:
        client.viz.delete_chart(name)
