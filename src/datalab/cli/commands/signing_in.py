"""Signing in and out, and making the first administrator."""

from typing import Annotated

import typer

from datalab.cli.options import Json, Token, Url

_KEY_DAYS = 30


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(setup)
    app.command()(login)
    app.command()(logout)
    app.command()(whoami)


def setup(
    *,
    name: Annotated[str, typer.Option("--user", prompt="Name", help="The administrator's name.")],
    url: Url = None,
    json: Json = False,
) -> None:
    """Make the first administrator, with the code that the first start printed (asked for, with a password)."""
    from datalab.cli.connection import address
    from datalab.cli.output import show
    from datalab.cli.secret_input import ask_secret
    from datalab.client.requests import made
    from datalab.client.synchronous import Client
    from datalab.contracts.gateway import Setup

    code, password = ask_secret("Setup code"), ask_secret("New password")
    with Client(address(url)) as client:
        user = client.gateway.set_up(made(Setup, code=code, name=name, password=password))
    show(user, ("id", "name", "role"), as_json=json)


def login(
    *,
    name: Annotated[str, typer.Option("--user", prompt="Name", help="The account's name.")],
    url: Url = None,
    json: Json = False,
) -> None:
    """Sign in: the password is asked for, and a key of your own is kept in a file that only you can read."""
    from datalab.cli.connection import address
    from datalab.cli.output import say, show_json
    from datalab.cli.secret_input import ask_secret
    from datalab.cli.sign_in import sign_in

    chosen = address(url)
    path = sign_in(chosen, name, ask_secret("Password"), _KEY_DAYS)
    if json:
        show_json({"url": chosen, "user": name, "credentials": str(path)})
        return
    say(f"signed in to {chosen} as {name} for {_KEY_DAYS} days")


def logout(url: Url = None) -> None:
    """Sign out: the key is revoked and forgotten."""
    from datalab.cli.connection import address
    from datalab.cli.sign_in import sign_out

    sign_out(address(url))


def whoami(url: Url = None, token: Token = None, json: Json = False) -> None:
    """Who the platform takes you for."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show

    with connect(url, token) as client:
        identity = client.gateway.me()
    show(identity, ("name", "kind", "role", "scopes", "expires_at"), as_json=json)
