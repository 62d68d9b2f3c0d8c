"""What a viewer is offered: all there is to see, and nothing that would be refused."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Page, Response, expect
from tests.console.audit import audited
from tests.console.lab import IN_A_BROWSER, Lab

pytestmark = IN_A_BROWSER

CHART = {
    "title": "Seats for all",
    "dataset": "planes",
    "spec": {
        "mark": "bar",
        "encoding": {"x": {"field": "tailnum", "type": "nominal"}, "y": {"field": "seats", "type": "quantitative"}},
    },
}
BOARD = {"title": "For all", "tiles": [{"chart": "for_all"}]}
CHANGES = [
    "Upload data",
    "Start with sample data",
    "Add data",
    "Train",
    "Train a model",
    "Train again",
    "Make a chart",
    "Save chart",
    "Edit",
    "Edit description",
    "Describe it",
    "Add to a dashboard",
    "Make a dashboard",
    "Arrange",
    "Run SQL as a job",
    "Run again",
    "Restore",
    "Add a user",
    "Delete",
]
PLACES = {
    "/": "Home",
    "/datasets": "Datasets",
    "/datasets/planes": "planes",
    "/datasets/planes?tab=profile": "planes",
    "/datasets/planes?tab=history": "planes",
    "/sql": "SQL",
    "/charts": "Charts",
    "/charts/for_all": "Seats for all",
    "/dashboards": "Dashboards",
    "/dashboards/for_all": "For all",
    "/models": "Models",
    "/jobs": "Jobs",
    "/services": "Services",
    "/access": "Access",
}
ASKING_TOO_MUCH = {
    "/datasets?upload=1": "You can’t upload data",
    "/datasets/planes?upload=1": "You can’t add data",
    "/charts?new=1": "You can’t make charts",
    "/charts/for_all?edit=1": "You can’t change charts",
    "/dashboards?new=1": "You can’t make dashboards",
    "/dashboards/for_all?edit=1": "You can’t arrange dashboards",
    "/models?train=true": "You can’t train models",
    "/jobs?new=true": "You can’t run jobs",
}


@pytest.fixture(autouse=True)
def shown(lab: Lab) -> Iterator[None]:
    """A chart on a dashboard; gone afterwards."""
    with lab.api() as api:
        for path, body in (("charts/for_all", CHART), ("dashboards/for_all", BOARD)):
            made = api.put(f"/api/v1/viz/{path}", json=body)
            assert made.is_success, made.text
        yield
        for path in ("dashboards/for_all", "charts/for_all"):
            api.delete(f"/api/v1/viz/{path}")


async def test_every_place_is_seen_and_none_offers_what_would_be_refused(viewer: Page):
    refused = list[str]()

    def note(answer: Response) -> None:
        if answer.status >= 400:
            refused.append(f"{answer.status} {answer.request.method} {answer.url}")

    viewer.on("response", note)
    for path, heading in PLACES.items():
        await viewer.goto(path)
        await expect(viewer.get_by_role("heading", name=heading, level=1, exact=True)).to_be_attached()
        await expect(viewer.locator("main [aria-busy=true]")).to_have_count(0)
        await expect(viewer.get_by_role("main").get_by_role("alert"), path).to_have_count(0)
        main = viewer.get_by_role("main")
        for role in ("button", "link"):
            for name in CHANGES:
                await expect(main.get_by_role(role, name=name, exact=True), f"{path}: {name}").to_have_count(0)
    assert refused == []


async def test_a_link_to_a_change_shows_the_thing_and_says_which_role_it_takes(viewer: Page):
    for path, title in ASKING_TOO_MUCH.items():
        await viewer.goto(path)
        notice = viewer.get_by_role("alert").filter(has_text=title)
        await expect(notice, path).to_contain_text("It takes the role editor, and yours is viewer.")
        await expect(viewer.get_by_role("dialog")).to_have_count(0)
    await audited(viewer)


async def test_commands_and_keys_of_editors_are_not_a_viewers(viewer: Page):
    await viewer.goto("/charts")
    await viewer.get_by_role("link", name="Seats for all").wait_for()
    await viewer.keyboard.press("n")
    await viewer.keyboard.press("u")
    await viewer.keyboard.press("Control+k")
    await viewer.keyboard.type("make")
    await expect(viewer.get_by_role("option", name="Make a chart")).to_have_count(0)
    await viewer.keyboard.press("Escape")
    await expect(viewer.get_by_role("heading", name="Charts", level=1)).to_be_visible()
    assert viewer.url.endswith("/charts")


async def test_a_viewer_asks_in_sql_and_takes_the_answer_along(viewer: Page):
    await viewer.goto("/datasets/planes")
    await viewer.get_by_role("link", name="Chart", exact=True).click()
    await expect(viewer.get_by_role("region", name="Result")).to_contain_text("N14228")
    await expect(viewer.get_by_role("img").locator("svg").first).to_be_visible()
    await viewer.get_by_role("button", name="Export").click()
    async with viewer.expect_download() as saving:
        await viewer.get_by_role("menuitem", name="CSV").click()
    assert (await saving.value).suggested_filename.endswith(".csv")
