"""Accounts and API keys."""

from typing import Annotated

from fastapi import Header, Path, Response

from datalab.contracts.gateway import ApiKey, ApiKeyDraft, NewApiKey, User, UserChange, UserDraft
from datalab.contracts.identity import Role
from datalab.contracts.model import Page
from datalab.kernel.auth.require import requires
from datalab.kernel.http.routes import service_router
from datalab.services.gateway.routes.bound import Actions, WantedPage

IdempotencyKey = Annotated[str | None, Header(description="The same key with the same body makes it once")]
SomeId = Annotated[str, Path(max_length=64, pattern=r"^[^\x00]+$")]

accounts = service_router("/api/v1/auth/users", "users")
"""Accounts, for administrators."""
keys = service_router("/api/v1/auth/api-keys", "API keys")
"""API keys: one's own; an administrator's view is of all."""


@accounts.get("", **requires(Role.ADMIN, "auth:read"))
async def list_users(actions: Actions, page: WantedPage) -> Page[User]:
    """Accounts by name."""
    return await actions.list_users(page)


@accounts.post("", status_code=201, **requires(Role.ADMIN, "auth:write"))
async def create_user(draft: UserDraft, actions: Actions, idempotency_key: IdempotencyKey = None) -> User:
    """Make an account."""
    return await actions.create_user(draft, idempotency_key)


@accounts.patch("/{user_id}", **requires(Role.ADMIN, "auth:write"))
async def change_user(user_id: SomeId, change: UserChange, actions: Actions) -> User:
    """Change an account's role or password, or disable it; its access tokens end at once."""
    return await actions.change_user(user_id, change)


@accounts.delete("/{user_id}", status_code=204, **requires(Role.ADMIN, "auth:write"))
async def delete_user(user_id: SomeId, actions: Actions) -> None:
    """Take an account away with its keys."""
    await actions.delete_user(user_id)


@keys.get("", **requires(Role.VIEWER, "auth:read"))
async def list_api_keys(actions: Actions, page: WantedPage) -> Page[ApiKey]:
    """The caller's keys; an administrator sees all."""
    return await actions.list_api_keys(page)


@keys.post("", status_code=201, **requires(Role.VIEWER, "auth:write"))
async def create_api_key(
    draft: ApiKeyDraft, actions: Actions, response: Response, idempotency_key: IdempotencyKey = None
) -> NewApiKey:
    """Make a key; its secret is in this answer and nowhere else."""
    response.headers["Cache-Control"] = "no-store"
    return await actions.create_api_key(draft, idempotency_key)


@keys.delete("/{key_id}", status_code=204, **requires(Role.VIEWER, "auth:write"))
async def delete_api_key(key_id: SomeId, actions: Actions) -> None:
    """Revoke a key."""
    await actions.delete_api_key(key_id)
