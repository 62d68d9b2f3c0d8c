"""How an identity is written into an access token's claims, and read back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from datalab.contracts.errors import Unauthenticated
from datalab.contracts.identity import Identity

ISSUER = "datalab"
AUDIENCE = "datalab"
ALGORITHM = "Ed25519"
LEEWAY_S = 5


def claims_of(identity: Identity, issued_at: datetime) -> dict[str, Any]:
    """The claims that state ``identity`` (RFC 9068; the actor as in RFC 8693)."""
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": identity.subject,
        "name": identity.name,
        "kind": identity.kind.value,
        "role": identity.role.value,
        "scope": " ".join(sorted(identity.scopes)),
        "policy": identity.policy_version,
        "jti": identity.token_id,
        "iat": int(issued_at.timestamp()),
        "exp": int(identity.expires_at.timestamp()),
    }
    if identity.actor is not None:
        claims["act"] = {"sub": identity.actor}
    return claims


def identity_of(claims: Mapping[str, Any], now: datetime) -> Identity:
    """The identity that verified claims state.

    Raises:
        Unauthenticated: Expired, not yet valid, for another audience, or not of our form.
    """
    audience = claims.get("aud")
    if claims.get("iss") != ISSUER or (audience != AUDIENCE and AUDIENCE not in (audience or ())):
        raise Unauthenticated("the access token is meant for another audience")
    try:
        issued, expires = int(claims["iat"]), int(claims["exp"])
        identity = Identity(
            subject=claims["sub"],
            name=claims["name"],
            kind=claims["kind"],
            role=claims["role"],
            scopes=frozenset(str(claims["scope"]).split()),
            policy_version=claims["policy"],
            token_id=claims["jti"],
            expires_at=datetime.fromtimestamp(expires, UTC),
            actor=claims["act"]["sub"] if "act" in claims else None,
        )
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise Unauthenticated("the access token does not state who it is for") from error
    if now.timestamp() >= expires or now.timestamp() < issued - LEEWAY_S:
        raise Unauthenticated("the access token has expired; sign in again")
    return identity
