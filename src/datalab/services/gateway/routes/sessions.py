"""Sessions of the console: a cookie that no script can read stands for the sign-in."""

from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import SecretStr

from datalab.contracts.gateway import Session, SessionDraft, SessionKind
from datalab.contracts.identity import Caller, Identity, Role
from datalab.contracts.model import Page
from datalab.kernel.auth.require import public, requires
from datalab.kernel.http.context import CALLER, REQUEST_ID
from datalab.kernel.http.routes import service_router
from datalab.services.gateway.model.session_cookie import cookie_with, cookie_without
from datalab.services.gateway.routes.accounts import SomeId
from datalab.services.gateway.routes.bound import Actions, ToAll, WantedPage, origin_of

SESSION_PATH = "/api/v1/auth/session"
WhoseSessions = Annotated[
    str | None,
    Query(max_length=64, pattern=r"^[^\x00]+$", description="An account's id; another's than one's own is for admins"),
]

router = service_router("/api/v1/auth", "sign-in")


@router.post("/session", **public())
async def open_session(draft: SessionDraft, request: Request, response: Response, to_all: ToAll) -> Identity:
    """Sign in with a browser: who it is, and a cookie that stands for a bearer token until the session ends.

    Requests with the cookie that change something need the header `X-DataLab-Console: 1`.
    """
    sign_ins = to_all.sign_ins
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
async def end_own_session(actions: Actions, request: Request, response: Response) -> None:
    """End the session that asks, and take its cookie away."""
    await actions.end_own_session()
    response.headers["Set-Cookie"] = cookie_without(request.scope["scheme"])


@router.get("/sessions", **requires(Role.VIEWER, "auth:read"))
async def list_sessions(actions: Actions, page: WantedPage, user: WhoseSessions = None) -> Page[Session]:
    """The caller's sessions, oldest first; an administrator may ask for another's."""
    return await actions.list_sessions(user, page)


@router.delete("/sessions/{session_id}", status_code=204, **requires(Role.VIEWER, "auth:write"))
async def end_session(session_id: SomeId, actions: Actions) -> None:
    """End a session of one's own; an administrator ends anybody's."""
    await actions.end_session(session_id)
