"""A request to make something that may come again and must make it once."""

import hashlib
from dataclasses import dataclass
from typing import Self

from datalab.contracts.errors import FieldError, InvalidInput
from datalab.contracts.model import Contract

LONGEST_KEY = 255


@dataclass(frozen=True, slots=True)
class Once:
    """Whose request, under which key, for what. The fingerprint is of what is wanted, secrets left out."""

    owner: str
    key: str
    fingerprint: str

    @classmethod
    def of(cls, owner: str, key: str | None, draft: Contract) -> Self | None:
        """Nothing when no key came with the request.

        Raises:
            InvalidInput: The key is empty, too long or not printable.
        """
        if key is None:
            return None
        if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
            what = f"1 to {LONGEST_KEY} printable ASCII characters, such as a UUID"
            raise InvalidInput(
                f"Idempotency-Key: {what}", errors=[FieldError(where="header.Idempotency-Key", what=what)]
            )
        # A SecretStr dumps as asterisks: a fingerprint of a password would be a fast hash of it.
        wanted = f"{type(draft).__name__} {draft.model_dump_json()}"
        return cls(owner, key, hashlib.sha256(wanted.encode()).hexdigest())
