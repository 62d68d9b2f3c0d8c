"""A cache of images that tells how often it had what was asked for."""

from collections.abc import Callable

from datalab.services.viz.ports import ImageCache


class CountedCache:
    """Another :class:`~datalab.services.viz.ports.ImageCache`; ``looked`` is told at each look whether it had it."""

    def __init__(self, cache: ImageCache, looked: Callable[[bool], None]) -> None:
        self._cache = cache
        self._looked = looked

    async def get(self, key: str) -> bytes | None:
        """The bytes, if they are kept."""
        found = await self._cache.get(key)
        self._looked(found is not None)
        return found

    async def put(self, key: str, content: bytes) -> None:
        """Keep the bytes."""
        await self._cache.put(key, content)
