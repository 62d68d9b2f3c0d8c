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


class Images:
    """The cache before the renderer, shared by all calls of a process. Asks nobody's permission: its callers did."""

    def __init__(self, renderer: Renderer, cache: ImageCache) -> None:
        self._renderer = renderer
        self._cache = cache
        self._making: dict[str, asyncio.Task[bytes]] = {}

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
        task = self._making.get(key)
        if task is None:
            task = asyncio.create_task(self._make(key, make), name=f"draw {key}")
            self._making[key] = task
            task.add_done_callback(lambda done: self._made(key, done))
        return Image(await asyncio.shield(task), cached=False)

    async def _make(self, key: str, make: Make) -> bytes:
        content = await make()
        await self._cache.put(key, content)
        return content

    def _made(self, key: str, task: asyncio.Task[bytes]) -> None:
        del self._making[key]
        if not task.cancelled():
            task.exception()
