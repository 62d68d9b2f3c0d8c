"""Keeping secrets out of what is told, whatever words a library chose for an error."""

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from datalab.host.doctor.finding import Finding
from datalab.kernel.config.secret_files import FILE, read_secret

HIDDEN = "[redacted]"
_WORDS = ("SECRET", "PASSWORD", "TOKEN", "ACCESS_KEY", "HEADERS")
_SHORTEST = 3


def secrets_of(variables: Mapping[str, str]) -> frozenset[str]:
    """The values that must not be told: of variables named so, in files or not, and passwords within addresses."""
    values = {name: value for name, value in variables.items() if not name.endswith(FILE)}
    paths = [value for name, value in variables.items() if name.endswith(FILE) and _is_secret(name)]
    in_files = {text for path in paths for text in _content(path)}
    named = {value for name, value in values.items() if any(word in name.upper() for word in _WORDS)} | in_files
    inside = {part for value in (*values.values(), *in_files) for part in _password(value)}
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


def _is_secret(name: str) -> bool:
    return name.endswith(f"_URL{FILE}") or any(word in name for word in _WORDS)


def _content(path: str) -> list[str]:
    try:
        return [read_secret(path)]
    except ValueError:
        return []


def _password(value: str) -> list[str]:
    if "://" not in value:
        return []
    try:
        found = urlsplit(value).password
    except ValueError:
        return [value]
    return [] if found is None else [found, unquote(found)]
