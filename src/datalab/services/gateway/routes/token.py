"""Signing in and out, and the first administrator."""

from fastapi import APIRouter, Request, Response
from pydantic import SecretStr

from datalab.contracts.errors import PlatformError
from datalab.contracts.gateway import PasswordChange, Setup, Token, User
from datalab.contracts.identity import Caller, Identity, Role
from datalab.kernel.auth.require import CurrentCaller, public, requires
from datalab.kernel.http.context import CALLER, REQUEST_ID
from datalab.services.gateway.actions.grant import grant
from datalab.services.gateway.actions.issue import Issuer
from datalab.services.gateway.actions.set_up import FirstRun
from datalab.services.gateway.routes.bound import ActionsFor
from datalab.services.gateway.routes.token_errors import token_refusal
from datalab.services.gateway.routes.token_request import BODY, token_request

TOKEN_PATH = "/api/v1/auth/token"  # noqa: S105 # a path
SETUP_PATH = "/api/v1/auth/setup"


def token_routes(issuer: Issuer, first_run: FirstRun, actions_for: ActionsFor) -> APIRouter:
    """The routes that give tokens and take them back."""
    router = APIRouter(prefix="/api/v1/auth", tags=["sign-in"])

    @router.post("/token", response_model=Token, openapi_extra=public()["openapi_extra"] | {"requestBody": BODY})
    async def create_token(request: Request, response: Response) -> Token | Response:
        """An access token for a password, an API key, or a service that acts for a job's owner."""
        response.headers["Cache-Control"] = "no-store"
        try:
            issued = await grant(issuer, await token_request(request))
        except PlatformError as error:
            return token_refusal(error, request.scope[REQUEST_ID])
        request.scope[CALLER] = Caller(
            identity=issued.identity, token=SecretStr(issued.token), request_id=request.scope[REQUEST_ID]
        )
        return issued.as_token()

    @router.post("/setup", status_code=201, **public())
    async def set_up(setup: Setup) -> User:
        """Make the first administrator with the one-time code that the first start printed."""
        return await first_run.set_up(setup)

    @router.post("/logout", status_code=204, **requires(Role.VIEWER, "auth:read"))
    async def log_out(caller: CurrentCaller) -> None:
        """Refuse the presented access token from now on; an API key itself stays good."""
        await actions_for(caller).log_out()

    @router.get("/me", **requires(Role.VIEWER, "auth:read"))
    async def get_me(caller: CurrentCaller) -> Identity:
        """Who the presented credential belongs to."""
        return await actions_for(caller).me()

    @router.put("/me/password", status_code=204, **requires(Role.VIEWER, "auth:write"))
    async def change_password(change: PasswordChange, caller: CurrentCaller) -> None:
        """Give oneself a new password; all tokens given for the old one end."""
        await actions_for(caller).change_password(change)

    _ = create_token, set_up, log_out, get_me, change_password
    return router
