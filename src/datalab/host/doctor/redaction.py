"""Keeping secrets out of what is told, whatever words a library chose for an error."""

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from datalab.host.doctor.finding import Finding

HIDDEN = "[redacted]"
_WORDS = ("SECRET", "PASSWORD", "TOKEN", "ACCESS_KEY", "HEADERS")
_SHORTEST = 3


def secrets_of(variables: Mapping[str, str]) -> frozenset[str]:
    """The values that must not be told: of variables named so, and passwords within addresses."""
    named = {value for name, value in variables.items() if any(word in name.upper() for word in _WORDS)}
    inside = {part for value in variables.values() for part in _password(value)}
    return frozenset(value for value in named | inside if len(value) >= _SHORTEST)


def without(secrets: frozenset[str], finding: Finding) -> Finding:
    """The finding with the secrets blacked out, the longest first."""
    return finding.model_copy(
        update={
            "detail": _black_out(secrets, finding.detail),
            "remedy": finding.remedy and _black_out(secrets, finding.remedy),
        }
    )


def _black_out(secrets: frozenset[str], text: str) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


def _password(value: str) -> list[str]:
    if "://" not in value:
        return []
    try:
        found = urlsplit(value).password
    except ValueError:
        return [value]
    return [] if found is None else [found, unquote(found)]
