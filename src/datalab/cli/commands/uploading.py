"""Uploading files."""

from json import loads
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from datalab.cli.options import Json, Token, Url

DATASET_FIELDS = ("name", "version", "rows", "bytes", "columns", "description", "updated_at")
MODES = ("create", "append", "replace", "upsert")


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(upload)


def upload(
    name: Annotated[str, typer.Argument(help="The dataset.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, TSV, NDJSON, JSON, Parquet, Arrow.")],
    *,
    mode: Annotated[str, typer.Option("--mode", help="One of " + ", ".join(MODES) + ".")] = "create",
    format: Annotated[str | None, typer.Option("--format", help="When the file's name doesn't say.")] = None,
    key: Annotated[list[str] | None, typer.Option("--key", help="For upsert: a column that identifies a row.")] = None,
    description: Annotated[str | None, typer.Option("--description", help="What is in it.")] = None,
    columns: Annotated[
        str | None, typer.Option("--columns", help='Those to keep: JSON such as [{"source":"A","name":"a"}].')
    ] = None,
    json: Json = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """Publish a file as the next version of a dataset."""
    from datalab.cli.connection import connect
    from datalab.cli.output import say

    if mode not in MODES:
        raise typer.BadParameter(f"{mode!r} is none of {', '.join(MODES)}", param_hint="--mode")
    with connect(url, token) as client:
        dataset = client.upload(
            name, file, mode=mode, format=format, key=key or (), description=description, columns=_columns(columns)
        )
    if json:
        say(dataset.model_dump_json())
        return
    say(f"{dataset.name} version {dataset.version}: {dataset.rows:,} rows, {len(dataset.columns)} columns")


def _columns(text: str | None) -> list[Any]:
    if text is None:
        return []
    try:
        given = loads(text)
    except ValueError as error:
        raise typer.BadParameter(f"no JSON: {error}", param_hint="--columns") from error
    if not isinstance(given, list):
        raise typer.BadParameter('write [{"source": "A", "name": "a", "type": "DATE"}]', param_hint="--columns")
    return cast("list[Any]", given)
