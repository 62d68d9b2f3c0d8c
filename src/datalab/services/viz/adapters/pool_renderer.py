"""Drawing in the pool's processes."""

import asyncio
import contextlib
import logging
import time
from importlib.metadata import version
from typing import Any

from datalab.contracts.errors import DeadlineExceeded, PlatformError
from datalab.contracts.viz import SpecRefused
from datalab.kernel.pool.errors import WorkerDied
from datalab.kernel.pool.pool import Pool
from datalab.services.viz.model.keys import Drawing

PROFILE = "render"
CHILD = "datalab.services.viz.adapters.render_child"
_WARM_S = 45
"""How long after a drawing the next one surely finds a process ready."""
_FIRST_S = 60
_log = logging.getLogger(__name__)


class PoolRenderer:
    """:class:`~datalab.services.viz.ports.Renderer` over the pool's profile ``render``."""

    def __init__(self, pool: Pool, timeout_s: float) -> None:
        self._pool = pool
        self._timeout_s = timeout_s
        self._version = f"vl-convert-{version('vl-convert-python')}"
        self._last_use = float("-inf")
        self._warming: asyncio.Task[None] | None = None

    @property
    def version(self) -> str:
        """vl-convert and its release."""
        return self._version

    def expect(self) -> None:
        """Have a process draw something small, unless one surely is ready."""
        if self._warming is None and time.monotonic() - self._last_use > _WARM_S:
            self._warming = asyncio.create_task(self._warm(), name="warm renderer")

    async def draw(self, drawing: Drawing) -> bytes:
        """The image. Raises SpecRefused, DeadlineExceeded, MemoryLimitExceeded, PoolBusy."""
        arguments = {
            "spec": drawing.spec,
            "format": drawing.format.value,
            "scale": drawing.scale,
            "vega_lite": drawing.vega_lite,
        }
        try:
            return await self._call_again_if_killed("draw", arguments)
        except WorkerDied as error:
            raise SpecRefused(
                "spec: drawing it ended the drawing process, most likely for want of memory; draw fewer marks"
            ) from error
        except DeadlineExceeded as error:
            raise DeadlineExceeded(
                f"drawing the chart took longer than {self._timeout_s:g} s and was stopped; draw fewer marks, "
                "and compute in SQL rather than in expressions"
            ) from error

    async def script(self, vega_lite: str) -> bytes:
        """The JavaScript that shows charts of this Vega-Lite release."""
        return await self._call_again_if_killed("script", {"vega_lite": vega_lite})

    async def _call_again_if_killed(self, function: str, arguments: dict[str, Any]) -> bytes:
        """Drawing changes nothing, so a process that somebody killed meanwhile is replaced and asked anew, once."""
        if self._warming is not None:
            with contextlib.suppress(PlatformError):
                await asyncio.shield(self._warming)
        try:
            return await self._call(function, arguments)
        except WorkerDied:
            return await self._call(function, arguments)

    async def _call(self, function: str, arguments: dict[str, Any]) -> bytes:
        call = self._pool.stream(PROFILE, f"{CHILD}:{function}", arguments, timeout_s=self._timeout_s)
        async with call as stream:
            content = b"".join([chunk async for chunk in stream])
            await stream.result()
        self._last_use = time.monotonic()
        return content

    async def _warm(self) -> None:
        try:
            await self._pool.call(PROFILE, f"{CHILD}:warm", {}, timeout_s=_FIRST_S)
            self._last_use = time.monotonic()
        except PlatformError as error:
            _log.warning("the renderer can't be warmed: %s", error.detail)
        finally:
            self._warming = None
