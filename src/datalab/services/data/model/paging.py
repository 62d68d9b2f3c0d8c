"""Where the next page of rows begins, with the version that all pages come from."""

import base64
import binascii
import re
from dataclasses import dataclass

from datalab.contracts.errors import InvalidInput

_TEXT = re.compile(r"v(\d{1,18})o(\d{1,18})")


@dataclass(frozen=True, slots=True)
class RowCursor:
    """A page's version and offset."""

    version: int
    offset: int

    def encoded(self) -> str:
        """As it travels."""
        return base64.urlsafe_b64encode(f"v{self.version}o{self.offset}".encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "RowCursor":
        """The cursor in ``text``.

        Raises:
            InvalidInput: Not one that a page of rows gave.
        """
        try:
            plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
        except (binascii.Error, ValueError) as error:
            raise InvalidInput("cursor: not one that a page of rows gave; begin without a cursor") from error
        found = _TEXT.fullmatch(plain)
        if found is None:
            raise InvalidInput("cursor: not one that a page of rows gave; begin without a cursor")
        return cls(int(found.group(1)), int(found.group(2)))
