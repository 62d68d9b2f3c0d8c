"""References to the operator's variables, resolved as Compose resolves them."""

import re
from collections.abc import Mapping

_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::[-?]([^}]*))?\}")


def resolved(text: str, values: Mapping[str, str]) -> str:
    """The text with each ``${NAME}``, ``${NAME:-default}`` and ``${NAME:?hint}`` replaced."""
    return _REFERENCE.sub(lambda match: values.get(match[1]) or match[2] or "", text)
