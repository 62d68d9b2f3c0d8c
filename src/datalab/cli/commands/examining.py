"""Saying what is wrong with a set-up."""

import os
from typing import Annotated

import typer

from datalab.cli.commands.running import Home
from datalab.cli.options import Json


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(
    *,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The one that `datalab up` would take.")] = 8000,
    home: Home = None,
    json: Json = False,
) -> None:
    """Say what is wrong with this set-up and how to mend it. Exit code 1 when something that is needed is broken."""
    import asyncio

    from datalab.cli.output import say, show_rows
    from datalab.host.doctor.examination import examine
    from datalab.host.doctor.setup import read_setup
    from datalab.kernel.telemetry.logs import configure_logs

    configure_logs("error", "console")
    if home is not None:
        os.environ["DATALAB_HOME"] = str(home)
    found = asyncio.run(examine(read_setup(os.environ, port)))
    if json:
        say(found.model_dump_json())
    else:
        columns = ("state", "check", "detail", "remedy")
        show_rows(columns, ([one.state.value, one.check, one.detail, one.remedy] for one in found.findings))
    if not found.healthy:
        raise typer.Exit(1)
