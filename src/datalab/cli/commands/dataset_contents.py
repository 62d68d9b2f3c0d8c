"""What is in a dataset, how its versions differ, and bringing back a deleted one."""

from typing import Annotated

import typer

from datalab.cli.options import Cursor, Json, Limit, Token, Url

FIELDS = ("name", "version", "rows", "bytes", "description", "created_by", "updated_at")
DELETED_FIELDS = ("name", "id", "rows", "deleted_by", "deleted_at", "kept_until")
PROFILE_FIELDS = ("name", "type", "count", "nulls", "distinct", "min", "max", "mean")
DIFF_FIELDS = ("from_version", "to_version", "rows_before", "rows_after", "added", "removed", "changed")


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (describe, deleted, undelete, profile, diff):
        app.command()(command)


def describe(name: str, description: str, json: Json = False, url: Url = None, token: Token = None) -> None:
    """Say what is in a dataset."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show
    from datalab.client.requests import made
    from datalab.contracts.data import DatasetChange

    with connect(url, token) as client:
        dataset = client.data.describe_dataset(name, made(DatasetChange, description=description))
    show(dataset, FIELDS, as_json=json)


def deleted(
    *, limit: Limit = 100, cursor: Cursor = None, json: Json = False, url: Url = None, token: Token = None
) -> None:
    """Deleted datasets that can be brought back."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show_page
    from datalab.contracts.model import PageRequest

    with connect(url, token) as client:
        page = client.data.list_deleted(PageRequest(limit=limit, cursor=cursor))
    show_page(page, DELETED_FIELDS, as_json=json)


def undelete(
    name: str,
    *,
    id: Annotated[str | None, typer.Option("--id", help="Which one, if not the one deleted last.")] = None,
    to: Annotated[str | None, typer.Option("--as", help="Under this name.")] = None,
    json: Json = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """Bring a deleted dataset back."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show
    from datalab.client.requests import made
    from datalab.contracts.data import Undelete

    with connect(url, token) as client:
        dataset = client.data.undelete(name, made(Undelete, id=id, name=to))
    show(dataset, FIELDS, as_json=json)


def profile(
    name: str,
    *,
    version: Annotated[int | None, typer.Option("--version", min=0, help="A past version.")] = None,
    json: Json = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """What is in each column of a dataset."""
    from datalab.cli.connection import connect
    from datalab.cli.output import say, show_rows

    with connect(url, token) as client:
        found = client.data.profile(name, version)
    if json:
        say(found.model_dump_json())
        return
    columns = (column.model_dump(mode="json") for column in found.columns)
    show_rows(PROFILE_FIELDS, ([column[field] for field in PROFILE_FIELDS] for column in columns))


def diff(
    name: str,
    *,
    since: Annotated[int | None, typer.Option("--from", min=0, help="The earlier version.")] = None,
    to: Annotated[int | None, typer.Option("--to", min=0, help="The later version.")] = None,
    key: Annotated[list[str] | None, typer.Option("--key", help="A column that identifies a row.")] = None,
    json: Json = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """How two versions of a dataset differ: the newest and the one before it, unless others are named."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show
    from datalab.client.requests import made
    from datalab.contracts.differences import Comparison

    comparison = made(Comparison, from_version=since, to_version=to, key=tuple(key or ()))
    with connect(url, token) as client:
        found = client.data.diff(name, comparison)
    show(found, DIFF_FIELDS, as_json=json)
