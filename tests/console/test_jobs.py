"""Jobs: the list, one job as it goes on, what fails, what waits for what."""

import httpx
from playwright.async_api import Page, expect
from tests.console.audit import audited
from tests.console.lab import IN_A_BROWSER, Lab

pytestmark = IN_A_BROWSER

JOBS = "/api/v1/compute/jobs"
NEVER = "2100-01-01T00:00:00Z"


def submit(api: httpx.Client, sql: str, **more: object) -> str:
    """Queue a query; gives the job's id."""
    answer = api.post(JOBS, json={"kind": "sql", "spec": {"sql": sql}, **more})
    assert answer.is_success, answer.text
    return answer.json()["id"]


async def test_a_query_runs_as_a_job_and_leads_to_the_dataset_that_it_made(page: Page):
    await page.goto("/jobs")
    await expect(page.get_by_role("link", name="sql SELECT count(*)").first).to_be_visible()
    await page.get_by_role("button", name="Run SQL as a job").wait_for()
    await page.keyboard.press("n")
    await page.get_by_label("SQL", exact=True).fill("SELECT code, altitude FROM airports")
    await page.get_by_label("Into dataset").fill("from_a_job")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("heading", name="sql from_a_job", level=1)).to_be_visible()
    await expect(page.get_by_text("done", exact=True).first).to_be_visible()
    await expect(page.get_by_role("region", name="Log")).to_contain_text(
        "published version 0 of from_a_job with 3 rows"
    )
    link = page.get_by_role("link", name="Open dataset from_a_job")
    await expect(link).to_have_attribute("href", "/datasets/from_a_job")
    await audited(page)


async def test_the_filters_are_part_of_the_link(page: Page, lab: Lab):
    with lab.api() as api:
        submit(api, "SELECT 1", run_at=NEVER, tags=["kept for later"])
    await page.goto("/jobs")
    await page.get_by_label("State").select_option("queued")
    await page.keyboard.press("/")
    await page.keyboard.type("kept for later")
    await expect(page.get_by_role("row", name="sql SELECT 1")).to_have_count(1)
    assert "state=queued" in page.url
    await page.reload()
    await expect(page.get_by_label("State")).to_have_value("queued")
    await expect(page.get_by_role("row", name="sql SELECT 1")).to_have_count(1)
    await page.get_by_label("Only mine").check()
    await expect(page.get_by_role("heading", name="No such jobs")).to_be_visible()
    await audited(page)


async def test_a_failed_job_says_why_and_runs_again(page: Page, lab: Lab):
    with lab.api() as api:
        job = submit(api, "SELECT nothing FROM airports", retries=0)
    await page.goto(f"/jobs/{job}")
    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("nothing")
    await audited(page)
    await alert.get_by_role("button", name="Run again").click()
    await expect(page.get_by_role("region", name="Log").get_by_text("attempt 2 began")).to_be_visible()
    await expect(alert).to_contain_text("The job failed")


async def test_jobs_that_wait_for_each_other_are_a_graph_that_leads_to_them(page: Page, lab: Lab):
    with lab.api() as api:
        first = submit(api, "SELECT 11 AS first", run_at=NEVER)
        second = submit(api, "SELECT 12 AS second", depends_on=[first])
    await page.goto(f"/jobs/{second}")
    graph = page.get_by_role("region", name="Graph of jobs")
    await expect(graph.get_by_role("link")).to_have_count(2)
    await audited(page)
    await graph.get_by_role("link", name="sql SELECT 11 AS first").first.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="sql SELECT 11 AS first", level=1)).to_be_visible()
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_text("cancelled", exact=True).first).to_be_visible()
    await expect(page.get_by_role("button", name="Run again")).to_be_visible()


async def test_the_palette_finds_a_job(page: Page, lab: Lab):
    with lab.api() as api:
        submit(api, "SELECT 1", run_at=NEVER, tags=["needle"])
    await page.goto("/jobs")
    await page.get_by_role("heading", name="Jobs", level=1).wait_for()
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox", name="Search or run").fill("needle")
    await page.get_by_role("option", name="sql SELECT 1").click()
    await expect(page.get_by_role("heading", name="sql SELECT 1", level=1)).to_be_visible()


async def test_a_job_that_is_not_there_is_told(page: Page):
    await page.goto("/jobs/01a1fe4a-a4a4-7000-8000-000000000000")
    await expect(page.get_by_role("alert")).to_contain_text("Job not found")
