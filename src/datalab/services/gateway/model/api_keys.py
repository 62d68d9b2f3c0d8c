"""API keys: a random secret of which only the digest is kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from datalab.contracts.gateway import ApiKey, ApiKeyDraft, NewApiKey
from datalab.contracts.identity import Role
from datalab.contracts.ids import new_id
from datalab.services.gateway.model.accounts import Account, lower_role

MARK = "dl_"
SECRET_BYTES = 32
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key as it is kept."""

    id: str
    owner: str
    name: str
    prefix: str
    digest: str
    role: Role
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None

    def shown(self) -> ApiKey:
        """The key without its digest."""
        return ApiKey(
            id=self.id,
            name=self.name,
            prefix=self.prefix,
            role=self.role,
            scopes=self.scopes,
            owner=self.owner,
            created_at=self.created_at,
            expires_at=self.expires_at,
        )

    def shown_once(self, secret: str) -> NewApiKey:
        """The key with its secret, for the one who made it."""
        return NewApiKey(**self.shown().model_dump(), token=secret)

    def lives(self, now: datetime) -> bool:
        """Whether it has not expired."""
        return self.expires_at is None or now < self.expires_at

    def role_under(self, owner: Account) -> Role:
        """What the key may do now: never more than its owner."""
        return lower_role(self.role, owner.role)

    def new_token_id(self) -> str:
        """The id of an access token given for this key; :func:`key_id_of` reads the key's id from it."""
        return f"{self.id}.{secrets.token_hex(6)}"


def new_secret() -> str:
    """A key's secret."""
    return MARK + secrets.token_urlsafe(SECRET_BYTES)


def prefix_of(secret: str) -> str:
    """The part that is shown in lists, so that people recognise their key."""
    return secret[: len(MARK) + _SHOWN]


def digest_of(secret: str) -> str:
    """What is kept of a secret: 32 random bytes need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def key_id_of(token_id: str) -> str:
    """The key that an access token of kind ``api_key`` was given for."""
    return token_id.partition(".")[0]


def new_key(owner: str, draft: ApiKeyDraft, now: datetime) -> tuple[StoredKey, str]:
    """A key and its secret."""
    secret = new_secret()
    key = StoredKey(
        id=new_id(),
        owner=owner,
        name=draft.name,
        prefix=prefix_of(secret),
        digest=digest_of(secret),
        role=draft.role,
        scopes=draft.scopes,
        created_at=now,
        expires_at=None if draft.expires_in_s is None else now + timedelta(seconds=draft.expires_in_s),
    )
    return key, secret
