"""What of a request goes on to another process: where to, and with which headers."""

from collections.abc import Iterable

from starlette.types import Scope

from datalab.kernel.traces.context import TRACEPARENT, current_traceparent
from datalab.services.gateway.adapters.headers import Header, http_scheme, value_of

HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
_NOT_SENT = HOP_BY_HOP | {b"host", b"expect"}


def target_of(scope: Scope) -> str:
    """Path and query as they came: whatever is encoded stays so."""
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    return (path + b"?" + query if query else path).decode("latin-1")


def headers_onward(scope: Scope) -> list[tuple[str, str]]:
    """The headers that are the next reader's, and whom the request came from."""
    headers: list[Header] = scope["headers"]
    dropped = _NOT_SENT | named_by_connection(headers)
    traceparent = current_traceparent()
    if traceparent is not None:
        dropped |= {TRACEPARENT.encode()}
    kept = [(name.decode("latin-1"), value.decode(errors="replace")) for name, value in headers if name not in dropped]
    if traceparent is not None:
        kept.append((TRACEPARENT, traceparent))
    kept.append(("X-Forwarded-Proto", http_scheme(scope["scheme"])))
    kept.append(("X-Forwarded-Host", value_of(headers, b"host")))
    if client := scope.get("client"):
        kept.append(("X-Forwarded-For", str(client[0])))
    return kept


def named_by_connection(headers: Iterable[Header]) -> frozenset[bytes]:
    """The headers that ``Connection`` names as meant for the first reader only."""
    named = [value for name, value in headers if name.lower() == b"connection"]
    return frozenset(part.strip().lower() for value in named for part in value.split(b","))
