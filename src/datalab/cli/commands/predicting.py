"""Predictions."""

import sys
from typing import Annotated, Any

import typer

from datalab.cli.options import Json, Token, Url


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(predict)


def predict(
    model: Annotated[str, typer.Argument(help="The model's name.")],
    *,
    row: Annotated[
        list[str] | None, typer.Option("--row", help="A row as a JSON object; else rows from stdin, one a line.")
    ] = None,
    version: Annotated[int | None, typer.Option("--version", min=1, help="This version.")] = None,
    alias: Annotated[str | None, typer.Option("--alias", help="The version this alias points at.")] = None,
    json: Json = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """Predict for rows, by `champion` unless a version or alias is named, else by the latest version."""
    from datalab.cli.connection import connect
    from datalab.cli.output import say, show_rows
    from datalab.cli.parameters import json_object
    from datalab.contracts.ai import Prediction

    rows = [json_object(text, "--row") for text in row or [line for line in sys.stdin if line.strip()]]
    if not rows:
        raise typer.BadParameter("no rows were given", param_hint="--row")
    with connect(url, token) as client:
        found: Prediction = client.predict(model, rows, version=version, alias=alias)
    if json:
        say(found.model_dump_json())
        return
    show_rows(["prediction", *_classes(found)], _lines(found))


def _classes(found: Any) -> list[str]:
    return [f"p({one})" for one in found.classes or ()] if found.probabilities else []


def _lines(found: Any) -> list[list[Any]]:
    chances = found.probabilities or [()] * len(found.predictions)
    return [
        [value, *(f"{one:.4f}" for one in chance)] for value, chance in zip(found.predictions, chances, strict=True)
    ]
