"""The cookie by which a browser shows its session."""

from collections.abc import Iterable

PLAIN_NAME = "datalab_session"
SECURE_NAME = f"__Host-{PLAIN_NAME}"
"""Browsers take a cookie of this prefix only from this very host, over https and for the whole of it."""


def cookie_name(scheme: str) -> str:
    """The cookie's name for requests that came by ``scheme``."""
    return SECURE_NAME if scheme == "https" else PLAIN_NAME


def cookie_with(secret: str, scheme: str, max_age_s: int) -> str:
    """The ``Set-Cookie`` that gives a browser its session."""
    secure = "; Secure" if scheme == "https" else ""
    return f"{cookie_name(scheme)}={secret}; Max-Age={max_age_s}; Path=/; HttpOnly; SameSite=Strict{secure}"


def cookie_without(scheme: str) -> str:
    """The ``Set-Cookie`` that takes it away."""
    return cookie_with("", scheme, 0)


def secrets_in(headers: Iterable[str], scheme: str) -> frozenset[str]:
    """The secrets that ``Cookie`` headers hold; one, unless somebody else put another beside the gateway's."""
    wanted = cookie_name(scheme)
    pairs = (pair.strip().partition("=") for header in headers for pair in header.split(";"))
    return frozenset(value for name, _, value in pairs if name == wanted and value)


def without_secrets(header: str) -> str:
    """A ``Cookie`` header without the session."""
    ours = (PLAIN_NAME, SECURE_NAME)
    pairs = (pair.strip() for pair in header.split(";"))
    return "; ".join(pair for pair in pairs if pair and pair.partition("=")[0].strip() not in ours)
