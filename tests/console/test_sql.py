"""SQL: written, run, marked where it is wrong, drawn and kept."""

from urllib.parse import quote

from playwright.async_api import Page, expect
from tests.console.audit import audited
from tests.console.lab import IN_A_BROWSER, Lab

pytestmark = IN_A_BROWSER

SEATS = "SELECT tailnum, seats\nFROM planes\nORDER BY seats DESC"


async def opened(page: Page, sql: str = "") -> None:
    await page.goto(f"/sql?sql={quote(sql)}" if sql else "/sql")
    await page.get_by_role("textbox", name="SQL").click()


async def test_a_query_is_completed_run_and_told_of_with_its_time_and_cache(page: Page):
    await opened(page)
    await page.keyboard.type("SELECT code FROM airpo")
    await page.get_by_role("option", name="airports").click()
    await page.keyboard.type(" ORDER BY code")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("region", name="Result")).to_contain_text("EWR")
    told = page.get_by_role("status").filter(has_text="3 rows")
    await expect(told).to_contain_text("cached")
    await expect(told).to_contain_text("airports version 0")
    await audited(page)


async def test_running_a_query_closes_the_list_of_completions(page: Page):
    await opened(page)
    await page.keyboard.type("SELECT code FROM airports")
    await page.get_by_role("option", name="airports").wait_for()
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("region", name="Result")).to_contain_text("EWR")
    await expect(page.get_by_role("listbox")).to_have_count(0)


async def test_a_fault_is_marked_where_it_is(page: Page):
    await opened(page, "SELECT code,\n  heigt FROM airports")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("alert")).to_contain_text("heigt")
    await expect(page.locator(".cm-fault")).to_have_text("heigt")
    await audited(page)


async def test_the_chart_of_an_answer_is_suggested_and_saved(page: Page, lab: Lab):
    await opened(page, SEATS)
    await page.keyboard.press("Control+Enter")
    await page.get_by_role("button", name="Chart").click()
    chart = page.get_by_role("img", name="bar chart of seats by tailnum")
    await expect(chart.locator("svg")).to_be_visible()
    await expect(page.get_by_text("bar, suggested")).to_be_visible()
    await audited(page)
    await page.get_by_role("button", name="Save chart").click()
    dialog = page.get_by_role("dialog", name="Save chart")
    await dialog.get_by_label("Title").fill("Seats by plane")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Seats by plane was saved")).to_be_visible()
    with lab.api() as api:
        assert api.get("/api/v1/viz/charts/seats_by_plane").json()["sql"] == SEATS


async def test_placeholders_become_fields_that_outlive_the_page_and_go_with_the_export(page: Page):
    await opened(
        page, "SELECT tailnum, $word AS said, '$no' AS text\nFROM planes WHERE seats > $least -- $nor\nORDER BY 1"
    )
    form = page.get_by_role("form", name="Parameters")
    await expect(form.get_by_role("textbox")).to_have_count(2)
    await form.get_by_label("$word").fill("'7'")
    await form.get_by_label("$least").fill("150")
    await form.get_by_label("$least").press("Enter")
    result = page.get_by_role("region", name="Result")
    await expect(result).to_contain_text("N619AA")
    await expect(page.get_by_role("status").filter(has_text="1 row")).to_be_visible()
    await audited(page)
    await page.get_by_role("button", name="Export").click()
    async with page.expect_download() as saving:
        await page.get_by_role("menuitem", name="CSV").click()
    text = (await (await saving.value).path()).read_text()
    assert text.splitlines()[1:] == ["N619AA,7,$no"]
    await page.reload()
    await expect(form.get_by_label("$least")).to_have_value("150")
    await form.get_by_label("$least").fill("")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_text("No rows")).to_be_visible()


async def test_tabs_and_their_text_outlive_the_page(page: Page):
    await opened(page, "SELECT 41 AS kept")
    await page.get_by_role("button", name="New query").click()
    await page.get_by_role("textbox", name="SQL").click()
    await page.keyboard.type("SELECT 42 AS other")
    await page.reload()
    await expect(page.get_by_role("textbox", name="SQL")).to_contain_text("42 AS other")
    await page.get_by_role("button", name="Close Query", exact=True).click()
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("textbox", name="SQL")).to_contain_text("41 AS kept")


async def test_a_link_from_elsewhere_shows_its_query_but_does_not_run_it(page: Page):
    await page.goto(f"/sql?sql={quote(SEATS)}&run=1")
    await expect(page.get_by_role("textbox", name="SQL")).to_contain_text("tailnum")
    await expect(page.get_by_text("Nothing has run yet")).to_be_visible()


async def test_a_dataset_leads_to_its_query_which_runs(page: Page):
    await page.goto("/datasets/airports")
    await page.get_by_role("link", name="Query").click()
    await expect(page.get_by_role("region", name="Result")).to_contain_text("La Guardia")


async def test_a_query_that_takes_long_is_cancelled_by_keyboard(page: Page):
    await opened(page, "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range * b.range % 7 = 3")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_text("The query was cancelled")).to_be_visible()


async def test_what_was_asked_is_found_again(page: Page):
    await opened(page, "SELECT 'needle' AS found")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("region", name="Result")).to_contain_text("needle")
    await page.get_by_role("button", name="History").click()
    dialog = page.get_by_role("dialog", name="Queries you asked")
    await dialog.get_by_label("Filter by text").fill("needle")
    await expect(dialog.get_by_role("listitem")).to_have_count(1)
    await audited(page)
