"""Where the services are."""

import itertools
import os
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from datalab.contracts.errors import InvalidInput

DEFAULT_URL = "http://127.0.0.1:8000"


class Endpoints:
    """The gateway's address and, for callers inside the platform, those of the services' instances in turn."""

    def __init__(self, gateway: str, services: Mapping[str, Sequence[str]] | None = None) -> None:
        """Check the addresses.

        Raises:
            InvalidInput: One of them is no http(s) URL.
        """
        self.gateway = checked(gateway)
        self._turns = {
            service: itertools.cycle([checked(url) for url in urls])
            for service, urls in (services or {}).items()
            if urls
        }

    def next(self, service: str) -> str:
        """The address to ask now; another one next time when there are several."""
        turn = self._turns.get(service)
        return self.gateway if turn is None else next(turn)


def checked(url: str) -> str:
    """``url`` without a slash at its end.

    Raises:
        InvalidInput: It is no http(s) URL.
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidInput(f"{url[:200]!r} is no address of a platform: give one such as {DEFAULT_URL}")
    return url.strip().rstrip("/")


def url_from_environment() -> str:
    """``DATALAB_URL``, else the platform on this machine."""
    return os.environ.get("DATALAB_URL") or DEFAULT_URL


def token_from_environment() -> str | None:
    """``DATALAB_TOKEN``."""
    return os.environ.get("DATALAB_TOKEN") or None
