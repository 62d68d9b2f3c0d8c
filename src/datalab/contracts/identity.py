"""Who is calling, and what that caller may do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias, TypeVar

from pydantic import SecretStr

from datalab.contracts.model import Contract

MAIN_NAMESPACE = "main"


class Role(StrEnum):
    """What somebody may do: a viewer reads, an editor also writes, an admin also governs."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"

    def covers(self, needed: "Role") -> bool:
        """Whether this role may do what ``needed`` may."""
        ranks = tuple(Role)
        return ranks.index(self) >= ranks.index(needed)


class SubjectKind(StrEnum):
    """What stands behind an identity."""

    USER = "user"
    API_KEY = "api_key"
    JOB = "job"
    SERVICE = "service"


class Identity(Contract):
    """A verified caller, as the access token's claims state it.

    ``scopes`` narrow the role: ``*`` or names such as ``data:read`` and ``compute:write``. ``actor`` is the service
    that acts on the subject's behalf, if one does.
    """

    subject: str
    name: str
    kind: SubjectKind
    role: Role
    scopes: frozenset[str]
    policy_version: int
    token_id: str
    expires_at: datetime
    actor: str | None = None

    def has_scope(self, scope: str) -> bool:
        """Whether ``scope`` is granted; ``x:write`` holds ``x:read``."""
        if "*" in self.scopes or scope in self.scopes:
            return True
        return scope.endswith(":read") and scope.removesuffix("read") + "write" in self.scopes

    def role_in(self, namespace: str) -> Role | None:
        """The role in ``namespace``: the account's own in ``main``; elsewhere only an admin has one."""
        if namespace == MAIN_NAMESPACE or self.role is Role.ADMIN:
            return self.role
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Caller:
    """One call's origin: the identity, the access token that proved it, and what ties the call to its request.

    Ask it for its token when the token is sent, and keep none: a job's attempt outlives many of them.
    """

    identity: Identity
    token: SecretStr
    request_id: str
    address: str | None = None
    traceparent: str | None = None

    def renew(self, newer: "Caller") -> None:
        """Go on with a newer token of the same subject; all that were given this caller go on with it too.

        Raises:
            ValueError: The newer one is somebody else.
        """
        if newer.identity.subject != self.identity.subject:
            raise ValueError(f"{newer.identity.subject} is not {self.identity.subject}")
        object.__setattr__(self, "identity", newer.identity)
        object.__setattr__(self, "token", newer.token)


T = TypeVar("T")
ApiFor: TypeAlias = Callable[[Caller], T]
"""Gives a service's Protocol bound to one caller, in process or over HTTP."""
