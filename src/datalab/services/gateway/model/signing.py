"""The signing key, derived from ``JWT_SECRET``: the same in every process that holds the secret, and in no other."""

from datetime import UTC, datetime
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey
from pydantic import SecretStr

from datalab.contracts.errors import InvalidInput
from datalab.contracts.identity import Identity
from datalab.kernel.auth.claims import ALGORITHM, claims_of

SHORTEST_SECRET = 32
_KEY_BYTES = 32
_SIGNING = b"datalab access tokens, Ed25519, 1"


class SigningKeys:
    """Signs with the key of the present secret; while rotating, tokens of the previous one are still good."""

    def __init__(self, secret: SecretStr, previous: SecretStr | None = None) -> None:
        """Derive the keys.

        Raises:
            InvalidInput: A secret is shorter than 32 bytes.
        """
        self._key = _signing_key(derive(secret, _SIGNING, "JWT_SECRET"))
        others = [_signing_key(derive(previous, _SIGNING, "JWT_SECRET_PREVIOUS"))] if previous else []
        self.public = KeySet([OKPKey.import_key(key.as_dict(private=False)) for key in (self._key, *others)])

    def sign(self, identity: Identity) -> str:
        """An access token that states ``identity``, issued now."""
        header = {"alg": ALGORITHM, "kid": self._key.kid, "typ": "at+jwt"}
        return jwt.encode(header, claims_of(identity, datetime.now(UTC)), self._key, algorithms=[ALGORITHM])

    def jwks(self) -> dict[str, Any]:
        """The public keys as a JSON Web Key Set."""
        return cast("dict[str, Any]", self.public.as_dict(private=False))


def derive(secret: SecretStr, purpose: bytes, name: str) -> bytes:
    """32 bytes for one purpose.

    Raises:
        InvalidInput: The secret called ``name`` is shorter than 32 bytes.
    """
    material = secret.get_secret_value().encode()
    if len(material) < SHORTEST_SECRET:
        raise InvalidInput(
            f"{name}: {len(material)} bytes; it must be at least {SHORTEST_SECRET} random ones, "
            "such as `openssl rand -base64 48` prints"
        )
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=purpose).derive(material)


def _signing_key(seed: bytes) -> OKPKey:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key = OKPKey.import_key(pem, {"use": "sig", "alg": ALGORITHM})
    key.ensure_kid()
    return key
