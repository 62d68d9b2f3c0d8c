"""Models."""

from typing import Annotated

import typer

from datalab.cli.options import Cursor, Json, Limit, Token, Url

app = typer.Typer(no_args_is_help=True, help="Models: their versions and aliases.")
FIELDS = ("name", "latest_version", "aliases", "task", "target", "updated_at")
VERSION_FIELDS = ("version", "algorithm", "engine", "metrics", "baseline", "aliases", "created_at")


@app.command("list")
def list_(limit: Limit = 100, cursor: Cursor = None, json: Json = False, url: Url = None, token: Token = None) -> None:
    """The models."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show_page
    from datalab.contracts.model import PageRequest

    with connect(url, token) as client:
        page = client.ai.list_models(PageRequest(limit=limit, cursor=cursor))
    show_page(page, FIELDS, as_json=json)


@app.command()
def get(
    name: str,
    *,
    version: Annotated[int | None, typer.Option("--version", min=1, help="This version with its card.")] = None,
    json: Json = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """One model, or one version of it."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show

    with connect(url, token) as client:
        if version is None:
            show(client.ai.get_model(name), FIELDS, as_json=json)
            return
        found = client.ai.get_model_version(name, version)
    show(found, ("model", *VERSION_FIELDS, "features", "card"), as_json=json)


@app.command()
def versions(
    name: str, *, limit: Limit = 100, cursor: Cursor = None, json: Json = False, url: Url = None, token: Token = None
) -> None:
    """A model's versions, newest first."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show_page
    from datalab.contracts.model import PageRequest

    with connect(url, token) as client:
        page = client.ai.list_model_versions(name, PageRequest(limit=limit, cursor=cursor))
    show_page(page, VERSION_FIELDS, as_json=json)


@app.command()
def alias(
    name: str,
    alias: Annotated[str, typer.Argument(help="Such as champion.")],
    version: Annotated[int, typer.Argument(min=1)],
    *,
    json: Json = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """Point an alias at a version."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show
    from datalab.contracts.ai import AliasTarget

    with connect(url, token) as client:
        found = client.ai.set_alias(name, alias, AliasTarget(version=version))
    show(found, ("alias", "version"), as_json=json)


@app.command()
def delete(name: str, url: Url = None, token: Token = None) -> None:
    """Take a model with its versions away."""
    from datalab.cli.connection import connect

    with connect(url, token) as client:
        client.ai.delete_model(name)
