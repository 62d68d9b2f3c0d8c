"""The OpenAPI document of the whole platform."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from datalab.contracts.errors import PlatformError
from datalab.services.gateway.model.api_document import Part, merged
from datalab.services.gateway.model.code_samples import with_samples
from datalab.services.gateway.ports import ApiSource

AVAILABILITY_KEY = "x-datalab-services"
FRESH_S = 30.0
"""For how long the services aren't asked again."""


class ApiDocument:
    """Merges the services' documents; of a service that is away the one last seen counts."""

    def __init__(
        self, own: Callable[[], dict[str, Any]], sources: Sequence[ApiSource], version: str, fresh_s: float = FRESH_S
    ) -> None:
        self._own = own
        self._sources = sources
        self._version = version
        self._fresh_s = fresh_s
        self._seen: dict[str, tuple[datetime, dict[str, Any]]] = {}
        self._whole: dict[str, Any] = {}
        self._merged: tuple[list[Part], dict[str, dict[str, str]]] | None = None
        self._until = 0.0
        self._turn = asyncio.Lock()

    async def whole(self) -> dict[str, Any]:
        """The document; the same object as long as it is the same."""
        async with self._turn:
            if time.monotonic() >= self._until:
                await self._renew()
                self._until = time.monotonic() + self._fresh_s
            return self._whole

    async def _renew(self) -> None:
        states = await asyncio.gather(*(self._ask(source) for source in self._sources))
        availability = {source.service: state for source, state in zip(self._sources, states, strict=True)}
        parts = [Part("gateway", None, self._own())]
        parts += [
            Part(source.service, source.prefix, self._seen[source.service][1])
            for source in self._sources
            if source.service in self._seen
        ]
        if (parts, availability) != self._merged:
            # Off the event loop: it takes as long as a hundred requests.
            self._whole = await asyncio.to_thread(_whole, parts, self._version, availability)
            self._merged = (parts, availability)

    async def _ask(self, source: ApiSource) -> dict[str, str]:
        try:
            document = await source.document()
        except PlatformError as error:
            seen = self._seen.get(source.service)
            if seen is None:
                return {"state": "never seen", "detail": error.detail}
            return {"state": "last seen", "seen_at": seen[0].isoformat(), "detail": error.detail}
        self._seen[source.service] = (datetime.now(UTC), document)
        return {"state": "current"}


def _whole(parts: Sequence[Part], version: str, availability: dict[str, dict[str, str]]) -> dict[str, Any]:
    return with_samples(merged(parts, "DataLab", version)) | {AVAILABILITY_KEY: availability}
