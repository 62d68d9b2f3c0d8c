"""Whether a browser was told by the console, and by no other page, to send what it sends."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from datalab.contracts.gateway import CsrfRefused
from datalab.kernel.http.methods import SAFE
from datalab.services.gateway.adapters.headers import http_scheme

CONSOLE_HEADER = "X-DataLab-Console"
_DEFAULT_PORTS = {"http": 80, "https": 443}


def check_console(scope: Scope) -> None:
    """Let a request with a session pass that only the console can have made.

    Raises:
        CsrfRefused: It may have been made by another page.
    """
    if scope["method"] in SAFE:
        return
    check_origin(scope)
    if Headers(scope=scope).get(CONSOLE_HEADER) != "1":
        raise CsrfRefused(
            f"{scope['method']} with a session needs the header {CONSOLE_HEADER}: 1; "
            "programs use an API key or an access token instead of the session's cookie"
        )


def check_socket(scope: Scope) -> None:
    """Let a WebSocket's handshake with a session pass that comes from a page of this origin.

    Raises:
        CsrfRefused: It comes from another page, or from no browser.
    """
    check_origin(scope)
    if "origin" not in Headers(scope=scope):
        raise CsrfRefused("Origin: missing; programs use an API key or an access token instead of the session's cookie")


def check_origin(scope: Scope) -> None:
    """Let a request pass that says it comes from this origin, or says nothing of that.

    Raises:
        CsrfRefused: It says it comes from elsewhere.
    """
    headers, scheme = Headers(scope=scope), http_scheme(scope["scheme"])
    site = headers.get("sec-fetch-site", "same-origin")
    if site != "same-origin":
        raise CsrfRefused(f"Sec-Fetch-Site: {site[:40]!r}; with a session it must be same-origin")
    origin, host = headers.get("origin"), headers.get("host", "")
    if origin is not None and not _is_ours(origin, scheme, host):
        raise CsrfRefused(
            f"Origin: {origin[:200]!r} is not the page's own, which is {scheme}://{host[:200]}; "
            "a proxy in front must pass the Host header on as it came"
        )


def _is_ours(origin: str, scheme: str, host: str) -> bool:
    """Also where a proxy that isn't trusted to say so speaks https with the browser and http with us."""
    try:
        parts = urlsplit(origin)
        ours = urlsplit(f"{parts.scheme}://{host}")
        same = (parts.hostname, _port(parts.port, parts.scheme)) == (ours.hostname, _port(ours.port, parts.scheme))
    except ValueError:
        return False
    return parts.hostname is not None and same and parts.scheme in ("https", scheme)


def _port(given: int | None, scheme: str) -> int | None:
    return given if given is not None else _DEFAULT_PORTS.get(scheme)
