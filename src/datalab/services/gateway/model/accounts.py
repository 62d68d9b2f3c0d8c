"""Accounts as the gateway keeps them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from datalab.contracts.gateway import User
from datalab.contracts.identity import Role

HOST_NAME = "host"
"""The account behind keys that are made on the host itself; no person can have this name."""


class AccountKind(StrEnum):
    """Who an account is for."""

    PERSON = "person"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may call. ``version`` grows when what the account may do, or its password, changes."""

    id: str
    name: str
    kind: AccountKind
    role: Role
    disabled: bool
    password_hash: str | None
    version: int
    created_at: datetime

    @property
    def governs(self) -> bool:
        """Whether this is a person who can sign in and administer."""
        return self.kind is AccountKind.PERSON and self.role is Role.ADMIN and not self.disabled

    def shown(self) -> User:
        """The account without its secrets."""
        return User(id=self.id, name=self.name, role=self.role, disabled=self.disabled, created_at=self.created_at)


def name_key(name: str) -> str:
    """What makes a name unique: ``Ada`` and ``ada`` are the same."""
    return name.casefold()


def lower_role(one: Role, other: Role) -> Role:
    """The role that both cover."""
    return other if one.covers(other) else one
