"""Training models."""

from typing import Annotated

import typer

from datalab.cli.options import Json, Token, Url, Wait


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(train)


def train(
    model: Annotated[str, typer.Argument(help="The model's name.")],
    *,
    target: Annotated[str, typer.Option("--target", help="The column to predict.")],
    dataset: Annotated[str | None, typer.Option("--dataset", help="Train on this dataset,")] = None,
    sql: Annotated[str | None, typer.Option("--sql", help="or on a query's answer.")] = None,
    task: Annotated[str | None, typer.Option("--task", help="classification or regression; else inferred.")] = None,
    feature: Annotated[list[str] | None, typer.Option("--feature", help="Use only these columns.")] = None,
    exclude: Annotated[list[str] | None, typer.Option("--exclude", help="Don't use this column.")] = None,
    holdout: Annotated[str | None, typer.Option("--holdout", help="A boolean column: evaluate on its rows.")] = None,
    alias: Annotated[str | None, typer.Option("--alias", help="Point this alias at the new version.")] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same model.")] = 0,
    wait: Wait = True,
    json: Json = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """Train a model as a job."""
    if (dataset is None) == (sql is None):
        raise typer.BadParameter("give either --dataset or --sql")
    from datalab.cli.connection import connect
    from datalab.cli.progress import finish

    with connect(url, token) as client:
        job = client.train(
            model,
            target=target,
            dataset=dataset,
            sql=sql,
            task=task,
            features=feature or (),
            exclude=exclude or (),
            holdout=holdout,
            alias=alias,
            seed=seed,
        )
        finish(client, job, wait=wait, as_json=json)
