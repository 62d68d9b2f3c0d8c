"""Whether everybody can read a page: axe in both themes, and a narrow window."""

import json
from pathlib import Path
from typing import Any

from playwright.async_api import Page

AXE = Path(__file__).parents[2] / "console" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = {"width": 320, "height": 720}
RUN = """async (tags) => {
  const found = await axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'],
    // A menu stands beside the landmarks while it is open; the shell gives every page its landmarks.
    rules: { region: { enabled: false } } })
  return found.violations.map((one) => ({
    rule: one.id,
    help: one.help,
    where: one.nodes.slice(0, 5).map((node) => `${node.target.join(' ')}: ${node.failureSummary}`),
  }))
}"""
WIDER = """() => {
  const room = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= room) return []
  return [...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > room + 1)
    .map((one) => one.outerHTML.slice(0, 160))
    .slice(0, 5)
}"""


async def axe(page: Page) -> list[dict[str, Any]]:
    """What axe finds wrong with the page as it is now."""
    # Evaluated by the driver, so the page's own policy stays as strict as it is served.
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text())
    return await page.evaluate(RUN, TAGS)


async def check(page: Page, how: str) -> None:
    """Fail, saying what is wrong, unless axe finds nothing."""
    found = await axe(page)
    assert not found, f"{how}: {json.dumps(found, indent=1)}"


async def audited(page: Page) -> None:
    """Fail unless the page is sound in both themes and, 320 px wide, does not scroll sideways."""
    await page.locator("h1").first.wait_for(state="attached")
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await check(page, scheme)
    size = page.viewport_size
    await page.set_viewport_size(NARROW)
    wider = await page.evaluate(WIDER)
    assert not wider, f"wider than {NARROW['width']} px: {wider}"
    await check(page, "narrow")
    if size is not None:
        await page.set_viewport_size(size)
