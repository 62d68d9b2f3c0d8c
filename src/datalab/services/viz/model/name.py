"""Names of charts and dashboards."""

import re

from datalab.contracts.errors import InvalidInput

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
_SHOWN = 80


def check_name(name: str, what: str) -> str:
    """The name itself.

    Raises:
        InvalidInput: It has anything but letters, digits, ``_`` and ``-``, or more than 63 of them.
    """
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            f"{name[:_SHOWN]!r} is no name for a {what}: use letters, digits, _ and -, at most 63, "
            "beginning with a letter or digit"
        )
    return name


def check_text(where: str, text: str | None) -> None:
    """Let a text pass that every database can keep. Raises InvalidInput."""
    if text is not None and "\0" in text:
        raise InvalidInput(f"{where}: holds a NUL character, which texts don't have; leave it out")
