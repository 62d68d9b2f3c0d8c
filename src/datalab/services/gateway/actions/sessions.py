"""Sign-ins that last: opening a session, and going on with one."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import SecretStr

from datalab.contracts.errors import Unavailable
from datalab.contracts.gateway import SessionKind
from datalab.services.gateway.actions.issue import Issued, Issuer
from datalab.services.gateway.model.sessions import Origin, Terms, new_session
from datalab.services.gateway.ports import Sessions


@dataclass(frozen=True, slots=True)
class Opened:
    """An access token and the secret of the session that it was given in."""

    issued: Issued
    secret: str


class SignIns:
    """Opens sessions and goes on with them."""

    def __init__(self, issuer: Issuer, sessions: Sessions, terms: Terms) -> None:
        self._issuer = issuer
        self._sessions = sessions
        self.terms = terms

    async def open(self, name: str, password: SecretStr, kind: SessionKind, origin: Origin) -> Opened:
        """A session for a person. Raises InvalidCredentials."""
        account = await self._issuer.authenticate(name, password)
        session, secret = new_session(account.id, kind, origin, datetime.now(UTC))
        await self._sessions.add(session, account.version)
        return Opened(self._issuer.for_session(session, account, session.ends_at(self.terms)), secret)

    async def resume(self, digest: str) -> Issued:
        """An access token for a browser's session. Raises InvalidCredentials."""
        found = await self._sessions.find(digest)
        now = datetime.now(UTC)
        if found is None or found[0].kind is not SessionKind.BROWSER or not found[0].lives(now, self.terms):
            raise self._issuer.refused("the session has ended; sign in again")
        session, account = found
        if account.disabled:
            raise self._issuer.refused("the account is disabled")
        if session.seen_long_ago(now):
            # Being seen is worth less than being served, as when the disk is full.
            with suppress(Unavailable):
                await self._sessions.seen(session.id, now)
        return self._issuer.for_session(session, account, session.created_at + self.terms.longest)
