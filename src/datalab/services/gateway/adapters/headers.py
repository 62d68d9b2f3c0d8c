"""What of a request's headers the services may see."""

from collections.abc import Iterable

from datalab.contracts.errors import MalformedInput
from datalab.services.gateway.model.session_cookie import secrets_in, without_secrets

Header = tuple[bytes, bytes]

_OURS = (b"x-datalab-", b"x-forwarded-", b"x-authenticated-", b"x-auth-", b"x-identity", b"x-user", b"x-remote-")
_OURS_WHOLE = frozenset({b"forwarded", b"x-real-ip", b"remote-user", b"x-role", b"x-roles", b"x-scope", b"x-scopes"})


def check_framing(headers: Iterable[Header]) -> None:
    """Refuse a request whose end or whose sender two readers could see differently.

    Raises:
        MalformedInput: Two lengths, a length beside a transfer coding, or two credentials.
    """
    names = [name for name, _ in headers]
    lengths = names.count(b"content-length")
    if lengths > 1 or (lengths and b"transfer-encoding" in names):
        raise MalformedInput("headers: give either one Content-Length or Transfer-Encoding: chunked, not both")
    if names.count(b"authorization") > 1:
        raise MalformedInput("headers: Authorization is given more than once")


def is_foreign_claim(name: bytes) -> bool:
    """Whether the header pretends to be what only a proxy of ours says; ``_`` passes for ``-`` with some readers."""
    return b"_" in name or name.startswith(_OURS) or name in _OURS_WHOLE


def http_scheme(scheme: str) -> str:
    """The scheme of the page that a request of ``scheme`` comes from: ``wss`` belongs to ``https``."""
    return {"ws": "http", "wss": "https"}.get(scheme, scheme)


def value_of(headers: Iterable[Header], wanted: bytes) -> str:
    """The first value of a header, or nothing."""
    return next((value.decode("latin-1") for name, value in headers if name == wanted), "")


def session_secret(headers: Iterable[Header], scheme: str) -> str | None:
    """The secret of the session that the request shows.

    Raises:
        MalformedInput: It shows several.
    """
    found = secrets_in((value.decode("latin-1") for name, value in headers if name == b"cookie"), http_scheme(scheme))
    if len(found) > 1:
        raise MalformedInput("headers: Cookie holds several sessions; delete this site's cookies and sign in again")
    return next(iter(found), None)


def passed_on(headers: Iterable[Header], request_id: str, bearer: str | None) -> list[Header]:
    """The headers as a service gets them: no foreign claims, no session, our request id, the access token if there is one."""
    replaced = {b"x-request-id", b"authorization"} if bearer is not None else {b"x-request-id"}
    kept = [
        (name, value)
        for name, value in map(_without_session, headers)
        if value is not None and name not in replaced and not is_foreign_claim(name)
    ]
    kept.append((b"x-request-id", request_id.encode()))
    if bearer is not None:
        kept.append((b"authorization", b"Bearer " + bearer.encode()))
    return kept


def _without_session(header: Header) -> tuple[bytes, bytes | None]:
    name, value = header
    if name != b"cookie":
        return header
    return name, without_secrets(value.decode("latin-1")).encode("latin-1") or None
