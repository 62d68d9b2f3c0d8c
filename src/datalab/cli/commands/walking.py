"""The main job on real data."""

from typing import Annotated

import typer

from datalab.cli.options import Json, Token, Url


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(demo)
    app.command()(quickstart)


def demo(url: Url = None, token: Token = None, json: Json = False) -> None:
    """Load the flights of 2013 and walk the main job, every answer checked; starts a platform when none is there."""
    from datalab.cli.demo.walk import walk

    raise typer.Exit(walk(url, token, as_json=json))


def quickstart(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 picks a free one.")] = 8000,
) -> None:
    """Start the platform, walk the main job, go on serving until Ctrl-C."""
    from datalab.cli.demo.quickstart import run

    raise typer.Exit(run(port))
