"""The command line: ``datalab``."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from datalab.cli.commands import (
    charts,
    dashboards,
    dataset_contents,
    datasets,
    deploying,
    examining,
    jobs,
    models,
    predicting,
    query_history,
    querying,
    running,
    running_deployments,
    signing_in,
    tokens,
    training,
    uploading,
    users,
    walking,
)

app = typer.Typer(
    name="datalab",
    help="A data platform: upload, query, train, predict, run jobs and chart through one API.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        from datalab.cli.output import say

        say(version("datalab-stack"))
        raise typer.Exit


@app.callback()
def whole(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Take the options that come before any command."""


for module in (running, examining, walking, signing_in, querying, query_history, uploading, training, predicting):
    module.add_to(app)
dataset_contents.add_to(datasets.app)
app.add_typer(datasets.app, name="dataset")
app.add_typer(models.app, name="model")
app.add_typer(jobs.app, name="job")
app.add_typer(charts.app, name="chart")
app.add_typer(dashboards.app, name="dashboard")
app.add_typer(users.app, name="user")
app.add_typer(tokens.app, name="token")
running_deployments.add_to(deploying.app)
app.add_typer(deploying.app, name="deploy")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command. Ends the process: 0 done, 1 the request failed, 2 wrong usage."""
    try:
        app(args=None if arguments is None else list(arguments), prog_name="datalab")
    except BrokenPipeError:
        # Whoever read our output has enough.
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - what isn't known is raised again
        from datalab.cli.failure import explain

        sys.exit(explain(error))


if __name__ == "__main__":
    main()
