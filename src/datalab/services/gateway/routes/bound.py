"""What the gateway's routes are given: the actions of a request's caller, or what serves those who are nobody yet."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from fastapi import Depends, FastAPI, Query, Request

from datalab.contracts.model import PageRequest
from datalab.kernel.http.readiness import ReadinessReport
from datalab.kernel.http.routes import callers_actions
from datalab.services.gateway.actions.api_document import ApiDocument
from datalab.services.gateway.actions.gateway import GatewayActions
from datalab.services.gateway.actions.issue import Issuer
from datalab.services.gateway.actions.sessions import SignIns
from datalab.services.gateway.actions.set_up import FirstRun
from datalab.services.gateway.model.sessions import Origin

Actions: TypeAlias = Annotated[GatewayActions, Depends(callers_actions)]


@dataclass(frozen=True, slots=True)
class Open:
    """What is open to everybody: ways to sign in, keys, health (``probe``: of a service), documents."""

    issuer: Issuer
    sign_ins: SignIns
    first_run: FirstRun
    keys: Mapping[str, Any]
    probe: Callable[[str], Awaitable[ReadinessReport]]
    document: ApiDocument


def give_open(app: FastAPI, given: Open) -> None:
    """Have the app's routes use this."""
    app.state.open = given


async def _open(request: Request) -> Open:
    return request.app.state.open


ToAll: TypeAlias = Annotated[Open, Depends(_open)]


async def _page(
    limit: Annotated[int, Query(ge=1, le=1000)] = 100, cursor: Annotated[str | None, Query(max_length=512)] = None
) -> PageRequest:
    return PageRequest(limit=limit, cursor=cursor)


WantedPage = Annotated[PageRequest, Depends(_page)]


def origin_of(request: Request) -> Origin:
    """Where a sign-in comes from."""
    return Origin.of(request.client.host if request.client else None, request.headers.get("user-agent"))
