"""The gateway: accounts, keys, tokens, the registry and the audit trail."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Protocol

from pydantic import Field, SecretStr

from datalab.contracts.errors import Conflict, Forbidden, NotFound, PlatformError, Unauthenticated
from datalab.contracts.identity import Identity, Role
from datalab.contracts.model import Contract, Page, PageRequest

UserName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}$")]
Password = Annotated[SecretStr, Field(min_length=12, max_length=1024)]


class InvalidCredentials(Unauthenticated):
    """Name, password, key or token is wrong, expired or revoked; it doesn't say which."""

    code, title = "invalid_credentials", "Invalid credentials"


class SetupClosed(Forbidden):
    """An administrator exists already, or the setup code is wrong."""

    code, title = "setup_refused", "Setup refused"


class UserNotFound(NotFound):
    """No such user."""

    code, title = "user_not_found", "User not found"


class UserExists(Conflict):
    """A user of that name is there already."""

    code, title = "user_exists", "User exists"


class LastAdmin(Conflict):
    """The change would leave the platform without an administrator."""

    code, title = "last_admin", "Last administrator"


class KeyNotFound(NotFound):
    """No such API key."""

    code, title = "key_not_found", "API key not found"


class SubjectRefused(Forbidden):
    """Nothing is done any more for the account a job belongs to: it is disabled or gone."""

    code, title = "subject_refused", "Account refused"


class SessionNotFound(NotFound):
    """No such session, or the call was made in none."""

    code, title = "session_not_found", "Session not found"


class CsrfRefused(Forbidden):
    """A request with a session's cookie that another page than the console may have made."""

    code, title = "csrf_refused", "Not made by the console"


class OutcomeUnknown(PlatformError):
    """A service broke off before it answered: what was asked may or may not have been done. Look before asking again."""

    code, title = "outcome_unknown", "Outcome unknown"


class Setup(Contract):
    """The first administrator, with the one-time code that the first start printed."""

    code: SecretStr
    name: UserName
    password: Password


class Token(Contract):
    """An access token. ``expires_in`` in seconds.

    A password gives a ``refresh_token`` beside it: good once, for the next access token and the next refresh token.
    """

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 # a name
    expires_in: int
    refresh_token: str | None = None
    issued_token_type: str | None = None
    scope: str = "*"


class SessionKind(StrEnum):
    """What holds a session's secret: a browser has a cookie, a program a refresh token."""

    BROWSER = "browser"
    PROGRAM = "program"


class SessionDraft(Contract):
    """Who signs in with a browser."""

    name: Annotated[str, Field(max_length=256, pattern=r"^[^\x00]*$")]
    password: Annotated[SecretStr, Field(max_length=1024)]


class Session(Contract):
    """A sign-in that lasts until ``expires_at`` at least, if nobody ends it. ``seen_at``: used last, to the minute.

    ``current`` is the one that asks. ``address`` and ``user_agent`` are those of the sign-in.
    """

    id: str
    owner: str
    kind: SessionKind
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str | None
    user_agent: str | None
    current: bool


class User(Contract):
    """An account."""

    id: str
    name: str
    role: Role
    disabled: bool
    created_at: datetime


class UserDraft(Contract):
    """An account to make."""

    name: UserName
    password: Password
    role: Role = Role.VIEWER


class UserChange(Contract):
    """What to change of an account; what is left out stays."""

    role: Role | None = None
    password: Password | None = None
    disabled: bool | None = None


class PasswordChange(Contract):
    """A new password for the caller, who proves again who that is with the ``current`` one."""

    current: SecretStr
    new: Password


class ApiKeyDraft(Contract):
    """A key to make. ``role`` at most the maker's own; ``expires_in_s`` in seconds."""

    name: Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f\x7f]*$")]
    role: Role = Role.VIEWER
    scopes: Annotated[
        tuple[Annotated[str, Field(pattern=r"^(\*|(auth|data|ai|compute|viz|ops):(read|write))$")], ...],
        Field(min_length=1),
    ] = ("*",)
    expires_in_s: Annotated[int, Field(ge=60, le=10 * 365 * 86400)] | None = 90 * 86400


class ApiKey(Contract):
    """A key as it is listed; its secret is shown once, when it is made."""

    id: str
    name: str
    prefix: str
    role: Role
    scopes: tuple[str, ...]
    owner: str
    created_at: datetime
    expires_at: datetime | None


class NewApiKey(ApiKey):
    """A key just made, with its secret."""

    token: str


class InstanceState(StrEnum):
    """What an instance last said of itself."""

    READY = "ready"
    DEGRADED = "degraded"
    UNREADY = "unready"
    AWAY = "away"


class Instance(Contract):
    """One running instance of a service. ``latency_ms`` of the last probe."""

    service: str
    url: str
    state: InstanceState
    latency_ms: float | None
    version: str | None
    checked_at: datetime
    detail: str | None = None


class AuditEntry(Contract):
    """Who did what to which resource, when, from where, with what outcome."""

    id: str
    at: datetime
    service: str
    subject: str
    name: str
    actor: str | None
    action: str
    resource: str
    outcome: str
    status: int
    address: str | None
    request_id: str


class AuditFilter(Contract):
    """Which entries of the audit trail to list."""

    subject: str | None = None
    service: str | None = None
    outcome: str | None = None
    since: datetime | None = None


class GatewayApi(Protocol):
    """The gateway for one caller."""

    async def me(self) -> Identity:
        """The caller."""
        ...

    async def list_users(self, page: PageRequest) -> Page[User]:
        """Accounts by name."""
        ...

    async def create_user(self, draft: UserDraft) -> User:
        """Make an account. Raises UserExists."""
        ...

    async def change_user(self, user_id: str, change: UserChange) -> User:
        """Change an account. Raises UserNotFound, LastAdmin."""
        ...

    async def delete_user(self, user_id: str) -> None:
        """Take an account away with its keys. Raises UserNotFound, LastAdmin."""
        ...

    async def change_password(self, change: PasswordChange) -> None:
        """Give the caller a new password; all tokens given for the old one end. Raises InvalidInput."""
        ...

    async def log_out(self) -> None:
        """Refuse the presented access token from now on; the session that it was given in ends too."""
        ...

    async def list_sessions(self, user: str | None, page: PageRequest) -> Page[Session]:
        """The sessions of the caller, or of another ``user`` for an administrator. Raises Forbidden."""
        ...

    async def end_session(self, session_id: str) -> None:
        """End a session of the caller's, or anybody's for an administrator. Raises SessionNotFound."""
        ...

    async def list_api_keys(self, page: PageRequest) -> Page[ApiKey]:
        """The caller's keys; an administrator sees all."""
        ...

    async def create_api_key(self, draft: ApiKeyDraft) -> NewApiKey:
        """Make a key of the caller's own."""
        ...

    async def delete_api_key(self, key_id: str) -> None:
        """Revoke a key."""
        ...

    async def list_services(self) -> Page[Instance]:
        """Every instance of every service."""
        ...

    async def list_audit(self, which: AuditFilter, page: PageRequest) -> Page[AuditEntry]:
        """The audit trail, newest first."""
        ...
