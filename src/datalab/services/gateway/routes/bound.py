"""The gateway's actions, bound to the caller of a request."""

from collections.abc import Callable
from typing import Annotated, TypeAlias

from fastapi import Depends, Query, Request

from datalab.contracts.identity import Caller
from datalab.contracts.model import PageRequest
from datalab.services.gateway.actions.gateway import GatewayActions
from datalab.services.gateway.model.sessions import Origin

ActionsFor: TypeAlias = Callable[[Caller], GatewayActions]


def _page(
    limit: Annotated[int, Query(ge=1, le=1000)] = 100, cursor: Annotated[str | None, Query(max_length=512)] = None
) -> PageRequest:
    return PageRequest(limit=limit, cursor=cursor)


WantedPage = Annotated[PageRequest, Depends(_page)]


def origin_of(request: Request) -> Origin:
    """Where a sign-in comes from."""
    return Origin.of(request.client.host if request.client else None, request.headers.get("user-agent"))
