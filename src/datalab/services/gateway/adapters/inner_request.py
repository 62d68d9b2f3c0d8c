"""Requests that the gateway makes of apps in its own process."""

from starlette.types import Scope


def inner_get(path: str) -> Scope:
    """The scope of a GET that comes from nobody outside."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"localhost")],
        "client": None,
        "server": None,
        "extensions": {},
        "state": {},
    }
