"""The signing key."""

import pytest
from pydantic import SecretStr

from datalab.contracts.errors import InvalidInput, Unauthenticated
from datalab.kernel.auth.keys import StaticKeys
from datalab.kernel.auth.verifier import AccessTokenVerifier
from datalab.kernel.testing.identity import identity
from datalab.services.gateway.model.signing import SigningKeys

OLD, NEW = SecretStr("old-" * 10), SecretStr("new-" * 10)


def verifier(keys: SigningKeys) -> AccessTokenVerifier:
    return AccessTokenVerifier(StaticKeys(keys.public))


def test_a_short_secret_is_refused_with_what_would_be_right():
    with pytest.raises(InvalidInput, match="JWT_SECRET: 5 bytes; it must be at least 32"):
        SigningKeys(SecretStr("short"))
    with pytest.raises(InvalidInput, match="JWT_SECRET_PREVIOUS"):
        SigningKeys(NEW, SecretStr("short"))


async def test_processes_with_the_same_secret_have_the_same_key():
    token = SigningKeys(NEW).sign(identity())
    assert (await verifier(SigningKeys(NEW)).verify(token)).name == "ada"


async def test_tokens_of_the_previous_secret_are_good_while_rotating_and_not_after():
    token = SigningKeys(OLD).sign(identity())
    assert (await verifier(SigningKeys(NEW, OLD)).verify(token)).name == "ada"
    with pytest.raises(Unauthenticated):
        await verifier(SigningKeys(NEW)).verify(token)


def test_nothing_private_is_published():
    assert all(set(key) == {"kty", "crv", "x", "use", "alg", "kid"} for key in SigningKeys(NEW, OLD).jwks()["keys"])
    assert len({key["kid"] for key in SigningKeys(NEW, OLD).jwks()["keys"]}) == 2
