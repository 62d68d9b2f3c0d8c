"""Callers and tokens for tests, signed by a key that only tests know."""

from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey
from pydantic import SecretStr

from datalab.contracts.identity import Caller, Identity, Role, SubjectKind
from datalab.contracts.ids import new_id
from datalab.kernel.auth.claims import ALGORITHM, claims_of
from datalab.kernel.auth.keys import StaticKeys
from datalab.kernel.auth.verifier import AccessTokenVerifier

TEST_KEY = OKPKey.generate_key("Ed25519", parameters={"kid": "test", "use": "sig", "alg": ALGORITHM})


A_DAY_S = 86_400
"""Longer than any run of tests: some callers are made when it begins, and needed at its end."""


def identity(role: Role = Role.ADMIN, name: str = "ada", *, lifetime_s: float = A_DAY_S) -> Identity:
    """Somebody with this role; a negative lifetime makes an expired one."""
    return Identity(
        subject=f"user-{name}",
        name=name,
        kind=SubjectKind.USER,
        role=role,
        scopes=frozenset({"*"}),
        policy_version=1,
        token_id=new_id(),
        expires_at=datetime.now(UTC) + timedelta(seconds=lifetime_s),
    )


def sign(who: Identity, key: OKPKey = TEST_KEY, **claims: Any) -> str:
    """An access token for ``who``; ``claims`` override what it states."""
    stated = claims_of(who, datetime.now(UTC) - timedelta(hours=1)) | claims
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid or "test"}, stated, key, algorithms=[ALGORITHM])


def caller(role: Role = Role.ADMIN, name: str = "ada") -> Caller:
    """A caller whose token :func:`test_verifier` accepts."""
    who = identity(role, name)
    return Caller(identity=who, token=SecretStr(sign(who)), request_id=new_id())


def test_verifier() -> AccessTokenVerifier:
    """Accepts what :func:`sign` signs."""
    return AccessTokenVerifier(StaticKeys(KeySet([TEST_KEY])))


test_verifier.__test__ = False  # pyright: ignore[reportFunctionMemberAccess]
