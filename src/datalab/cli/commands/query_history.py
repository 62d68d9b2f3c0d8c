"""Queries that were run."""

from typing import Annotated

import typer

from datalab.cli.options import Cursor, Json, Limit, Token, Url

FIELDS = ("query_id", "state", "started_at", "elapsed_ms", "row_count", "by", "sql")
STATES = ("running", "succeeded", "failed", "cancelled")


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(queries)


def queries(
    *,
    state: Annotated[str | None, typer.Option("--state", help="One of " + ", ".join(STATES) + ".")] = None,
    search: Annotated[str | None, typer.Option("--search", help="Words in the text.")] = None,
    everybody: Annotated[bool, typer.Option("--everybody", help="Those of others too; for admins.")] = False,
    limit: Limit = 20,
    cursor: Cursor = None,
    json: Json = False,
    url: Url = None,
    token: Token = None,
) -> None:
    """Queries that you ran, the latest first."""
    from datalab.cli.connection import connect
    from datalab.cli.output import show_page
    from datalab.client.requests import made
    from datalab.contracts.data import QueryFilter
    from datalab.contracts.model import PageRequest

    if state is not None and state not in STATES:
        raise typer.BadParameter(f"{state!r} is none of {', '.join(STATES)}", param_hint="--state")
    wanted = made(QueryFilter, state=state, search=search, everybody=everybody)
    with connect(url, token) as client:
        page = client.data.list_queries(wanted, PageRequest(limit=limit, cursor=cursor))
    show_page(page, FIELDS, as_json=json)
