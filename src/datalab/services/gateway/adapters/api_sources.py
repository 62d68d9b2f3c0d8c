"""The services' own OpenAPI documents: of a mounted app by calling it, of another process over HTTP."""

import asyncio
from collections.abc import Sequence
from typing import Any

import aiohttp
import orjson
from starlette.types import ASGIApp, Message

from datalab.catalog import SERVICES
from datalab.contracts.errors import Unavailable
from datalab.services.gateway.adapters.inner_request import inner_get

_PATH = "/openapi.json"
_PATIENCE_S = 5.0
_LONGEST = 8 * 1024 * 1024


class MountedApi:
    """The document of an app in this process."""

    def __init__(self, service: str, app: ASGIApp) -> None:
        self.service = service
        self.prefix = SERVICES[service].prefix
        self._app = app

    async def document(self) -> dict[str, Any]:
        """The document as it is now. Raises Unavailable."""
        body = bytearray()

        async def send(message: Message) -> None:
            body.extend(message.get("body", b""))

        await self._app(inner_get(_PATH), _nothing, send)
        return _parsed(self.service, bytes(body))


class RemoteApi:
    """The document of a service in other processes, from the first of its instances that answers."""

    def __init__(self, service: str, urls: Sequence[str]) -> None:
        self.service = service
        self.prefix = SERVICES[service].prefix
        self._urls = urls

    async def document(self) -> dict[str, Any]:
        """The document as it is now. Raises Unavailable when no instance answers within seconds."""
        reasons: list[str] = []
        for url in self._urls:
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    return _parsed(self.service, await _read(url + _PATH))
            except TimeoutError:
                reasons.append(f"no answer within {_PATIENCE_S:g} s")
            except (aiohttp.ClientError, OSError) as error:
                reasons.append(str(error) or type(error).__name__)
        raise Unavailable(f"the {self.service} service can't be reached now: {'; '.join(reasons)}")


async def _read(url: str) -> bytes:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        body = bytearray()
        async for piece in response.content.iter_any():
            body += piece
            if len(body) > _LONGEST:
                raise aiohttp.ClientError(f"its document has more than {_LONGEST:,} bytes")
        return bytes(body)


def _parsed(service: str, body: bytes) -> dict[str, Any]:
    try:
        found: Any = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Unavailable(f"what the {service} service answers is no OpenAPI document") from error
    if not (isinstance(found, dict) and "openapi" in found and "paths" in found):
        raise Unavailable(f"what the {service} service answers is no OpenAPI document")
    return found  # pyright: ignore[reportUnknownVariableType]


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}
