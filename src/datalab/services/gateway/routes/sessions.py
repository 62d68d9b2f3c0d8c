"""Sessions of the console: a cookie that no script can read stands for the sign-in."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import SecretStr

from datalab.contracts.gateway import Session, SessionDraft, SessionKind
from datalab.contracts.identity import Caller, Identity, Role
from datalab.contracts.model import Page
from datalab.kernel.auth.require import CurrentCaller, public, requires
from datalab.kernel.http.context import CALLER, REQUEST_ID
from datalab.services.gateway.actions.sessions import SignIns
from datalab.services.gateway.model.session_cookie import cookie_with, cookie_without
from datalab.services.gateway.routes.accounts import SomeId
from datalab.services.gateway.routes.bound import ActionsFor, WantedPage, origin_of

SESSION_PATH = "/api/v1/auth/session"
WhoseSessions = Annotated[
    str | None,
    Query(max_length=64, pattern=r"^[^\x00]+$", description="An account's id; another's than one's own is for admins"),
]


def session_routes(sign_ins: SignIns, actions_for: ActionsFor) -> APIRouter:
    """The routes that open sessions, list them and end them."""
    router = APIRouter(prefix="/api/v1/auth", tags=["sign-in"])

    @router.post("/session", **public())
    async def open_session(draft: SessionDraft, request: Request, response: Response) -> Identity:
        """Sign in with a browser: who it is, and a cookie that stands for a bearer token until the session ends.

        Requests with the cookie that change something need the header `X-DataLab-Console: 1`.
        """
        opened = await sign_ins.open(draft.name, draft.password, SessionKind.BROWSER, origin_of(request))
        longest_s = int(sign_ins.terms.longest.total_seconds())
        response.headers["Set-Cookie"] = cookie_with(opened.secret, request.scope["scheme"], longest_s)
        response.headers["Cache-Control"] = "no-store"
        request.scope[CALLER] = Caller(
            identity=opened.issued.identity,
            token=SecretStr(opened.issued.token),
            request_id=request.scope[REQUEST_ID],
        )
        return opened.issued.identity

    @router.delete("/session", status_code=204, **requires(Role.VIEWER, "auth:read"))
    async def end_own_session(caller: CurrentCaller, request: Request, response: Response) -> None:
        """End the session that asks, and take its cookie away."""
        await actions_for(caller).end_own_session()
        response.headers["Set-Cookie"] = cookie_without(request.scope["scheme"])

    @router.get("/sessions", **requires(Role.VIEWER, "auth:read"))
    async def list_sessions(caller: CurrentCaller, page: WantedPage, user: WhoseSessions = None) -> Page[Session]:
        """The caller's sessions, oldest first; an administrator may ask for another's."""
        return await actions_for(caller).list_sessions(user, page)

    @router.delete("/sessions/{session_id}", status_code=204, **requires(Role.VIEWER, "auth:write"))
    async def end_session(session_id: SomeId, caller: CurrentCaller) -> None:
        """End a session of one's own; an administrator ends anybody's."""
        await actions_for(caller).end_session(session_id)

    _ = open_session, end_own_session, list_sessions, end_session
    return router
