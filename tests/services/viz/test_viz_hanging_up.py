"""Whoever goes away is drawn nothing, unless somebody else waits for the same image."""

import asyncio
from typing import Any, cast

import pytest

from datalab import catalog
from datalab.contracts.viz import Rendering
from datalab.kernel.http.app import create_app
from datalab.kernel.http.routes import serve_actions
from datalab.kernel.testing.app import app_parts
from datalab.kernel.testing.hanging_up import hang_up
from datalab.kernel.testing.identity import caller
from datalab.services.viz.actions.images import Images
from datalab.services.viz.model.keys import Drawing
from datalab.services.viz.routes import router

DRAWING = cast("Drawing", object())


class Slow:
    """A renderer that draws when it is let, and counts what it began and what was stopped."""

    version = "slow"

    def __init__(self) -> None:
        self.begun = 0
        self.stopped = 0
        self.go_on = asyncio.Event()

    async def draw(self, drawing: Drawing) -> bytes:
        self.begun += 1
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.stopped += 1
            raise
        return b"image"

    async def script(self, vega_lite: str) -> bytes:
        return vega_lite.encode()

    def expect(self) -> None:
        pass


class Nothing:
    """A cache that keeps nothing."""

    async def get(self, key: str) -> bytes | None:
        return None

    async def put(self, key: str, content: bytes) -> None:
        pass


async def waiting(images: Images, slow: Slow, begun: int) -> asyncio.Task[Any]:
    """Somebody who waits for the image, while so many drawings were begun."""
    task = asyncio.create_task(images.image("key", DRAWING))
    for _ in range(10):
        await asyncio.sleep(0)
    assert slow.begun == begun
    return task


async def leave(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.wait([task])
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_drawing_is_stopped_when_the_last_who_waits_goes_away():
    slow = Slow()
    images = Images(slow, Nothing())
    first, second = await waiting(images, slow, 1), await waiting(images, slow, 1)
    await leave(first)
    assert slow.stopped == 0
    await leave(second)
    assert slow.stopped == 1


async def test_whoever_stays_gets_the_image_that_others_left():
    slow = Slow()
    images = Images(slow, Nothing())
    first, second = await waiting(images, slow, 1), await waiting(images, slow, 1)
    await leave(first)
    slow.go_on.set()
    assert (await second).content == b"image"
    assert (slow.begun, slow.stopped) == (1, 0)


async def test_whoever_comes_after_all_have_left_begins_anew():
    slow = Slow()
    images = Images(slow, Nothing())
    first = await waiting(images, slow, 1)
    first.cancel()
    late = await waiting(images, slow, 2)
    slow.go_on.set()
    assert (await late).content == b"image"
    assert slow.stopped == 1


class Endless:
    """A service that never has done drawing."""

    def __init__(self) -> None:
        self.stopped: list[str] = []

    def __getattr__(self, name: str) -> Any:
        async def draw(*_: object) -> Rendering:
            try:
                await asyncio.Event().wait()
            finally:
                self.stopped.append(name)
            raise AssertionError

        return draw


@pytest.mark.parametrize(
    ("method", "path", "body", "stopped"),
    [
        ("POST", "/api/v1/viz/render", b'{"spec": {}}', "render"),
        ("GET", "/api/v1/viz/charts/late.png", b"", "render_chart"),
        ("GET", "/api/v1/viz/dashboards/delays.html", b"", "render_dashboard"),
    ],
)
async def test_drawing_stops_when_its_caller_hangs_up(method: str, path: str, body: bytes, stopped: str):
    endless = Endless()
    app = create_app(catalog.VIZ, app_parts())
    serve_actions(app, lambda _: endless, router)
    async with asyncio.timeout(30):
        await hang_up(app, method, path, caller(), body)
    assert endless.stopped == [stopped]
