"""Verifying access tokens."""

import time
from collections import OrderedDict
from datetime import UTC, datetime
from typing import Protocol

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from datalab.contracts.errors import Unauthenticated
from datalab.contracts.identity import Identity
from datalab.kernel.auth.claims import ALGORITHM, identity_of
from datalab.kernel.auth.keys import KeySource

_REMEMBERED = 10_000
_LONGEST_TOKEN = 8192


class TokenVerifier(Protocol):
    """Tells who a bearer token belongs to."""

    async def verify(self, token: str) -> Identity:
        """The identity. Raises Unauthenticated; Unavailable when it can't be judged now."""
        ...


class AccessTokenVerifier:
    """Verifies the gateway's access tokens by its public keys; remembers verified ones until they expire."""

    def __init__(self, source: KeySource) -> None:
        self._source = source
        self._verified: OrderedDict[str, Identity] = OrderedDict()

    async def verify(self, token: str) -> Identity:
        """The identity. Raises Unauthenticated; Unavailable when no key can be had."""
        known = self._verified.get(token)
        if known is not None and known.expires_at.timestamp() > time.time():
            return known
        self._verified.pop(token, None)
        identity = await self._check(token)
        self._verified[token] = identity
        if len(self._verified) > _REMEMBERED:
            self._verified.popitem(last=False)
        return identity

    async def _check(self, token: str) -> Identity:
        key_id = _key_id(token)
        keys = await self._source.keys(key_id)
        return identity_of(_verified_claims(token, keys), datetime.now(UTC))


def _key_id(token: str) -> str:
    if len(token) > _LONGEST_TOKEN:
        raise Unauthenticated("the bearer token is longer than any that the gateway issues")
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError) as error:
        raise Unauthenticated("the bearer token is no access token; get one from POST /api/v1/auth/token") from error
    key_id = header.get("kid")
    if header.get("alg") != ALGORITHM or not isinstance(key_id, str):
        raise Unauthenticated(f"the access token is not signed with {ALGORITHM} by a named key")
    return key_id


def _verified_claims(token: str, keys: KeySet) -> dict[str, object]:
    try:
        return jwt.decode(token, keys, algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError) as error:
        raise Unauthenticated("the access token's signature is not the gateway's") from error
