"""A browser and a platform for the tests of the console."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect
from tests.console.chromium import Chromium, ChromiumMissing, find_chromium
from tests.console.lab import BUSY_DAYS, PASSWORD, RENTALS, Lab, fill, rentals, set_up, train
from tests.e2e.shapes import embedded

from datalab.console.assets import FOLDER, read_assets
from datalab.kernel.testing.fixtures import missing

SIZE = {"width": 1440, "height": 900}
SLOWEST_MS = 20_000

expect.set_options(timeout=SLOWEST_MS)


@pytest.fixture(scope="session")
def chromium() -> Chromium:
    """A Chromium, with the console built for it."""
    if not read_assets(FOLDER):
        missing("the console is not built: run `make console`")
    try:
        return find_chromium()
    except ChromiumMissing as error:
        missing(str(error))
        raise


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: Chromium) -> AsyncIterator[Browser]:
    """The one browser of this process."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=chromium.path, args=chromium.arguments, env=dict(chromium.environment) or None
        )
        yield started
        await started.close()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The platform, not set up."""
    with embedded(tmp_path_factory.mktemp("console") / "home") as platform:
        yield Lab(platform)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def lab(running: Lab, browser: Browser) -> Lab:
    """The platform that all share, set up and with a few things on it."""
    await set_up(running, browser, running.platform.home)
    fill(running)
    return running


@pytest.fixture(scope="session")
def dataset(lab: Lab) -> str:
    """A dataset to learn from."""
    with lab.api() as api:
        made = api.put(f"/api/v1/data/datasets/{RENTALS}", content=rentals(), headers={"Content-Type": "text/csv"})
        assert made.is_success, made.text
    return RENTALS


@pytest.fixture(scope="session")
def model(lab: Lab, dataset: str) -> str:
    """A trained model."""
    return train(lab, BUSY_DAYS, dataset, "busy")


@pytest_asyncio.fixture(loop_scope="session")
async def stranger(lab: Lab, browser: Browser) -> AsyncIterator[Page]:
    """A page that nobody signed in on; fails the test on what the page itself complains of."""
    async with await browser.new_context(base_url=lab.url, viewport=SIZE, locale="en-GB") as context:
        async for page in _watched(context):
            yield page


@pytest_asyncio.fixture(loop_scope="session")
async def page(lab: Lab, browser: Browser) -> AsyncIterator[Page]:
    """A page signed in as the administrator; fails the test on what the page itself complains of."""
    session = lab.session
    async with await browser.new_context(
        base_url=lab.url, viewport=SIZE, locale="en-GB", storage_state=session
    ) as context:
        async for page in _watched(context):
            yield page


@pytest_asyncio.fixture(loop_scope="session")
async def viewer(lab: Lab, browser: Browser) -> AsyncIterator[Page]:
    """A page signed in as a viewer, whose account is gone afterwards; fails the test on what the page complains of."""
    with lab.api() as api:
        made = api.post("/api/v1/auth/users", json={"name": "vera", "password": PASSWORD, "role": "viewer"})
        assert made.is_success, made.text
        async with await browser.new_context(base_url=lab.url, viewport=SIZE, locale="en-GB") as context:
            async for page in _watched(context):
                await page.goto("/sign-in")
                await page.get_by_label("Name").fill("vera")
                await page.get_by_label("Password").fill(PASSWORD)
                await page.keyboard.press("Enter")
                await page.get_by_role("heading", name="Home", level=1).wait_for()
                yield page
        gone = api.delete(f"/api/v1/auth/users/{made.json()['id']}")
        assert gone.is_success, gone.text


async def _watched(context: BrowserContext) -> AsyncIterator[Page]:
    context.set_default_timeout(SLOWEST_MS)
    page, complaints = await context.new_page(), list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    yield page
    # A refused request is told of by the browser as well; what the page makes of it is for the test to see.
    assert [one for one in complaints if not one.startswith("Failed to load resource")] == []
