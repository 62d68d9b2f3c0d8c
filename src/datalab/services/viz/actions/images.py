"""Images by the name of their content: drawn once, however many ask at the same time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from datalab.services.viz.model.keys import Drawing
from datalab.services.viz.ports import ImageCache, Renderer

Make = Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Image:
    """The bytes, and whether they were there already."""

    content: bytes
    cached: bool


@dataclass(slots=True)
class _Making:
    """An image that is being made, and how many wait for it."""

    task: asyncio.Task[bytes]
    waiting: int = 0


class Images:
    """The cache before the renderer, shared by all calls of a process. Asks nobody's permission: its callers did.

    What is being made when the last one who waits for it goes away is made no further.
    """

    def __init__(self, renderer: Renderer, cache: ImageCache) -> None:
        self._renderer = renderer
        self._cache = cache
        self._making: dict[str, _Making] = {}

    @property
    def version(self) -> str:
        """The renderer's release."""
        return self._renderer.version

    def expect(self) -> None:
        """An image will be asked for shortly."""
        self._renderer.expect()

    async def image(self, key: str, drawing: Drawing) -> Image:
        """The image of this name. Raises what drawing it raises."""
        return await self._kept(key, lambda: self._renderer.draw(drawing))

    async def script(self, vega_lite: str) -> bytes:
        """The JavaScript that shows charts of this Vega-Lite release."""
        key = f"script-{vega_lite}-{self.version}"
        return (await self._kept(key, lambda: self._renderer.script(vega_lite))).content

    async def kept_page(self, key: str, write: Callable[[], bytes]) -> Image:
        """The page of this name, written unless it is kept."""

        async def make() -> bytes:
            return write()

        return await self._kept(key, make)

    async def _kept(self, key: str, make: Make) -> Image:
        found = await self._cache.get(key)
        if found is not None:
            return Image(found, cached=True)
        making = self._making.get(key) or self._begin(key, make)
        making.waiting += 1
        try:
            return Image(await asyncio.shield(making.task), cached=False)
        finally:
            making.waiting -= 1
            if making.waiting == 0:
                self._forget(key, making)
                making.task.cancel()

    def _begin(self, key: str, make: Make) -> _Making:
        making = _Making(asyncio.create_task(self._make(key, make), name=f"draw {key}"))
        self._making[key] = making
        making.task.add_done_callback(lambda task: task.cancelled() or task.exception())
        return making

    def _forget(self, key: str, making: _Making) -> None:
        if self._making.get(key) is making:
            del self._making[key]

    async def _make(self, key: str, make: Make) -> bytes:
        content = await make()
        await self._cache.put(key, content)
        return content
