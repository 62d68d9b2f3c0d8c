"""How much has to travel before the first page can be used."""

from playwright.async_api import Page
from tests.console.lab import IN_A_BROWSER

pytestmark = IN_A_BROWSER

BUDGET = 400_000
TRAVELLED = """() => Object.fromEntries(
  [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .filter((one) => !new URL(one.name).pathname.startsWith('/api/'))
    .map((one) => [new URL(one.name).pathname, one.transferSize]))"""


async def test_the_first_page_needs_less_than_400_kilobytes(page: Page):
    await page.goto("/")
    await page.get_by_role("heading", name="Home", level=1).wait_for()
    await page.evaluate("document.fonts.ready")
    travelled = await page.evaluate(TRAVELLED)
    assert any(path.startswith("/assets/index-") for path in travelled)
    assert sum(travelled.values()) < BUDGET, travelled


async def test_what_only_some_pages_need_waits_for_them(page: Page):
    await page.goto("/services")
    await page.get_by_role("link", name="gateway").wait_for()
    names = [name.lower() for name in await page.evaluate(TRAVELLED)]
    assert not [name for name in names if any(heavy in name for heavy in ("vega", "codemirror", "sqlpage"))]
