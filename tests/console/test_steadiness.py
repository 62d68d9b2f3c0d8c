"""Nothing jumps while a page fills: what is not there yet has its room."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest
from playwright.async_api import Browser, StorageState, ViewportSize, expect
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
JOBS = "/api/v1/compute/jobs"
FAILS = {"kind": "sql", "spec": {"sql": "SELECT * FROM nowhere", "into": "unsteady"}, "retries": 0}
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
    "/jobs/{awaited}",
    "/jobs/{waiting}",
    "/services",
    "/services?service=data",
    "/access?tab=users",
    "/access?tab=keys",
    "/access?tab=sessions",
    "/access?tab=audit",
)


def run(api: httpx.Client, job: dict[str, object]) -> str:
    """The id of a job that has run to its end."""
    made = api.post(JOBS, json=job)
    assert made.is_success, made.text
    job_id = made.json()["id"]
    api.get(f"{JOBS}/{job_id}/events")
    return job_id


@pytest.fixture(scope="module")
def places(lab: Lab, model: str) -> Iterator[list[str]]:
    """The pages, with something to see on each; the chart and its dashboard are gone afterwards."""
    with lab.api() as api:
        for path, body in (("charts/steady", CHART), ("dashboards/steady", BOARD)):
            made = api.put(f"/api/v1/viz/{path}", json=body)
            assert made.is_success, made.text
        job = api.get(f"/api/v1/ai/models/{model}/versions").json()["items"][0]["job_id"]
        awaited = run(api, {"kind": "sql", "spec": {"sql": "SELECT 1 AS awaited"}})
        waiting = run(api, {"kind": "sql", "spec": {"sql": "SELECT 2 AS waiting"}, "depends_on": [awaited]})
        yield [path.format(model=model, job=job, awaited=awaited, waiting=waiting) for path in PAGES]
        for path in ("dashboards/steady", "charts/steady"):
            api.delete(f"/api/v1/viz/{path}")


@pytest.fixture(params=[(1280, 800), (360, 800)], ids=["wide", "narrow"])
def viewport(request: pytest.FixtureRequest) -> ViewportSize:
    """A window's size."""
    width, height = request.param
    return {"width": width, "height": height}


@pytest.mark.timeout(600)
async def test_nothing_jumps_while_a_page_fills(browser: Browser, lab: Lab, places: list[str], viewport: ViewportSize):
    hands = asyncio.Semaphore(TOGETHER)
    async with await browser.new_context(
        base_url=lab.url, viewport=viewport, locale="en-GB", storage_state=lab.session
    ) as context:

        async def look(path: str):
            async with hands:
                return await jumps(context, path)

        # Who has been here before: what a page took the last time is known on the device.
        await look("/")
        seen = await asyncio.gather(*map(look, places))
    assert not (found := [one for one in seen if one.sum >= MOST]), "\n".join(map(str, found))


async def test_nothing_jumps_on_a_device_s_first_home_when_a_job_has_failed(
    browser: Browser, lab: Lab, viewport: ViewportSize
):
    with lab.api() as api:
        run(api, FAILS)
    session = StorageState(cookies=lab.session["cookies"], origins=[])
    async with await browser.new_context(
        base_url=lab.url, viewport=viewport, locale="en-GB", storage_state=session
    ) as context:
        seen = await jumps(context, "/")
        page = await context.new_page()
        await page.goto("/")
        await expect(page.get_by_text("The sql job unsteady failed").first).to_be_visible()
    assert seen.sum < MOST, str(seen)
