"""Dashboards: made, arranged by keys and by pointer, filtered, shared."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect
from tests.console.audit import audited
from tests.console.lab import IN_A_BROWSER, Lab

pytestmark = IN_A_BROWSER

HEIGHTS = {
    "title": "Heights",
    "dataset": "airports",
    "spec": {
        "mark": "bar",
        "encoding": {"x": {"field": "code", "type": "nominal"}, "y": {"field": "altitude", "type": "quantitative"}},
    },
}
LOST = {"title": "Lost", "sql": "SELECT 1 AS one FROM never_there", "spec": HEIGHTS["spec"]}
BOARD = {
    "title": "Ground",
    "tiles": [
        {"chart": "heights", "column": 0, "row": 0, "width": 6, "height": 4},
        {"chart": "lost", "column": 6, "row": 0, "width": 6, "height": 4},
    ],
}
PATH = "/api/v1/viz/dashboards/ground"


@pytest.fixture
def ground(lab: Lab) -> Iterator[str]:
    """A dashboard with a chart that is drawn and one that can't be; gone afterwards."""
    with lab.api() as api:
        for path, body in (("charts/heights", HEIGHTS), ("charts/lost", LOST), ("dashboards/ground", BOARD)):
            made = api.put(f"/api/v1/viz/{path}", json=body)
            assert made.is_success, made.text
        yield "/dashboards/ground"
        for path in ("dashboards/ground", "charts/heights", "charts/lost"):
            api.delete(f"/api/v1/viz/{path}")


async def test_a_failing_tile_says_why_and_leaves_the_others_whole(page: Page, ground: str):
    await page.goto(ground)
    await expect(page.get_by_role("img", name="Heights")).to_be_visible()
    await expect(page.get_by_text("3 rows")).to_be_visible()
    await expect(page.get_by_role("alert")).to_contain_text("never_there")
    await audited(page)


async def test_a_filter_is_in_the_link(page: Page, ground: str):
    await page.goto(ground)
    await page.get_by_label("Filter by").select_option("code")
    await page.get_by_label("code", exact=True).select_option("JFK")
    await expect(page.get_by_text("1 row ·")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("1 row ·")).to_be_visible()
    await page.get_by_role("button", name="Clear").click()
    await expect(page.get_by_text("3 rows")).to_be_visible()


async def test_a_filter_is_over_all_rows_of_every_dataset_that_has_the_column(page: Page, lab: Lab, ground: str):
    counted = {**HEIGHTS, "title": "How many", "dataset": None, "sql": "SELECT count(*) AS altitude FROM airports"}
    counted["spec"] = {"mark": "bar", "encoding": {"y": {"field": "altitude", "type": "quantitative"}}}
    with lab.api() as api:
        assert api.put("/api/v1/viz/charts/lost", json=counted).is_success
    await page.goto(f"{ground}?by=code&is=JFK")
    await expect(page.get_by_role("img", name="How many").locator("svg")).to_be_visible()
    await expect(page.get_by_text("1 row · airports version 0")).to_have_count(2)
    await expect(page.get_by_text("not filtered")).to_have_count(0)
    await page.get_by_label("Filter by").select_option("altitude")
    await page.get_by_label("altitude", exact=True).select_option("13")
    await page.reload()
    await expect(page.get_by_label("altitude", exact=True)).to_have_value("13")
    await audited(page)


async def test_a_text_stands_beside_the_charts_and_can_do_nothing(page: Page, ground: str):
    await page.goto(f"{ground}?edit=1")
    await page.get_by_role("button", name="Add a text").click()
    dialog = page.get_by_role("dialog", name="Add a text")
    await dialog.get_by_label("Text").fill("# About the heights\n\n- in **feet**\n\n<img src=x onerror=alert(1)>")
    await audited(page)
    await dialog.get_by_role("button", name="Add it").click()
    await expect(page.get_by_role("group", name="Text 3")).to_contain_text("in feet")
    await page.get_by_role("button", name="Change Text 3").click()
    await page.get_by_role("dialog").get_by_label("Text").fill("# About all heights")
    await page.get_by_role("button", name="Change it").click()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="About all heights")).to_be_visible()
    await expect(page.get_by_text("2 charts ·")).to_be_visible()
    await audited(page)


async def test_tiles_are_arranged_by_keys_and_what_is_in_the_way_gives_way(page: Page, lab: Lab, ground: str):
    await page.goto(ground)
    await page.get_by_role("link", name="Arrange").wait_for()
    await page.keyboard.press("e")
    tile = page.get_by_role("group", name="Heights")
    await expect(tile).to_have_accessible_name("Heights: column 1, row 1, 6 wide, 4 high")
    await audited(page)
    await tile.focus()
    await page.keyboard.press("Shift+ArrowRight")
    await page.keyboard.press("Shift+ArrowDown")
    await expect(tile).to_have_accessible_name("Heights: column 1, row 1, 7 wide, 5 high")
    await expect(page.get_by_role("group", name="Lost")).to_have_accessible_name(
        "Lost: column 7, row 6, 6 wide, 4 high"
    )
    await page.keyboard.press("Control+z")
    await expect(tile).to_have_accessible_name("Heights: column 1, row 1, 7 wide, 4 high")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("link", name="Arrange")).to_be_visible()
    with lab.api() as api:
        assert api.get(PATH).json()["tiles"][0]["width"] == 7


async def test_a_tile_is_dragged_by_its_title(page: Page, ground: str):
    await page.goto(f"{ground}?edit=1")
    title = page.get_by_role("heading", name="Heights", level=2)
    await title.hover()
    place = await title.bounding_box()
    assert place is not None
    await page.mouse.down()
    await page.mouse.move(place["x"] + 40, place["y"] + 420, steps=8)
    await page.mouse.up()
    await expect(page.get_by_role("group", name="Heights")).to_have_accessible_name(
        "Heights: column 1, row 5, 6 wide, 4 high"
    )


async def test_what_somebody_else_saved_meanwhile_is_not_lost(page: Page, lab: Lab, ground: str):
    await page.goto(f"{ground}?edit=1")
    await page.get_by_role("textbox", name="Title").fill("Mine")
    with lab.api() as api:
        assert api.put(PATH, json={**BOARD, "title": "Theirs"}).is_success
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("alert").filter(has_text="It was changed meanwhile")).to_be_visible()
        assert api.get(PATH).json()["title"] == "Theirs"


async def test_a_dashboard_is_made_filled_deleted_and_brought_back(page: Page, lab: Lab, ground: str):
    await page.goto("/dashboards")
    await page.get_by_role("button", name="Make a dashboard").click()
    await page.get_by_role("dialog").get_by_label("Title").fill("Second floor")
    await page.keyboard.press("Enter")
    await page.get_by_label("Chart").select_option("heights")
    await page.get_by_role("button", name="Add the chart").click()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("img", name="Heights")).to_be_visible()
    await page.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Delete").click()
    await expect(page.get_by_role("heading", name="Dashboards", level=1)).to_be_visible()
    await audited(page)
    await page.get_by_role("button", name="Undo").last.click()
    await expect(page.get_by_role("img", name="Heights")).to_be_visible()
    with lab.api() as api:
        assert api.delete("/api/v1/viz/dashboards/second_floor").is_success
