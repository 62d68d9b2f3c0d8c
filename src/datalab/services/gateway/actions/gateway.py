"""The gateway for one caller."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from datalab.contracts.errors import Forbidden, InvalidInput
from datalab.contracts.gateway import (
    ApiKey,
    ApiKeyDraft,
    AuditEntry,
    AuditFilter,
    Instance,
    NewApiKey,
    PasswordChange,
    Session,
    SessionNotFound,
    User,
    UserChange,
    UserDraft,
    UserExists,
    UserNotFound,
)
from datalab.contracts.identity import Caller, Identity, Role, SubjectKind
from datalab.contracts.ids import new_id
from datalab.contracts.model import Page, PageRequest
from datalab.services.gateway.actions.recognise import Recognition
from datalab.services.gateway.model.accounts import HOST_NAME, Account, AccountKind, name_key
from datalab.services.gateway.model.api_keys import new_key
from datalab.services.gateway.model.cursor import cursor_after, key_of
from datalab.services.gateway.model.once import Once
from datalab.services.gateway.model.sessions import Terms, session_id_of
from datalab.services.gateway.ports import (
    AccountChange,
    Accounts,
    ApiKeys,
    AuditLog,
    PasswordHasher,
    Sessions,
    Standings,
)


class Instances(Protocol):
    """Knows what every instance last said of itself."""

    def instances(self) -> Sequence[Instance]:
        """All of them, without asking anybody."""
        ...


@dataclass(frozen=True, slots=True)
class GatewayParts:
    """What the actions work with."""

    accounts: Accounts
    keys: ApiKeys
    sessions: Sessions
    terms: Terms
    standings: Standings
    passwords: PasswordHasher
    audit: AuditLog
    registry: Instances
    recognition: Recognition


class GatewayActions:
    """Implements :class:`datalab.contracts.gateway.GatewayApi`."""

    def __init__(self, parts: GatewayParts, caller: Caller) -> None:
        self._parts = parts
        self._caller = caller.identity

    async def me(self) -> Identity:
        """The caller."""
        return self._caller

    async def list_users(self, page: PageRequest) -> Page[User]:
        """Accounts by name."""
        self._must_administer()
        found = await self._parts.accounts.list(key_of(page.cursor), page.limit + 1)
        shown = found[: page.limit]
        more = cursor_after(name_key(shown[-1].name)) if len(found) > page.limit else None
        return Page(items=tuple(account.shown() for account in shown), next_cursor=more)

    async def create_user(self, draft: UserDraft, idempotency_key: str | None = None) -> User:
        """Make an account. Raises UserExists, IdempotencyMismatch."""
        self._must_administer()
        if name_key(draft.name) == HOST_NAME:
            raise UserExists(f"name: {HOST_NAME} is the platform's own account")
        account = Account(
            id=new_id(),
            name=draft.name,
            kind=AccountKind.PERSON,
            role=draft.role,
            disabled=False,
            password_hash=await self._parts.passwords.hash(draft.password),
            version=1,
            created_at=datetime.now(UTC),
        )
        made = await self._parts.accounts.add(account, Once.of(self._caller.subject, idempotency_key, draft))
        return made.shown()

    async def change_user(self, user_id: str, change: UserChange) -> User:
        """Change an account; its tokens end with it. Raises UserNotFound, LastAdmin."""
        self._must_administer()
        hashed = None if change.password is None else await self._parts.passwords.hash(change.password)
        wanted = AccountChange(role=change.role, password_hash=hashed, disabled=change.disabled)
        if wanted == AccountChange():
            return (await self._account(user_id)).shown()
        account = await self._parts.accounts.change(user_id, wanted)
        self._parts.recognition.forget()
        return account.shown()

    async def change_password(self, change: PasswordChange) -> None:
        """Give the caller a new password; tokens given for the old one end. Raises InvalidInput."""
        if self._caller.kind is not SubjectKind.USER:
            raise Forbidden("a password is changed by the person who signed in with it, not by a key or a job")
        account = await self._account(self._caller.subject)
        if not await self._parts.passwords.verify(account.password_hash, change.current):
            raise InvalidInput("body.current: that is not the present password")
        hashed = await self._parts.passwords.hash(change.new)
        await self._parts.accounts.change(account.id, AccountChange(password_hash=hashed))
        self._parts.recognition.forget()

    async def delete_user(self, user_id: str) -> None:
        """Take an account away with its keys. Raises UserNotFound, LastAdmin."""
        self._must_administer()
        await self._parts.accounts.remove(user_id)
        self._parts.recognition.forget()

    async def log_out(self) -> None:
        """Refuse the presented access token from now on; the session that it was given in ends too."""
        session_id = session_id_of(self._caller)
        if session_id is not None:
            with suppress(SessionNotFound):
                await self._parts.sessions.remove(session_id, self._caller.subject)
        await self._parts.standings.revoke(self._caller.token_id, self._caller.expires_at)
        self._parts.recognition.forget()

    async def end_own_session(self) -> None:
        """End the session that the presented access token was given in. Raises SessionNotFound when there is none."""
        session_id = session_id_of(self._caller)
        if session_id is None:
            raise SessionNotFound("this call is not made in a session; POST /api/v1/auth/logout ends an access token")
        await self._end(session_id, self._caller.subject)

    async def list_sessions(self, user: str | None, page: PageRequest) -> Page[Session]:
        """The sessions of the caller, or of another ``user`` for an administrator. Raises Forbidden."""
        if user not in (None, self._caller.subject):
            self._must_administer()
        found = await self._parts.sessions.list(user or self._caller.subject, key_of(page.cursor), page.limit + 1)
        shown, current = found[: page.limit], session_id_of(self._caller)
        more = cursor_after(shown[-1].id) if len(found) > page.limit else None
        return Page(items=tuple(one.shown(self._parts.terms, current) for one in shown), next_cursor=more)

    async def end_session(self, session_id: str) -> None:
        """End a session of the caller's, or anybody's for an administrator. Raises SessionNotFound."""
        await self._end(session_id, self._whose())

    async def list_api_keys(self, page: PageRequest) -> Page[ApiKey]:
        """The caller's keys; an administrator sees all."""
        found = await self._parts.keys.list(self._whose(), key_of(page.cursor), page.limit + 1)
        shown = found[: page.limit]
        more = cursor_after(shown[-1].id) if len(found) > page.limit else None
        return Page(items=tuple(key.shown() for key in shown), next_cursor=more)

    async def create_api_key(self, draft: ApiKeyDraft, idempotency_key: str | None = None) -> NewApiKey:
        """Make a key of the caller's own, which can do no more than the caller.

        Asked again under the same idempotency key it is the same key with a new secret. Raises IdempotencyMismatch.
        """
        caller = self._caller
        if caller.kind is SubjectKind.JOB:
            raise Forbidden("a job can't make keys: they would outlive it")
        if not caller.role.covers(draft.role):
            raise Forbidden(f"role: {caller.name} is {caller.role.value}, so the key can't be {draft.role.value}")
        beyond = [scope for scope in draft.scopes if not caller.has_scope(scope)]
        if beyond:
            raise Forbidden(f"scopes: {', '.join(beyond)} is more than the credential that asks was given")
        key, secret = new_key(caller.subject, draft, datetime.now(UTC))
        made = await self._parts.keys.add(key, Once.of(caller.subject, idempotency_key, draft))
        self._parts.recognition.forget()
        return made.shown_once(secret)

    async def delete_api_key(self, key_id: str) -> None:
        """Revoke a key. Raises KeyNotFound, also for somebody else's."""
        await self._parts.keys.remove(key_id, self._whose())
        self._parts.recognition.forget()

    async def list_services(self) -> Page[Instance]:
        """Every instance of every service."""
        return Page(items=tuple(self._parts.registry.instances()), next_cursor=None)

    async def list_audit(self, which: AuditFilter, page: PageRequest) -> Page[AuditEntry]:
        """The audit trail, newest first."""
        self._must_administer()
        found = await self._parts.audit.list(which, key_of(page.cursor), page.limit + 1)
        shown = tuple(found[: page.limit])
        return Page(items=shown, next_cursor=cursor_after(shown[-1].id) if len(found) > page.limit else None)

    async def _account(self, account_id: str) -> Account:
        account = await self._parts.accounts.find(account_id)
        if account is None:
            raise UserNotFound(f"there is no user {account_id}")
        return account

    async def _end(self, session_id: str, owner: str | None) -> None:
        await self._parts.sessions.remove(session_id, owner)
        self._parts.recognition.forget()

    def _whose(self) -> str | None:
        return None if self._caller.role is Role.ADMIN else self._caller.subject

    def _must_administer(self) -> None:
        if self._caller.role is not Role.ADMIN:
            raise Forbidden(f"this needs the role admin; {self._caller.name} is {self._caller.role.value}")
