"""Who a bearer credential belongs to, and whether it is still good."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from datalab.contracts.gateway import InvalidCredentials
from datalab.contracts.identity import Identity, SubjectKind
from datalab.kernel.auth.verifier import TokenVerifier
from datalab.services.gateway.actions.issue import Issued, Issuer
from datalab.services.gateway.actions.sessions import SignIns
from datalab.services.gateway.model.accounts import Account
from datalab.services.gateway.model.api_keys import MARK, digest_of, key_id_of
from datalab.services.gateway.model.sessions import session_id_of
from datalab.services.gateway.ports import Standing, Standings

EXCHANGE_S = 60.0
"""For how long the access token of an API key or a session is used again."""
STANDING_S = 1.0
"""For how long what the database said is believed when no event tells otherwise."""
_REMEMBERED = 10_000
V = TypeVar("V")


class Recognition:
    """Recognises access tokens, API keys and sessions; what a change of one or of an account ends, ends here at once."""

    def __init__(self, verifier: TokenVerifier, issuer: Issuer, sign_ins: SignIns, standings: Standings) -> None:
        self._verifier = verifier
        self._issuer = issuer
        self._sign_ins = sign_ins
        self._standings = standings
        self._exchanged: _Remembered[Issued] = _Remembered(EXCHANGE_S)
        self._known: _Remembered[Standing] = _Remembered(STANDING_S)
        self._changes = 0

    async def recognise(self, bearer: str) -> Issued:
        """The identity and the access token that states it.

        Raises:
            Unauthenticated: The credential is wrong, expired or revoked, or its account is disabled or gone.
            Unavailable: It can't be judged now.
        """
        if bearer.startswith(MARK):
            return await self._by_key(bearer)
        identity = await self._verifier.verify(bearer)
        reason = _ended(identity, await self._standing(identity))
        if reason is not None:
            raise InvalidCredentials(reason)
        return Issued(identity, bearer)

    async def recognise_session(self, secret: str) -> Issued:
        """The identity of a browser's session and an access token that states it.

        Raises:
            InvalidCredentials: The session has ended, or its account is disabled or gone.
            Unavailable: It can't be judged now.
        """
        digest = digest_of(secret)
        issued = self._exchanged.get(digest)
        if issued is not None and _ended(issued.identity, await self._standing(issued.identity)) is None:
            return issued
        self._exchanged.drop(digest)
        issued = await self._sign_ins.resume(digest)
        self._exchanged.keep(digest, issued)
        return issued

    def forget(self) -> None:
        """Ask the database again: an account, a key or a token has changed."""
        self._changes += 1
        self._known.clear()

    async def _by_key(self, secret: str) -> Issued:
        digest = digest_of(secret)
        issued = self._exchanged.get(digest)
        if issued is not None:
            standing = await self._standing(issued.identity)
            same_secret = standing.key is not None and standing.key.digest == digest
            if same_secret and _ended(issued.identity, standing) is None:
                return issued
        self._exchanged.drop(digest)
        issued = await self._issuer.for_key(secret)
        self._exchanged.keep(digest, issued)
        return issued

    async def _standing(self, identity: Identity) -> Standing:
        known = self._known.get(identity.token_id)
        if known is not None:
            return known
        changes = self._changes
        key_id = key_id_of(identity.token_id) if identity.kind is SubjectKind.API_KEY else None
        session_id = session_id_of(identity)
        standing = await self._standings.of(identity.subject, identity.token_id, key_id=key_id, session_id=session_id)
        if changes == self._changes:
            self._known.keep(identity.token_id, standing)
        return standing


def _ended(identity: Identity, standing: Standing) -> str | None:
    """Why a token is no longer good."""
    account = standing.account
    if account is None or account.disabled:
        return "the account is gone or disabled"
    if standing.revoked or identity.expires_at <= datetime.now(UTC):
        return "the access token was revoked or has expired; sign in again"
    return _ended_for_its_kind(identity, standing, account)


def _ended_for_its_kind(identity: Identity, standing: Standing, account: Account) -> str | None:
    if identity.kind is SubjectKind.JOB:
        return None if account.role.covers(identity.role) else "the job's owner has a lesser role now"
    if identity.kind is SubjectKind.API_KEY and standing.key is None:
        return "the API key was revoked"
    if session_id_of(identity) is not None and standing.session is None:
        return "the session has ended; sign in again"
    if identity.policy_version != account.version:
        return "the account has changed since; sign in again"
    return None


@dataclass(frozen=True, slots=True)
class _Dated(Generic[V]):
    value: V
    until: float


class _Remembered(Generic[V]):
    """A bounded memory that forgets after ``lifetime_s``."""

    def __init__(self, lifetime_s: float) -> None:
        self._lifetime_s = lifetime_s
        self._entries: OrderedDict[str, _Dated[V]] = OrderedDict()

    def get(self, key: str) -> V | None:
        entry = self._entries.get(key)
        return entry.value if entry is not None and time.monotonic() < entry.until else None

    def keep(self, key: str, value: V) -> None:
        self._entries[key] = _Dated(value, time.monotonic() + self._lifetime_s)
        self._entries.move_to_end(key)
        if len(self._entries) > _REMEMBERED:
            self._entries.popitem(last=False)

    def drop(self, key: str) -> None:
        self._entries.pop(key, None)

    def clear(self) -> None:
        self._entries.clear()
