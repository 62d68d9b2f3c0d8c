"""Sign-ins that last: opening a session, and going on with one."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from pydantic import SecretStr

from datalab.contracts.errors import Unavailable
from datalab.contracts.gateway import AuditEntry, InvalidCredentials, SessionKind
from datalab.contracts.ids import new_id
from datalab.services.gateway.actions.issue import Issued, Issuer
from datalab.services.gateway.model.accounts import Account
from datalab.services.gateway.model.api_keys import digest_of
from datalab.services.gateway.model.sessions import (
    Origin,
    StoredSession,
    Terms,
    new_refresh_token,
    new_session,
    refresh_token_after,
)
from datalab.services.gateway.ports import AuditLog, RefreshTokens, Rotation, Sessions


@dataclass(frozen=True, slots=True)
class Opened:
    """An access token and the secret of the session that it was given in."""

    issued: Issued
    secret: str


@dataclass(frozen=True, slots=True)
class Asking:
    """The request for a token: where it came from, its id, and its idempotency key if it has one."""

    origin: Origin
    request_id: str
    key: str | None


class SignIns:
    """Opens sessions and goes on with them."""

    def __init__(
        self, issuer: Issuer, sessions: Sessions, refresh_tokens: RefreshTokens, audit: AuditLog, terms: Terms
    ) -> None:
        self._issuer = issuer
        self._sessions = sessions
        self._refresh_tokens = refresh_tokens
        self._audit = audit
        self.terms = terms

    async def open(self, name: str, password: SecretStr, kind: SessionKind, origin: Origin) -> Opened:
        """A session for a person. Raises InvalidCredentials."""
        account = await self._issuer.authenticate(name, password)
        session, secret = new_session(account.id, kind, origin, datetime.now(UTC))
        await self._sessions.add(session, account.version)
        return Opened(self._token(session, account), secret)

    async def resume(self, digest: str) -> Issued:
        """An access token for a browser's session. Raises InvalidCredentials."""
        found = await self._sessions.find(digest)
        now = datetime.now(UTC)
        if found is None or found[0].kind is not SessionKind.BROWSER or not found[0].lives(now, self.terms):
            raise self._issuer.refused("the session has ended; sign in again")
        session, account = found
        if session.seen_long_ago(now):
            # Being seen is worth less than being served, as when the disk is full.
            with suppress(Unavailable):
                await self._sessions.seen(session.id, now)
        return self._token(session, account)

    async def refresh(self, presented: SecretStr, asking: Asking) -> Opened:
        """An access token and a refresh token in place of this one.

        Raises:
            InvalidCredentials: It isn't good, or was used before, upon which its whole session ends.
        """
        token = presented.get_secret_value()
        after = new_refresh_token() if asking.key is None else refresh_token_after(token, asking.key)
        now = datetime.now(UTC)
        rotation = await self._refresh_tokens.rotate(digest_of(token), digest_of(after), now, self.terms)
        if rotation is None:
            raise self._issuer.refused("the refresh token is unknown, or its sign-in has ended; sign in again")
        if rotation.reused:
            raise await self._theft(rotation, asking, now)
        return Opened(self._token(rotation.session, rotation.account), after)

    def _token(self, session: StoredSession, account: Account) -> Issued:
        return self._issuer.for_session(session, account, session.created_at + self.terms.longest)

    async def _theft(self, rotation: Rotation, asking: Asking, now: datetime) -> InvalidCredentials:
        session, account = rotation.session, rotation.account
        entry = AuditEntry(
            id=new_id(),
            at=now,
            service="gateway",
            subject=account.id,
            name=account.name,
            actor=None,
            action="refresh token used twice",
            resource=f"/api/v1/auth/sessions/{session.id}",
            outcome="refused",
            status=HTTPStatus.UNAUTHORIZED.value,
            address=asking.origin.address,
            request_id=asking.request_id,
        )
        await self._audit.keep([entry])
        return self._issuer.refused(
            "the refresh token was used before, so all that its sign-in was given has ended; sign in again"
        )
