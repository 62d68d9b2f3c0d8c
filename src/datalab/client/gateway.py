"""The gateway over HTTP: signing in, accounts, keys, the registry and the audit trail."""

from urllib.parse import urlencode

from pydantic import SecretStr

from datalab.client.call import FIRST_PAGE, Call, body_of, body_with_secrets, page_params, params_of, segment
from datalab.client.transport import Transport
from datalab.contracts.gateway import (
    ApiKey,
    ApiKeyDraft,
    AuditEntry,
    AuditFilter,
    Instance,
    NewApiKey,
    PasswordChange,
    Session,
    Setup,
    Token,
    User,
    UserChange,
    UserDraft,
)
from datalab.contracts.identity import Identity
from datalab.contracts.model import Page, PageRequest

ANY_ENTRY = AuditFilter()
_AUTH = "/api/v1/auth"
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class GatewayClient:
    """:class:`~datalab.contracts.gateway.GatewayApi` over HTTP, and what needs no token yet."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def exchange_password(self, name: str, password: SecretStr) -> Token:
        """An access token for an account. Raises InvalidCredentials."""
        form = {"grant_type": "password", "username": name, "password": password.get_secret_value()}
        call = Call("gateway", "POST", f"{_AUTH}/token", json=urlencode(form).encode(), headers=_FORM)
        return await self._transport.fetch(call, Token)

    async def set_up(self, setup: Setup) -> User:
        """Make the first administrator. Raises SetupClosed."""
        call = Call("gateway", "POST", f"{_AUTH}/setup", json=body_with_secrets(setup))
        return await self._transport.fetch(call, User)

    async def me(self) -> Identity:
        """The caller."""
        return await self._transport.fetch(Call("gateway", "GET", f"{_AUTH}/me"), Identity)

    async def list_users(self, page: PageRequest = FIRST_PAGE) -> Page[User]:
        """Accounts by name."""
        return await self._transport.fetch(_get(f"{_AUTH}/users", page), Page[User])

    async def create_user(self, draft: UserDraft) -> User:
        """Make an account. Raises UserExists."""
        call = Call("gateway", "POST", f"{_AUTH}/users", json=body_with_secrets(draft))
        return await self._transport.fetch(call, User)

    async def change_user(self, user_id: str, change: UserChange) -> User:
        """Change an account. Raises UserNotFound, LastAdmin."""
        path = f"{_AUTH}/users/{segment(user_id)}"
        call = Call("gateway", "PATCH", path, json=body_with_secrets(change), repeatable=True)
        return await self._transport.fetch(call, User)

    async def delete_user(self, user_id: str) -> None:
        """Take an account away with its keys. Raises UserNotFound, LastAdmin."""
        path = f"{_AUTH}/users/{segment(user_id)}"
        await self._transport.read(Call("gateway", "DELETE", path))

    async def change_password(self, change: PasswordChange) -> None:
        """Give the caller a new password; all tokens given for the old one end. Raises InvalidInput."""
        await self._transport.read(Call("gateway", "PUT", f"{_AUTH}/me/password", json=body_with_secrets(change)))

    async def log_out(self) -> None:
        """Refuse the presented access token from now on; the session that it was given in ends too."""
        await self._transport.read(Call("gateway", "POST", f"{_AUTH}/logout"))

    async def list_sessions(self, user: str | None = None, page: PageRequest = FIRST_PAGE) -> Page[Session]:
        """The sessions of the caller, or of another ``user`` for an administrator. Raises Forbidden."""
        params = params_of(user=user) + page_params(page)
        return await self._transport.fetch(Call("gateway", "GET", f"{_AUTH}/sessions", params), Page[Session])

    async def end_session(self, session_id: str) -> None:
        """End a session of the caller's, or anybody's for an administrator. Raises SessionNotFound."""
        await self._transport.read(Call("gateway", "DELETE", f"{_AUTH}/sessions/{segment(session_id)}"))

    async def list_api_keys(self, page: PageRequest = FIRST_PAGE) -> Page[ApiKey]:
        """The caller's keys; an administrator sees all."""
        return await self._transport.fetch(_get(f"{_AUTH}/api-keys", page), Page[ApiKey])

    async def create_api_key(self, draft: ApiKeyDraft) -> NewApiKey:
        """Make a key of the caller's own."""
        call = Call("gateway", "POST", f"{_AUTH}/api-keys", json=body_of(draft))
        return await self._transport.fetch(call, NewApiKey)

    async def delete_api_key(self, key_id: str) -> None:
        """Revoke a key."""
        path = f"{_AUTH}/api-keys/{segment(key_id)}"
        await self._transport.read(Call("gateway", "DELETE", path))

    async def list_services(self) -> Page[Instance]:
        """Every instance of every service."""
        return await self._transport.fetch(Call("gateway", "GET", "/api/v1/services"), Page[Instance])

    async def list_audit(
        self,
        which: AuditFilter = ANY_ENTRY,
        page: PageRequest = FIRST_PAGE,
    ) -> Page[AuditEntry]:
        """The audit trail, newest first."""
        params = params_of(**which.model_dump(mode="json")) + page_params(page)
        return await self._transport.fetch(Call("gateway", "GET", "/api/v1/audit", params), Page[AuditEntry])


def _get(path: str, page: PageRequest) -> Call:
    return Call("gateway", "GET", path, params=page_params(page))
