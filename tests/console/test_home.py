"""Home: what the platform holds, what needs attention, what just happened."""

from playwright.async_api import Page, expect
from tests.console.audit import audited
from tests.console.lab import IN_A_BROWSER, Lab

pytestmark = IN_A_BROWSER


async def test_it_counts_what_the_platform_holds(page: Page, lab: Lab):
    with lab.api() as api:
        held = api.get("/api/v1/data/datasets").json()["items"]
    await page.goto("/")
    main = page.get_by_role("main")
    await expect(main).to_contain_text(f"Datasets{len(held)}{sum(one['rows'] for one in held):,} rows")
    await audited(page)


async def test_it_tells_what_happened_newest_first(page: Page, lab: Lab):
    with lab.api() as api:
        for name in ("earlier", "latest"):
            made = api.put(f"/api/v1/data/datasets/{name}", content="a\n1\n", headers={"Content-Type": "text/csv"})
            assert made.is_success, made.text
        await page.goto("/")
        rows = page.get_by_role("region", name="Happening").get_by_role("row")
        await expect(rows.filter(has_text="dataset latest")).to_contain_text("1 row in 1 column")
        told = await rows.all_inner_texts()
        assert [text.split()[1] for text in told if text.startswith("dataset")][:2] == ["latest", "earlier"]
        for name in ("earlier", "latest"):
            api.delete(f"/api/v1/data/datasets/{name}")


async def test_a_failed_job_wants_attention_until_it_is_hidden(page: Page, lab: Lab):
    body = {"kind": "sql", "spec": {"sql": "SELECT * FROM lost", "into": "luggage"}, "retries": 0}
    with lab.api() as api:
        assert api.post("/api/v1/compute/jobs", json=body).is_success
    await page.goto("/")
    notice = page.get_by_text("The sql job luggage failed")
    await expect(notice).to_be_visible(timeout=30_000)
    await audited(page)
    await page.get_by_role("button", name="Hide luggage").first.click()
    await expect(notice).to_be_hidden()
    await page.get_by_role("button", name="Undo").click()
    await expect(notice).to_be_visible()


async def test_without_data_it_shows_the_ways_to_some(page: Page):
    none = {"items": [], "next_cursor": None}
    await page.route("**/api/v1/data/datasets?*", lambda route: route.fulfill(json=none))
    await page.goto("/")
    await expect(page.get_by_role("heading", name="No data is here yet")).to_be_visible()
    await expect(page.get_by_role("button", name="Start with sample data")).to_be_visible()
    await audited(page)
    await page.get_by_role("button", name="Upload data").click()
    await expect(page.get_by_role("dialog", name="Upload data")).to_be_visible()
