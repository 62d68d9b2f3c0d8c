"""What the gateway needs from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from pydantic import SecretStr

from datalab.contracts.gateway import AuditEntry, AuditFilter
from datalab.contracts.identity import Role
from datalab.kernel.http.readiness import ReadinessReport
from datalab.services.gateway.model.accounts import Account
from datalab.services.gateway.model.api_keys import StoredKey
from datalab.services.gateway.model.once import Once
from datalab.services.gateway.model.sessions import StoredSession, Terms


@dataclass(frozen=True, slots=True)
class AccountChange:
    """What to change of an account; ``None`` stays as it is."""

    role: Role | None = None
    password_hash: str | None = None
    disabled: bool | None = None


class Accounts(Protocol):
    """Keeps accounts."""

    async def find(self, account_id: str) -> Account | None:
        """The account of this id."""
        ...

    async def find_named(self, name: str) -> Account | None:
        """The account of this name, whatever its case."""
        ...

    async def list(self, after: str | None, limit: int) -> Sequence[Account]:
        """Accounts in the order of :func:`name_key`, from after that key on."""
        ...

    async def add(self, account: Account, once: Once | None) -> Account:
        """Keep a new account, or give the one made by the same request. Raises UserExists, IdempotencyMismatch."""
        ...

    async def add_if_absent(self, account: Account) -> Account:
        """Keep the account unless one of its name is there; the one that is kept."""
        ...

    async def change(self, account_id: str, change: AccountChange) -> Account:
        """Change an account. Raises UserNotFound, LastAdmin."""
        ...

    async def remove(self, account_id: str) -> None:
        """Take an account away with its keys. Raises UserNotFound, LastAdmin."""
        ...


class Setups(Protocol):
    """Keeps the digests of setup codes while no person has an account."""

    async def open(self, digest: str) -> bool:
        """Accept this code from now on; false when a person has an account already."""
        ...

    async def close(self, digest: str, first: Account) -> None:
        """Trade the code for the first account, all codes dying with it. Raises SetupClosed."""
        ...


class SetupCode(Protocol):
    """The code's own place, which the host shows."""

    def read_or_create(self, name: str) -> SecretStr:
        """The code."""
        ...

    def remove(self, name: str) -> None:
        """Forget the code."""
        ...


class ApiKeys(Protocol):
    """Keeps API keys."""

    async def find(self, digest: str) -> tuple[StoredKey, Account] | None:
        """The key of this digest with its owner."""
        ...

    async def list(self, owner: str | None, after: str | None, limit: int) -> Sequence[StoredKey]:
        """Keys of an owner, or all, oldest first, from after that id on."""
        ...

    async def add(self, key: StoredKey, once: Once | None) -> StoredKey:
        """Keep a new key, or give the one made by the same request the secret of this one, for it was never seen.

        Raises UserNotFound when its owner is gone, IdempotencyMismatch.
        """
        ...

    async def remove(self, key_id: str, owner: str | None) -> None:
        """Revoke a key (of this owner). Raises KeyNotFound."""
        ...


class Sessions(Protocol):
    """Keeps sessions."""

    async def find(self, digest: str) -> tuple[StoredSession, Account] | None:
        """The session of this digest with its owner."""
        ...

    async def list(self, owner: str, after: str | None, limit: int) -> Sequence[StoredSession]:
        """An owner's sessions, oldest first, from after that id on."""
        ...

    async def add(self, session: StoredSession, version: int) -> None:
        """Keep a new session. Raises InvalidCredentials when the account isn't of this version any more."""
        ...

    async def seen(self, session_id: str, at: datetime) -> None:
        """Put down that the session is used. Raises Unavailable."""
        ...

    async def remove(self, session_id: str, owner: str | None) -> None:
        """End a session (of this owner). Raises SessionNotFound."""
        ...


@dataclass(frozen=True, slots=True)
class Rotation:
    """Whose session's secret was presented; ``reused`` when it had been used before, upon which the session ended."""

    session: StoredSession
    account: Account
    reused: bool


class RefreshTokens(Protocol):
    """Knows which refresh token a program's session has now, and which it had."""

    async def rotate(self, digest: str, successor: str, now: datetime, terms: Terms) -> Rotation | None:
        """Let a secret's digest be followed by its ``successor``; nothing when no session that lives has it.

        A secret that was followed already ends its session, unless that was just now and by the same successor.
        """
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """What is now true of an access token's subject.

    ``key`` and ``session`` are set when the token was given for one that is still there.
    """

    account: Account | None
    key: StoredKey | None
    session: StoredSession | None
    revoked: bool


class Standings(Protocol):
    """Knows what became of issued tokens."""

    async def of(self, subject: str, token_id: str, *, key_id: str | None, session_id: str | None) -> Standing:
        """How things stand now."""
        ...

    async def revoke(self, token_id: str, expires_at: datetime) -> None:
        """Refuse the token from now on."""
        ...


class PasswordHasher(Protocol):
    """Slow hashing of passwords, off the event loop and bounded."""

    async def hash(self, password: SecretStr) -> str:
        """A salted hash. Raises Unavailable when too many wait."""
        ...

    async def verify(self, stored: str | None, password: SecretStr) -> bool:
        """Whether the password is right; without a stored hash it takes as long and says no. Raises Unavailable."""
        ...

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made with weaker parameters than today's."""
        ...


class AuditLog(Protocol):
    """Keeps the audit trail of all services."""

    async def keep(self, entries: Sequence[AuditEntry]) -> None:
        """Keep entries; those that are there already stay as they are."""
        ...

    async def list(self, which: AuditFilter, after: str | None, limit: int) -> Sequence[AuditEntry]:
        """Entries, newest first, from after that id on."""
        ...


@dataclass(frozen=True, slots=True)
class Probed:
    """What an instance answered when it was asked; without a ``report`` it didn't, and ``detail`` says why."""

    report: ReadinessReport | None
    latency_ms: float | None
    version: str | None
    detail: str | None = None


class Probe(Protocol):
    """A way to ask one instance how it is."""

    @property
    def service(self) -> str:
        """The service's name."""
        ...

    @property
    def url(self) -> str:
        """Where the instance is."""
        ...

    async def ask(self) -> Probed:
        """Ask now, with patience of a few seconds. Never raises."""
        ...


class Roster(Protocol):
    """The instances of one service, which come and go."""

    @property
    def service(self) -> str:
        """The service's name."""
        ...

    @property
    def known(self) -> Sequence[Probe]:
        """A way to ask each of them, as last heard of."""
        ...

    async def look(self) -> Sequence[Probe]:
        """The same as they are now, within seconds. Never raises."""
        ...


class Resolver(Protocol):
    """Knows the addresses behind names."""

    async def addresses(self, name: str) -> Sequence[str]:
        """The IP addresses behind ``name`` now. Raises OSError when they can't be looked up."""
        ...


class ApiSource(Protocol):
    """Where a service describes its own operations."""

    @property
    def service(self) -> str:
        """The service's name."""
        ...

    @property
    def prefix(self) -> str | None:
        """What its paths at the gateway begin with."""
        ...

    async def document(self) -> dict[str, Any]:
        """Its OpenAPI document as it is now. Raises Unavailable."""
        ...
