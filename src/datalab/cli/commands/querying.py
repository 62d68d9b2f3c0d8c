"""SQL questions."""

import sys
from typing import Annotated

import typer

from datalab.cli.options import Json, Output, Token, Url

FORMATS = ("csv", "tsv", "json", "ndjson", "parquet", "arrow")


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(query)


def query(
    sql: Annotated[str, typer.Argument(help="A query; - reads it from stdin.")],
    *,
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", help="Fills $name: name=value, the value JSON or text.")
    ] = None,
    max_rows: Annotated[int, typer.Option("--max-rows", min=1, help="Cut the answer there.")] = 1000,
    timeout_s: Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds.")] = 30,
    format: Annotated[
        str | None, typer.Option("--format", help="Stream it as " + ", ".join(FORMATS) + " instead.")
    ] = None,
    output: Output = None,
    json: Json = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """Ask a SQL question of the datasets."""
    from datalab.cli.connection import connect
    from datalab.cli.output import note, say, show_rows
    from datalab.cli.parameters import parameters
    from datalab.cli.streaming import write_stream
    from datalab.client.requests import made
    from datalab.contracts.data import DataFormat, QueryRequest

    if format is not None and format not in FORMATS:
        raise typer.BadParameter(f"{format!r} is none of {', '.join(FORMATS)}", param_hint="--format")
    request = made(
        QueryRequest,
        sql=sys.stdin.read() if sql == "-" else sql,
        params=parameters(param or []) or None,
        max_rows=max_rows,
        timeout_s=timeout_s,
        format=DataFormat.JSON if format is None else format,
    )
    with connect(url, token) as client:
        if format is not None or output is not None:
            with client.data.query_stream(request) as stream:
                write_stream(stream, output)
            return
        result = client.data.query(request)
    if json:
        say(result.model_dump_json())
        return
    show_rows([column.name for column in result.columns], result.rows)
    if result.truncated:
        note(f"cut after {result.row_count:,} rows; --max-rows asks for more")
