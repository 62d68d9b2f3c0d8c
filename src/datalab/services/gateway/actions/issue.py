"""Giving access tokens for passwords, API keys and jobs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

from datalab.contracts.gateway import InvalidCredentials, SubjectRefused, Token
from datalab.contracts.identity import Identity, Role, SubjectKind
from datalab.contracts.ids import new_id
from datalab.services.gateway.model.accounts import Account, lower_role
from datalab.services.gateway.model.api_keys import StoredKey, digest_of
from datalab.services.gateway.model.service_secret import ServiceCredentials
from datalab.services.gateway.model.sessions import StoredSession, new_token_id
from datalab.services.gateway.model.signing import SigningKeys
from datalab.services.gateway.ports import AccountChange, Accounts, ApiKeys, PasswordHasher

ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 # a name
ALL_SCOPES = frozenset({"*"})


@dataclass(frozen=True, slots=True)
class Issued:
    """An access token and what it states."""

    identity: Identity
    token: str

    def as_token(self, refresh_token: str | None = None) -> Token:
        """The token as it is handed out."""
        left = self.identity.expires_at - datetime.now(UTC)
        return Token(
            access_token=self.token,
            expires_in=max(0, round(left.total_seconds())),
            refresh_token=refresh_token,
            issued_token_type=ACCESS_TOKEN,
            scope=" ".join(sorted(self.identity.scopes)),
        )


class Issuer:
    """The gateway's one place that signs. ``failed`` is called for each credential that is refused."""

    def __init__(
        self,
        *,
        accounts: Accounts,
        keys: ApiKeys,
        passwords: PasswordHasher,
        signing: SigningKeys,
        services: ServiceCredentials,
        failed: Callable[[], None],
        lifetime: timedelta,
    ) -> None:
        self._accounts = accounts
        self._keys = keys
        self._passwords = passwords
        self._signing = signing
        self._services = services
        self._failed = failed
        self._lifetime = lifetime

    async def authenticate(self, name: str, password: SecretStr) -> Account:
        """The person whose password this is; a wrong name takes as long as a wrong one. Raises InvalidCredentials."""
        account = await self._accounts.find_named(name)
        stored = account.password_hash if account is not None else None
        right = await self._passwords.verify(stored, password)
        if account is None or stored is None or not right or account.disabled:
            raise self.refused("the name or the password is wrong, or the account is disabled")
        if self._passwords.is_outdated(stored):
            change = AccountChange(password_hash=await self._passwords.hash(password))
            account = await self._accounts.change(account.id, change)
        return account

    async def for_key(self, secret: str) -> Issued:
        """A token for an API key. Raises InvalidCredentials."""
        found = await self._keys.find(digest_of(secret))
        if found is None:
            raise self.refused("the API key is unknown or was revoked")
        key, owner = found
        if owner.disabled or not key.lives(datetime.now(UTC)):
            raise self.refused("the API key has expired, or its owner is disabled")
        return self._for_known_key(key, owner)

    def authenticate_service(self, service: str, secret: SecretStr) -> str:
        """The service's name. Raises InvalidCredentials."""
        if not self._services.accepts(service, secret):
            raise self.refused("the service's credential is wrong; see DATALAB_SERVICE_SECRET")
        return service

    async def on_behalf(self, service: str, owner: str, scopes: frozenset[str], *, at_most: Role) -> Issued:
        """A token for a job of ``owner``'s, acted for by ``service``, with the owner's present role or ``at_most``.

        Raises:
            SubjectRefused: The owner is gone or disabled; trying again won't help.
        """
        account = await self._accounts.find(owner)
        if account is None or account.disabled:
            raise SubjectRefused(f"subject_token: the account {owner} is gone or disabled, so nothing is done for it")
        role = lower_role(account.role, at_most)
        return self._sign(account, SubjectKind.JOB, role, scopes, new_id(), actor=service)

    def for_session(self, session: StoredSession, account: Account, until: datetime) -> Issued:
        """A token for somebody who shows the secret of their session, which ends by ``until``."""
        token_id = new_token_id(session.id)
        return self._sign(account, SubjectKind.USER, account.role, ALL_SCOPES, token_id, until=until)

    def refused(self, reason: str) -> InvalidCredentials:
        """What to raise for a credential that is refused; it is counted."""
        self._failed()
        return InvalidCredentials(reason)

    def _for_known_key(self, key: StoredKey, owner: Account) -> Issued:
        kind = SubjectKind.API_KEY
        role, scopes = key.role_under(owner), frozenset(key.scopes)
        return self._sign(owner, kind, role, scopes, key.new_token_id(), until=key.expires_at)

    def _sign(
        self,
        account: Account,
        kind: SubjectKind,
        role: Role,
        scopes: frozenset[str],
        token_id: str,
        *,
        actor: str | None = None,
        until: datetime | None = None,
    ) -> Issued:
        expires = datetime.now(UTC).replace(microsecond=0) + self._lifetime
        identity = Identity(
            subject=account.id,
            name=account.name,
            kind=kind,
            role=role,
            scopes=scopes,
            policy_version=account.version,
            token_id=token_id,
            expires_at=min(expires, until) if until is not None else expires,
            actor=actor,
        )
        return Issued(identity, self._signing.sign(identity))
