"""Makes the README's pictures of the console: ``python -m tests.console.screenshots FOLDER``."""

import asyncio
import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from PIL import Image
from playwright.async_api import Browser, async_playwright, expect
from tests.console.chromium import find_chromium
from tests.console.lab import Lab, set_up
from tests.e2e.shapes import embedded

from datalab.cli.demo.asking import QUESTION
from datalab.cli.demo.charting import DASHBOARD
from datalab.cli.demo.learning import MODEL

COLOURS = 128
WIDE, NARROW = (1280, 800), (390, 844)
SETTLED_MS = 2_500


@dataclass(frozen=True)
class Shot:
    """One picture: of which page, how wide, in which theme, after which key was pressed; ``{job}`` is that of a job among others."""

    name: str
    path: str
    size: tuple[int, int] = WIDE
    theme: Literal["light", "dark"] = "light"
    press: str | None = None


SHOTS = (
    Shot("console-home-light", "/"),
    Shot("console-home-dark", "/", theme="dark"),
    Shot("console-home-narrow", "/", size=NARROW),
    Shot("console-sql", f"/sql?chart=1&sql={quote(QUESTION)}", press="Control+Enter"),
    Shot("console-model", f"/models/{MODEL}"),
    Shot("console-job", "/jobs/{job}"),
    Shot("console-dashboard-dark", f"/dashboards/{DASHBOARD}", theme="dark"),
)


async def make(folder: Path) -> None:
    """Walk the main job on a fresh platform, then look at it."""
    chromium = find_chromium()
    with tempfile.TemporaryDirectory() as scratch, embedded(Path(scratch) / "home") as platform:
        lab = Lab(platform)
        walked = platform.run("demo", DATALAB_URL=lab.url, DATALAB_TOKEN=lab.key)
        assert walked.returncode == 0, walked.stderr
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=chromium.path, args=chromium.arguments, env=dict(chromium.environment) or None
            )
            await set_up(lab, browser, platform.home)
            job = _job(lab)
            for shot in SHOTS:
                path = folder / f"{shot.name}.png"
                path.write_bytes(_small(await _take(browser, lab, shot, shot.path.format(job=job))))
                print(path, path.stat().st_size)
            await browser.close()


async def _take(browser: Browser, lab: Lab, shot: Shot, address: str) -> bytes:
    width, height = shot.size
    async with await browser.new_context(
        base_url=lab.url,
        viewport={"width": width, "height": height},
        color_scheme=shot.theme,
        locale="en-GB",
        storage_state=lab.session,
    ) as context:
        page = await context.new_page()
        await page.goto(address)
        await page.get_by_role("heading", level=1).wait_for(state="attached")
        await page.wait_for_timeout(SETTLED_MS)
        if shot.press is not None:
            await page.locator(".cm-content").click()
            await page.keyboard.press(shot.press)
            await page.wait_for_timeout(SETTLED_MS)
        await expect(page.locator("main [aria-busy=true]")).to_have_count(0)
        return await page.screenshot()


def _job(lab: Lab) -> str:
    with lab.api() as api:
        return str(api.get("/api/v1/compute/jobs?kind=sql&limit=1").json()["items"][0]["id"])


def _small(png: bytes) -> bytes:
    written = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
        written, "PNG", optimize=True
    )
    return written.getvalue()


if __name__ == "__main__":
    asyncio.run(make(Path(sys.argv[1])))
