"""Uploading files."""

from pathlib import Path
from typing import Annotated

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
        dataset = client.upload(name, file, mode=mode, format=format, key=key or (), description=description)
    if json:
        say(dataset.model_dump_json())
        return
    say(f"{dataset.name} version {dataset.version}: {dataset.rows:,} rows, {len(dataset.columns)} columns")
