"""Charts: the gallery, one chart, making and changing one."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect
from tests.console.audit import audited
from tests.console.lab import IN_A_BROWSER, Lab

pytestmark = IN_A_BROWSER

CHART = {
    "title": "Seats by plane",
    "dataset": "planes",
    "spec": {
        "mark": "bar",
        "encoding": {"x": {"field": "tailnum", "type": "nominal"}, "y": {"field": "seats", "type": "quantitative"}},
    },
}


@pytest.fixture
def seats(lab: Lab) -> Iterator[str]:
    """A chart of its own, gone afterwards."""
    with lab.api() as api:
        made = api.put("/api/v1/viz/charts/seats", json=CHART)
        assert made.is_success, made.text
        yield "seats"
        api.delete("/api/v1/viz/charts/seats")


async def test_a_first_chart_is_made_without_sql(page: Page, lab: Lab):
    await page.goto("/charts")
    await page.get_by_role("link", name="Make a chart").first.wait_for()
    await page.keyboard.press("n")
    await page.get_by_role("textbox", name="Title").fill("Height of airports")
    await page.get_by_label("Rows from").select_option("airports")
    await page.get_by_label("Across", exact=True).select_option("name")
    await page.get_by_label("Up", exact=True).select_option("altitude")
    await page.get_by_label("Up as").select_option("mean")
    await expect(page.get_by_role("img", name="Height of airports")).to_be_visible()
    await expect(page.get_by_text("3 rows")).to_be_visible()
    await audited(page)
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("heading", name="Height of airports", level=1)).to_be_visible()
    assert page.url.endswith("/charts/height_of_airports")
    with lab.api() as api:
        saved = api.get("/api/v1/viz/charts/height_of_airports").json()
        assert saved["dataset"] == "airports"
        assert saved["spec"]["encoding"]["y"] == {"field": "altitude", "aggregate": "mean", "type": "quantitative"}
        assert api.delete("/api/v1/viz/charts/height_of_airports").is_success


async def test_the_gallery_draws_charts_and_leads_to_them(page: Page, seats: str):
    await page.goto("/charts?filter=seat")
    picture = page.get_by_role("listitem").filter(has_text="Seats by plane").locator("img")
    await expect(picture).to_be_visible()
    await audited(page)
    await page.get_by_role("link", name="Seats by plane").click()
    await expect(page.get_by_role("img", name="Seats by plane")).to_be_visible()
    await expect(page.get_by_text("3 rows")).to_be_visible()
    await audited(page)


async def test_a_spec_that_cannot_be_is_told_with_its_place(page: Page, seats: str):
    await page.goto("/charts/seats?edit=1")
    await page.get_by_role("tab", name="Vega-Lite").click()
    text = page.get_by_role("textbox", name="Vega-Lite")
    await text.fill('{\n  "mark": bar\n}')
    await expect(page.get_by_text("Line 2, column 11")).to_be_visible()
    await text.fill('{"mark": "bar", "width": 99999, "encoding": {"x": {"field": "seats"}}}')
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("alert")).to_contain_text("spec.width")


async def test_a_change_by_somebody_else_is_not_overwritten_unless_one_says_so(page: Page, lab: Lab, seats: str):
    await page.goto("/charts/seats?edit=1")
    await page.get_by_role("textbox", name="Title").fill("Mine")
    with lab.api() as api:
        assert api.put("/api/v1/viz/charts/seats", json={**CHART, "title": "Theirs"}).is_success
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("alert")).to_contain_text("It was changed meanwhile")
        assert api.get("/api/v1/viz/charts/seats").json()["title"] == "Theirs"
        await audited(page)
        await page.get_by_role("link", name="Cancel").click()
        await page.get_by_role("dialog", name="Leave without saving?").get_by_role("button", name="Stay").click()
        await page.get_by_role("button", name="Save mine over it").click()
        await expect(page.get_by_role("heading", name="Mine", level=1)).to_be_visible()
        assert api.get("/api/v1/viz/charts/seats").json()["title"] == "Mine"


async def test_a_deleted_chart_is_brought_back(page: Page, lab: Lab, seats: str):
    await page.goto("/charts/seats")
    await page.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Delete").click()
    await expect(page.get_by_role("heading", name="Charts", level=1)).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("heading", name="Seats by plane", level=1)).to_be_visible()
    with lab.api() as api:
        assert api.get("/api/v1/viz/charts/seats").json()["spec"] == CHART["spec"]
