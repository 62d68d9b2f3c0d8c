"""Datasets."""

from typing import Annotated

import typer

from datalab.cli.options import Cursor, Json, Limit, Output, Token, Url

app = typer.Typer(no_args_is_help=True, help="Datasets: their versions and rows.")
FIELDS = ("name", "version", "rows", "bytes", "description", "created_by", "updated_at")
VERSION_FIELDS = ("version", "operation", "rows", "bytes", "created_by", "created_at")
FORMATS = ("json", "ndjson", "csv", "tsv", "arrow", "parquet")


@app.command("list")
def list_(limit: Limit = 100, cursor: Cursor = None, json: Json = False, url: Url = None, token: Token = None) -> None:
    """The datasets that you may see."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show_page
    from datalab.contracts.model import PageRequest

    with connect(url, token) as client:
        page = client.data.list_datasets(PageRequest(limit=limit, cursor=cursor))
    show_page(page, FIELDS, as_json=json)


@app.command()
def get(name: str, json: Json = False, url: Url = None, token: Token = None) -> None:
    """One dataset with its columns."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show

    with connect(url, token) as client:
        dataset = client.data.get_dataset(name)
    show(dataset, (*FIELDS, "columns"), as_json=json)


@app.command()
def delete(name: str, url: Url = None, token: Token = None) -> None:
    """Take a dataset away."""
    from datalab.cli.connection import connect

    with connect(url, token) as client:
        client.data.delete_dataset(name)


@app.command()
def versions(
    name: str, *, limit: Limit = 100, cursor: Cursor = None, json: Json = False, url: Url = None, token: Token = None
) -> None:
    """A dataset's versions, newest first."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show_page
    from datalab.contracts.model import PageRequest

    with connect(url, token) as client:
        page = client.data.list_versions(name, PageRequest(limit=limit, cursor=cursor))
    show_page(page, VERSION_FIELDS, as_json=json)


@app.command()
def restore(name: str, version: int, json: Json = False, url: Url = None, token: Token = None) -> None:
    """Make a past version's content the newest one."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show

    with connect(url, token) as client:
        dataset = client.data.restore(name, version)
    show(dataset, FIELDS, as_json=json)


@app.command()
def rows(
    name: str,
    *,
    where: Annotated[list[str] | None, typer.Option("--where", help="A filter, such as distance=gt.500.")] = None,
    select: Annotated[str | None, typer.Option("--select", help="Columns, comma-separated.")] = None,
    order: Annotated[str | None, typer.Option("--order", help="Such as distance.desc,carrier.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="At most so many.")] = 100,
    offset: Annotated[int, typer.Option("--offset", min=0, help="Skip so many.")] = 0,
    version: Annotated[int | None, typer.Option("--version", min=0, help="A past version.")] = None,
    format: Annotated[str, typer.Option("--format", help="One of " + ", ".join(FORMATS) + ".")] = "csv",
    output: Output = None,
    json: Json = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """A page of a dataset's rows."""
    from datalab.cli.connection import connect
    from datalab.cli.streaming import write_stream
    from datalab.client.requests import made
    from datalab.contracts.data import RowsRequest

    if format not in FORMATS:
        raise typer.BadParameter(f"{format!r} is none of {', '.join(FORMATS)}", param_hint="--format")
    request = made(
        RowsRequest,
        select=select,
        order=order,
        filters=tuple(_filter(text) for text in where or ()),
        limit=limit,
        offset=offset,
        version=version,
        format="json" if json else format,
    )
    with connect(url, token) as client, client.data.rows_stream(name, request) as stream:
        write_stream(stream, output)


def _filter(text: str) -> tuple[str, str]:
    column, equals, condition = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r} is not column=operator.value", param_hint="--where")
    return column, condition
