"""Accounts."""

from typing import Annotated

import typer

from datalab.cli.options import Cursor, Json, Limit, Token, Url

app = typer.Typer(no_args_is_help=True, help="Accounts, for administrators.")
FIELDS = ("id", "name", "role", "disabled", "created_at")
Role = Annotated[str | None, typer.Option("--role", help="viewer, editor or admin.")]


@app.command()
def create(name: str, role: Role = "viewer", json: Json = False, url: Url = None, token: Token = None) -> None:
    """Make an account; its password is asked for, or read from stdin."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show
    from datalab.cli.secret_input import ask_secret
    from datalab.client.requests import made
    from datalab.contracts.gateway import UserDraft

    draft = made(UserDraft, name=name, role=role, password=ask_secret("New password"))
    with connect(url, token) as client:
        user = client.gateway.create_user(draft)
    show(user, FIELDS, as_json=json)


@app.command("list")
def list_(limit: Limit = 100, cursor: Cursor = None, json: Json = False, url: Url = None, token: Token = None) -> None:
    """The accounts."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show_page
    from datalab.contracts.model import PageRequest

    with connect(url, token) as client:
        page = client.gateway.list_users(PageRequest(limit=limit, cursor=cursor))
    show_page(page, FIELDS, as_json=json)


@app.command()
def change(
    user_id: str,
    *,
    role: Role = None,
    password: Annotated[bool, typer.Option("--password", help="Ask for a new one.")] = False,
    disable: Annotated[bool | None, typer.Option("--disable/--enable", help="Whether it may sign in.")] = None,
    json: Json = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """Change an account's role or password, or disable it."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show
    from datalab.cli.secret_input import ask_secret
    from datalab.client.requests import made
    from datalab.contracts.gateway import UserChange

    new_password = ask_secret("New password") if password else None
    wanted = made(UserChange, role=role, password=new_password, disabled=disable)
    with connect(url, token) as client:
        user = client.gateway.change_user(user_id, wanted)
    show(user, FIELDS, as_json=json)


@app.command()
def delete(user_id: str, url: Url = None, token: Token = None) -> None:
    """Take an account away with its keys."""
    from datalab.cli.connection import connect

    with connect(url, token) as client:
        client.gateway.delete_user(user_id)
