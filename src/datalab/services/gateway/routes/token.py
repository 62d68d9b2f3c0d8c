"""Signing in and out, and the first administrator."""

from typing import Annotated

from fastapi import Header, Request, Response
from pydantic import SecretStr

from datalab.contracts.errors import PlatformError
from datalab.contracts.gateway import PasswordChange, Setup, Token, User
from datalab.contracts.identity import Caller, Identity, Role
from datalab.kernel.auth.require import public, requires
from datalab.kernel.http.context import CALLER, REQUEST_ID
from datalab.kernel.http.routes import service_router
from datalab.services.gateway.actions.grant import grant
from datalab.services.gateway.actions.sessions import Asking
from datalab.services.gateway.model.sessions import SHORTEST_KEY
from datalab.services.gateway.routes.bound import Actions, ToAll, origin_of
from datalab.services.gateway.routes.token_errors import token_refusal
from datalab.services.gateway.routes.token_request import BODY, token_request

TOKEN_PATH = "/api/v1/auth/token"  # noqa: S105 # a path
RefreshKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=SHORTEST_KEY,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="A random one, sent again with the same refresh token within a minute, gives a lost answer again",
    ),
]
SETUP_PATH = "/api/v1/auth/setup"

router = service_router("/api/v1/auth", "sign-in")


@router.post("/token", response_model=Token, openapi_extra=public()["openapi_extra"] | {"requestBody": BODY})
async def create_token(
    request: Request, response: Response, to_all: ToAll, idempotency_key: RefreshKey = None
) -> Token | Response:
    """An access token for a password, a refresh token, an API key, or a service that acts for a job's owner.

    A refresh token is good once: when it comes a second time, all that its sign-in was given ends.
    """
    response.headers["Cache-Control"] = "no-store"
    asking = Asking(origin_of(request), request.scope[REQUEST_ID], idempotency_key)
    try:
        granted = await grant(to_all.issuer, to_all.sign_ins, await token_request(request), asking)
    except PlatformError as error:
        return token_refusal(error, request.scope[REQUEST_ID])
    request.scope[CALLER] = Caller(
        identity=granted.issued.identity,
        token=SecretStr(granted.issued.token),
        request_id=request.scope[REQUEST_ID],
    )
    return granted.issued.as_token(granted.refresh_token)


@router.post("/setup", status_code=201, **public())
async def set_up(setup: Setup, to_all: ToAll) -> User:
    """Make the first administrator with the one-time code that the first start printed."""
    return await to_all.first_run.set_up(setup)


@router.post("/logout", status_code=204, **requires(Role.VIEWER, "auth:read"))
async def log_out(actions: Actions) -> None:
    """Refuse the presented access token from now on; an API key itself stays good."""
    await actions.log_out()


@router.get("/me", **requires(Role.VIEWER, "auth:read"))
async def get_me(actions: Actions) -> Identity:
    """Who the presented credential belongs to."""
    return await actions.me()


@router.put("/me/password", status_code=204, **requires(Role.VIEWER, "auth:write"))
async def change_password(change: PasswordChange, actions: Actions) -> None:
    """Give oneself a new password; all tokens given for the old one end."""
    await actions.change_password(change)
