"""The page of the operations, in a browser that reaches nothing but the platform."""

from playwright.async_api import Locator, Page, expect
from tests.console.lab import IN_A_BROWSER

pytestmark = IN_A_BROWSER


async def opened(page: Page, tag: str, operation_id: str) -> Locator:
    """An operation of the page, unfolded."""
    await page.goto("/docs")
    await page.locator(f"#operations-tag-{tag}").click()
    operation = page.locator(f"#operations-{tag}-{operation_id}")
    await operation.locator(".opblock-summary-control").click()
    return operation


async def test_an_operation_is_read_with_its_programs_and_tried_with_the_session(page: Page):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    operation = await opened(page, "sign-in", "get_me")
    await operation.get_by_text("JavaScript", exact=True).click()
    await expect(operation.get_by_text("console.log(await response.text())")).to_be_visible()
    await operation.get_by_role("button", name="Try it out").click()
    await operation.get_by_role("button", name="Execute").click()
    await expect(operation.locator(".live-responses-table").get_by_text('"name": "ada"')).to_be_visible()
    own = page.url.split("/docs")[0]
    assert [url for url in asked if not url.startswith((own, "data:"))] == []


async def test_what_changes_something_is_tried_with_the_session_too(page: Page):
    operation = await opened(page, "query", "run_query")
    await operation.get_by_role("button", name="Try it out").click()
    await operation.locator("textarea").fill('{"sql": "SELECT 41 + 1 AS answer", "format": "json"}')
    await operation.get_by_role("button", name="Execute").click()
    # The id of the request, which stands there too, may well hold these digits.
    await expect(operation.locator(".live-responses-table").get_by_text("42", exact=True)).to_be_visible()
