"""Names that users give."""

import re

from datalab.contracts.errors import FieldError, InvalidInput

CHAMPION = "champion"
"""The alias that answers when a prediction asks for no version."""

_MODEL = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,62}")
_ALIAS = re.compile(r"[a-z][a-z0-9_-]{0,62}")


def check_model_name(name: str) -> str:
    """The name, if it is one.

    Raises:
        InvalidInput: It isn't.
    """
    rule = "begin with a letter, then use letters, digits, - and _, at most 63"
    return _checked(_MODEL, name, "path.name", f"{name[:80]!r} is no model name: {rule}")


def check_alias(alias: str, where: str = "path.alias") -> str:
    """The alias, if it is one.

    Raises:
        InvalidInput: It isn't.
    """
    rule = "begin with a small letter, then use small letters, digits, - and _, at most 63"
    return _checked(_ALIAS, alias, where, f"{alias[:80]!r} is no alias: {rule}")


def _checked(pattern: re.Pattern[str], text: str, where: str, what: str) -> str:
    if not pattern.fullmatch(text):
        raise InvalidInput(what, errors=[FieldError(where=where, what=what, got=text[:80])])
    return text
