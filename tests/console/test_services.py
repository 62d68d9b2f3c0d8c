"""The page of the services."""

from playwright.async_api import Page, expect
from tests.console.audit import audited
from tests.console.lab import IN_A_BROWSER

pytestmark = IN_A_BROWSER


async def test_every_instance_is_listed_with_its_state(page: Page):
    await page.goto("/services")
    table = page.get_by_role("table")
    for service in ("gateway", "data", "ai", "compute", "viz"):
        await expect(table.get_by_role("row").filter(has=page.get_by_role("link", name=service))).to_contain_text(
            "ready"
        )
    await expect(page.get_by_text("live, heard")).to_be_visible()
    await audited(page)


async def test_the_filter_is_part_of_the_link_and_escape_empties_it(page: Page):
    await page.goto("/services")
    await page.get_by_role("link", name="viz").wait_for()
    await page.keyboard.press("/")
    await page.keyboard.type("compute")
    await expect(page).to_have_url("/services?filter=compute")
    await expect(page.get_by_role("link", name="viz")).to_be_hidden()
    await page.reload()
    await expect(page.get_by_role("searchbox")).to_have_value("compute")
    await page.get_by_role("searchbox").press("Escape")
    await expect(page.get_by_role("link", name="viz")).to_be_visible()
    await expect(page).to_have_url("/services")


async def test_arrows_move_among_the_rows_and_enter_opens_one(page: Page):
    await page.goto("/services")
    await page.get_by_role("link", name="gateway").focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("link", name="data", exact=True)).to_be_focused()
    await page.keyboard.press("Enter")
    checks = page.get_by_role("region", name="Checks of data")
    await expect(checks.get_by_role("row").filter(has_text="database")).to_contain_text("ok")
    await expect(page).to_have_url("/services?service=data")
    await audited(page)
    await page.keyboard.press("Escape")
    await expect(checks).to_be_hidden()
    await expect(page).to_have_url("/services")


async def test_an_answer_that_fails_is_told_with_a_way_to_try_again(page: Page):
    await page.route("**/api/v1/services", lambda route: route.fulfill(status=500, body="{}"))
    await page.goto("/services")
    notice = page.get_by_role("alert")
    await expect(notice).to_be_visible()
    await page.unroute("**/api/v1/services")
    await notice.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("link", name="gateway")).to_be_visible()
    await expect(notice).to_be_hidden()
