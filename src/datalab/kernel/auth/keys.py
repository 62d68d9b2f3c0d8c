"""Where the public keys of access tokens come from."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any, Protocol

import aiohttp
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from datalab.contracts.errors import Unavailable

JWKS_PATH = "/.well-known/jwks.json"
_REFRESH_AFTER_S = 300.0
_RETRY_AFTER_S = 2.0
_TIMEOUT_S = 5.0


class KeySource(Protocol):
    """Gives the gateway's public keys."""

    async def keys(self, key_id: str) -> KeySet:
        """The keys, fetched anew when ``key_id`` isn't among those known. Raises Unavailable."""
        ...


class StaticKeys:
    """Keys known from the start: the gateway runs in this process."""

    def __init__(self, keys: KeySet) -> None:
        self._keys = keys

    async def keys(self, key_id: str) -> KeySet:  # noqa: ARG002 - there is nothing to fetch
        """The keys."""
        return self._keys


class RemoteKeys:
    """Keys fetched from the gateway and remembered; an unknown key id asks again, at most every two seconds."""

    def __init__(self, gateway_urls: Sequence[str]) -> None:
        self._urls = tuple(gateway_urls)
        self._known: KeySet | None = None
        self._fetched_at = float("-inf")
        self._lock = asyncio.Lock()

    async def keys(self, key_id: str) -> KeySet:
        """The keys. Raises Unavailable when none were ever fetched and the gateway doesn't answer."""
        if not self._wants_refresh(key_id):
            return self._remembered()
        async with self._lock:
            if self._wants_refresh(key_id):
                await self._refresh()
        return self._remembered()

    def _wants_refresh(self, key_id: str) -> bool:
        age = time.monotonic() - self._fetched_at
        if self._known is None or key_id not in {key.kid for key in self._known.keys}:
            return age > _RETRY_AFTER_S
        return age > _REFRESH_AFTER_S

    def _remembered(self) -> KeySet:
        if self._known is None:
            raise Unavailable("the gateway's keys can't be fetched, so no access token can be checked", retry_after_s=2)
        return self._known

    async def _refresh(self) -> None:
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            for url in self._urls:
                try:
                    async with session.get(url + JWKS_PATH) as response:
                        response.raise_for_status()
                        document: Any = await response.json()
                    self._known = KeySet.import_key_set(document)
                except (aiohttp.ClientError, TimeoutError, JoseError, ValueError, KeyError):
                    continue
                self._fetched_at = time.monotonic()
                return
        if self._known is not None:
            self._fetched_at = time.monotonic()
