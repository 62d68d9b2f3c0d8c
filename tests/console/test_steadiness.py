"""Nothing jumps while a page fills: what is not there yet has its room."""

import asyncio
from collections.abc import Iterator

import pytest
from playwright.async_api import Browser
from tests.console.lab import IN_A_BROWSER, Lab
from tests.console.steadiness import jumps

pytestmark = IN_A_BROWSER

MOST = 0.02
TOGETHER = 3
CHART = {
    "title": "Steady seats",
    "dataset": "planes",
    "spec": {
        "mark": "bar",
        "encoding": {"x": {"field": "tailnum", "type": "nominal"}, "y": {"field": "seats", "type": "quantitative"}},
    },
}
BOARD = {
    "title": "Steady",
    "tiles": [
        {"chart": "steady", "column": 0, "row": 0, "width": 6, "height": 4},
        {"text": "# Seats\n\nof every plane", "column": 6, "row": 0, "width": 6, "height": 4},
    ],
}
PAGES = (
    "/",
    "/datasets",
    "/datasets?deleted=1",
    "/datasets/planes",
    "/datasets/planes?tab=profile",
    "/datasets/planes?tab=history",
    "/sql",
    "/charts",
    "/charts/steady",
    "/charts/steady?edit=1",
    "/charts?new=1&dataset=planes",
    "/dashboards",
    "/dashboards/steady",
    "/dashboards/steady?by=tailnum&is=N14228",
    "/dashboards/steady?edit=1",
    "/models",
    "/models/{model}",
    "/models/{model}?tab=try",
    "/models/{model}?tab=versions",
    "/jobs",
    "/jobs/{job}",
    "/services",
    "/services?service=data",
    "/access?tab=users",
    "/access?tab=keys",
    "/access?tab=sessions",
    "/access?tab=audit",
)


@pytest.fixture(scope="module")
def places(lab: Lab, model: str) -> Iterator[list[str]]:
    """The pages, with something to see on each; the chart and its dashboard are gone afterwards."""
    with lab.api() as api:
        for path, body in (("charts/steady", CHART), ("dashboards/steady", BOARD)):
            made = api.put(f"/api/v1/viz/{path}", json=body)
            assert made.is_success, made.text
        job = api.get(f"/api/v1/ai/models/{model}/versions").json()["items"][0]["job_id"]
        yield [path.format(model=model, job=job) for path in PAGES]
        for path in ("dashboards/steady", "charts/steady"):
            api.delete(f"/api/v1/viz/{path}")


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 800)], ids=["wide", "narrow"])
async def test_nothing_jumps_while_a_page_fills(browser: Browser, lab: Lab, places: list[str], width: int, height: int):
    hands = asyncio.Semaphore(TOGETHER)
    async with await browser.new_context(
        base_url=lab.url, viewport={"width": width, "height": height}, locale="en-GB", storage_state=lab.session
    ) as context:

        async def look(path: str):
            async with hands:
                return await jumps(context, path)

        # Who has been here before: what a page took the last time is known on the device.
        await look("/")
        seen = await asyncio.gather(*map(look, places))
    assert not (found := [one for one in seen if one.sum >= MOST]), "\n".join(map(str, found))
