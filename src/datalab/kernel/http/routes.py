"""Routes are worked out once a process, where they are written, and served by every app that is given them.

To work one out costs about 2 ms of a processor, most of it for the schemas of what comes in and goes out. FastAPI's
``include_router`` does it again for each app, for an app may change what it includes; ours change nothing.
"""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.requests import HTTPConnection

from datalab.contracts.errors import Problem
from datalab.contracts.identity import Caller
from datalab.kernel.auth.require import CurrentCaller
from datalab.kernel.http.problems import MEDIA_TYPE

SCHEMAS = "#/components/schemas/"
_PROBLEM = {"description": "Problem", "content": {MEDIA_TYPE: {"schema": {"$ref": f"{SCHEMAS}{Problem.__name__}"}}}}


def service_router(prefix: str = "", tag: str | None = None) -> APIRouter:
    """Where routes are written: named after their functions, and each may answer a problem."""
    return APIRouter(
        prefix=prefix,
        tags=[] if tag is None else [tag],
        responses={"default": _PROBLEM},
        generate_unique_id_function=_operation_id,
    )


def serve(app: FastAPI, *routers: APIRouter) -> None:
    """Have the app serve the routers' routes, in this order, after those that it has."""
    for router in routers:
        app.router.routes.extend(router.routes)


def serve_actions(app: FastAPI, actions_for: Callable[[Caller], Any], *routers: APIRouter) -> None:
    """Have the app serve routes that call a caller's actions: those which ``actions_for`` gives."""
    app.state.actions_for = actions_for
    serve(app, *routers)


async def callers_actions(connection: HTTPConnection, caller: CurrentCaller) -> Any:
    """The actions of whoever calls: a dependency of routes, which say of what kind these are."""
    return connection.app.state.actions_for(caller)


def _operation_id(route: APIRoute) -> str:
    return route.name
