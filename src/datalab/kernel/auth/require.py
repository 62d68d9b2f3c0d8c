"""What a route requires of its caller, declared where the route is and shown in its OpenAPI operation."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, TypedDict

from fastapi import Depends
from fastapi.params import Depends as DependsParameter
from starlette.requests import HTTPConnection

from datalab.contracts.errors import Forbidden, Unauthenticated
from datalab.contracts.identity import Caller, Identity, Role

ROLE_KEY = "x-datalab-role"
SCOPE_KEY = "x-datalab-scope"
PUBLIC = "public"


class RouteOptions(TypedDict):
    """Keyword arguments of a FastAPI route decorator."""

    dependencies: Sequence[DependsParameter]
    openapi_extra: dict[str, Any]


async def current_caller(request: HTTPConnection) -> Caller:
    """The caller that authentication put on the request; async, for FastAPI runs plain functions in a thread."""
    caller = request.scope.get("datalab.caller")
    if not isinstance(caller, Caller):
        raise Unauthenticated("this needs a bearer token; get one from POST /api/v1/auth/token")
    return caller


CurrentCaller = Annotated[Caller, Depends(current_caller)]


def requires(role: Role, scope: str) -> RouteOptions:
    """The route is for callers whose role covers ``role`` and whose scopes hold ``scope``."""
    return RouteOptions(
        dependencies=[Depends(_check(role, scope))],
        openapi_extra={ROLE_KEY: role.value, SCOPE_KEY: scope, "security": [{"bearer": []}]},
    )


def public() -> RouteOptions:
    """The route is for everybody. Its path must be among the app's public paths too."""
    return RouteOptions(dependencies=[], openapi_extra={ROLE_KEY: PUBLIC, "security": []})


def check_rights(identity: Identity, role: Role, scope: str) -> None:
    """Raise Forbidden unless the identity's role covers ``role`` and its scopes hold ``scope``."""
    if not identity.role.covers(role):
        raise Forbidden(f"this needs the role {role.value}; {identity.name} is {identity.role.value}")
    if not identity.has_scope(scope):
        raise Forbidden(f"this needs the scope {scope}, which the credential was not given")


def _check(role: Role, scope: str) -> Callable[[HTTPConnection], Awaitable[None]]:
    async def check(request: HTTPConnection) -> None:
        caller = await current_caller(request)
        check_rights(caller.identity, role, scope)

    return check
