"""Sessions: a sign-in that lasts, of which only the digest of its present secret is kept."""

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from datalab.contracts.gateway import Session, SessionKind
from datalab.contracts.identity import Identity, SubjectKind
from datalab.contracts.ids import new_id
from datalab.services.gateway.model.api_keys import digest_of

AT_MOST = 100
"""Sessions of one kind that an account has at once; of more, those unused for longest end."""
SPARED = timedelta(minutes=15)
"""Sessions used since then don't end so: as long as access tokens live unless set otherwise."""
LOST_ANSWER = timedelta(seconds=60)
"""For how long a refresh token may come again from who knows the idempotency key that it came with."""
SHORTEST_KEY = 32
"""Characters of an idempotency key that nobody guesses, such as a UUID."""
REFRESH_MARK = "dlr_"
SEEN_EVERY = timedelta(seconds=60)
"""How exactly it is known when a session was last used."""
_SECRET_BYTES = 32
_ADDRESS, _USER_AGENT = 64, 256


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a session lasts: when it isn't used, and at most."""

    idle: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a sign-in came from, as far as it told."""

    address: str | None
    user_agent: str | None

    @classmethod
    def of(cls, address: str | None, user_agent: str | None) -> Self:
        """Cut to what is kept."""
        shown = "".join(one for one in user_agent or "" if one.isprintable())[:_USER_AGENT]
        return cls(address[:_ADDRESS] if address else None, shown or None)


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as it is kept."""

    id: str
    owner: str
    kind: SessionKind
    digest: str
    created_at: datetime
    seen_at: datetime
    origin: Origin

    def ends_at(self, terms: Terms) -> datetime:
        """When it ends if it isn't used again."""
        return min(self.created_at + terms.longest, self.seen_at + terms.idle)

    def lives(self, now: datetime, terms: Terms) -> bool:
        """Whether it has not ended."""
        return now < self.ends_at(terms)

    def seen_long_ago(self, now: datetime) -> bool:
        """Whether that it is used now is worth writing down."""
        return now - self.seen_at >= SEEN_EVERY

    def shown(self, terms: Terms, current: str | None) -> Session:
        """The session without its digest; ``current`` is the id of the one that asks."""
        return Session(
            id=self.id,
            owner=self.owner,
            kind=self.kind,
            created_at=self.created_at,
            seen_at=self.seen_at,
            expires_at=self.ends_at(terms),
            address=self.origin.address,
            user_agent=self.origin.user_agent,
            current=self.id == current,
        )


def new_session(owner: str, kind: SessionKind, origin: Origin, now: datetime) -> tuple[StoredSession, str]:
    """A session and its secret."""
    secret = new_refresh_token() if kind is SessionKind.PROGRAM else secrets.token_urlsafe(_SECRET_BYTES)
    return StoredSession(new_id(), owner, kind, digest_of(secret), now, now, origin), secret


def new_refresh_token() -> str:
    """A refresh token."""
    return REFRESH_MARK + secrets.token_urlsafe(_SECRET_BYTES)


def refresh_token_after(token: str, key: str) -> str:
    """The refresh token that follows ``token`` for the client that asked under the idempotency key ``key``.

    It is the same each time, so that an answer that was lost can be given again. Who has stolen only the token can't
    know it.
    """
    made = hmac.digest(token.encode(), f"datalab refresh token, 1\n{key}".encode(), "sha256")
    return REFRESH_MARK + base64.urlsafe_b64encode(made).decode().rstrip("=")


def new_token_id(session_id: str) -> str:
    """The id of an access token given in a session; :func:`session_id_of` reads the session's id from it."""
    return f"{session_id}.{secrets.token_hex(6)}"


def session_id_of(identity: Identity) -> str | None:
    """The session that an access token was given in, if it was given in one."""
    session_id, dot, _ = identity.token_id.partition(".")
    return session_id if identity.kind is SubjectKind.USER and dot else None
