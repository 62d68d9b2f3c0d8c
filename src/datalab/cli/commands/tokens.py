"""API keys: minted on the host from the local state, listed and revoked through the API."""

from pathlib import Path
from typing import Annotated

import typer

from datalab.catalog import SERVICES
from datalab.cli.options import Cursor, Json, Limit, Token, Url

app = typer.Typer(no_args_is_help=True, help="API keys.")
DAY_S = 86400
KEY_FIELDS = ("id", "name", "role", "scopes", "owner", "created_at", "expires_at")


@app.command()
def create(
    *,
    role: Annotated[str, typer.Option("--role", help="viewer, editor or admin.")] = "viewer",
    name: Annotated[str, typer.Option("--name", help="What the key is for.")] = "made on the host",
    days: Annotated[float, typer.Option("--days", min=0.001, max=3650, help="How long it is good.")] = 90,
    home: Annotated[Path | None, typer.Option("--home", envvar="DATALAB_HOME", help="The state's folder.")] = None,
    json: Json = False,
) -> None:
    """Mint a key on the platform's own machine; needs no network and no credential but its files."""
    from datalab.cli.output import say
    from datalab.contracts.identity import Role
    from datalab.host.minting import create_admin_key

    if role not in tuple(Role):
        raise typer.BadParameter(f"{role!r} is none of {', '.join(Role)}", param_hint="--role")
    key = create_admin_key(home, Role(role), name, round(days * DAY_S))
    say(key.model_dump_json() if json else key.token)


@app.command()
def service(
    name: Annotated[str, typer.Argument(help="One of " + ", ".join(SERVICES) + ".")], *, json: Json = False
) -> None:
    """Print a service's own credential, its DATALAB_SERVICE_SECRET; needs the gateway's JWT_SECRET or its files."""
    from datalab.cli.output import say, show_json
    from datalab.host.minting import service_credential

    if name not in SERVICES:
        raise typer.BadParameter(f"{name!r} is none of {', '.join(SERVICES)}", param_hint="NAME")
    secret = service_credential(name).get_secret_value()
    if json:
        show_json({"service": name, "secret": secret})
    else:
        say(secret)


@app.command("list")
def list_(limit: Limit = 100, cursor: Cursor = None, json: Json = False, url: Url = None, token: Token = None) -> None:
    """Your keys; an administrator sees all."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show_page
    from datalab.contracts.model import PageRequest

    with connect(url, token) as client:
        page = client.gateway.list_api_keys(PageRequest(limit=limit, cursor=cursor))
    show_page(page, KEY_FIELDS, as_json=json)


@app.command()
def revoke(key_id: str, url: Url = None, token: Token = None) -> None:
    """Revoke a key."""
    from datalab.cli.connection import connect

    with connect(url, token) as client:
        client.gateway.delete_api_key(key_id)
