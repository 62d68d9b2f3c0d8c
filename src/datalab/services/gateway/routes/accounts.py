"""Accounts and API keys."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Response

from datalab.contracts.gateway import ApiKey, ApiKeyDraft, NewApiKey, User, UserChange, UserDraft
from datalab.contracts.identity import Role
from datalab.contracts.model import Page
from datalab.kernel.auth.require import CurrentCaller, requires
from datalab.services.gateway.routes.bound import ActionsFor, WantedPage

IdempotencyKey = Annotated[str | None, Header(description="The same key with the same body makes it once")]

SomeId = Annotated[str, Path(max_length=64, pattern=r"^[^\x00]+$")]


def account_routes(actions_for: ActionsFor) -> APIRouter:
    """Accounts, for administrators."""
    router = APIRouter(prefix="/api/v1/auth/users", tags=["users"])

    @router.get("", **requires(Role.ADMIN, "auth:read"))
    async def list_users(caller: CurrentCaller, page: WantedPage) -> Page[User]:
        """Accounts by name."""
        return await actions_for(caller).list_users(page)

    @router.post("", status_code=201, **requires(Role.ADMIN, "auth:write"))
    async def create_user(draft: UserDraft, caller: CurrentCaller, idempotency_key: IdempotencyKey = None) -> User:
        """Make an account."""
        return await actions_for(caller).create_user(draft, idempotency_key)

    @router.patch("/{user_id}", **requires(Role.ADMIN, "auth:write"))
    async def change_user(user_id: SomeId, change: UserChange, caller: CurrentCaller) -> User:
        """Change an account's role or password, or disable it; its access tokens end at once."""
        return await actions_for(caller).change_user(user_id, change)

    @router.delete("/{user_id}", status_code=204, **requires(Role.ADMIN, "auth:write"))
    async def delete_user(user_id: SomeId, caller: CurrentCaller) -> None:
        """Take an account away with its keys."""
        await actions_for(caller).delete_user(user_id)

    _ = list_users, create_user, change_user, delete_user
    return router


def key_routes(actions_for: ActionsFor) -> APIRouter:
    """API keys: one's own; an administrator's view is of all."""
    router = APIRouter(prefix="/api/v1/auth/api-keys", tags=["API keys"])

    @router.get("", **requires(Role.VIEWER, "auth:read"))
    async def list_api_keys(caller: CurrentCaller, page: WantedPage) -> Page[ApiKey]:
        """The caller's keys; an administrator sees all."""
        return await actions_for(caller).list_api_keys(page)

    @router.post("", status_code=201, **requires(Role.VIEWER, "auth:write"))
    async def create_api_key(
        draft: ApiKeyDraft, caller: CurrentCaller, response: Response, idempotency_key: IdempotencyKey = None
    ) -> NewApiKey:
        """Make a key; its secret is in this answer and nowhere else."""
        response.headers["Cache-Control"] = "no-store"
        return await actions_for(caller).create_api_key(draft, idempotency_key)

    @router.delete("/{key_id}", status_code=204, **requires(Role.VIEWER, "auth:write"))
    async def delete_api_key(key_id: SomeId, caller: CurrentCaller) -> None:
        """Revoke a key."""
        await actions_for(caller).delete_api_key(key_id)

    _ = list_api_keys, create_api_key, delete_api_key
    return router
