"""The palette, the keys, the themes and the drawer."""

from playwright.async_api import Page, expect
from tests.console.audit import NARROW, audited
from tests.console.lab import IN_A_BROWSER

pytestmark = IN_A_BROWSER


async def test_the_palette_goes_anywhere_by_keyboard_alone(page: Page):
    await page.goto("/")
    await page.get_by_role("heading", name="Home", level=1).wait_for()
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("combobox", name="Search or run")).to_be_focused()
    await page.keyboard.type("serv")
    await expect(page.get_by_role("option", name="Services")).to_have_attribute("aria-selected", "true")
    await audited(page)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Services", level=1)).to_be_visible()


async def test_escape_closes_the_palette_and_returns_the_focus(page: Page):
    await page.goto("/")
    opener = page.get_by_role("button", name="Search or run")
    await opener.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("combobox")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(opener).to_be_focused()


async def test_g_and_a_letter_go_to_a_place_but_not_while_typing(page: Page):
    await page.goto("/")
    await page.get_by_role("heading", name="Home", level=1).wait_for()
    await page.keyboard.press("g")
    await page.keyboard.press("v")
    await expect(page.get_by_role("heading", name="Services", level=1)).to_be_visible()
    await page.keyboard.press("Control+k")
    await page.keyboard.type("gh")
    await expect(page.get_by_role("combobox")).to_have_value("gh")
    await expect(page).to_have_url("/services")


async def test_the_keys_of_a_page_are_listed_and_can_be_switched_off(page: Page):
    await page.goto("/")
    await page.get_by_role("heading", name="Home", level=1).wait_for()
    await page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    await expect(dialog).to_contain_text("Go to Services")
    await audited(page)
    await dialog.get_by_label("Single letters act").uncheck()
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(dialog).to_be_hidden()


async def test_a_chosen_theme_is_there_before_the_page_after_a_reload(page: Page):
    await page.goto("/")
    await page.get_by_role("button", name="ada").click()
    await audited(page)
    await page.get_by_role("menuitemradio", name="dark").click()
    await page.reload()
    background = "getComputedStyle(document.documentElement).backgroundColor"
    assert await page.evaluate(background) == "rgb(14, 20, 21)"


async def test_narrow_the_places_are_in_a_drawer(page: Page):
    await page.set_viewport_size(NARROW)
    await page.goto("/")
    await expect(page.get_by_role("navigation", name="Places")).to_be_hidden()
    await page.get_by_role("button", name="Places").click()
    await page.get_by_role("dialog").get_by_role("link", name="Services").click()
    await expect(page.get_by_role("heading", name="Services", level=1)).to_be_visible()
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_a_link_that_leads_nowhere_says_so_and_leads_home(page: Page):
    await page.goto("/no/such/place")
    await expect(page.get_by_role("heading", name="Nothing is here")).to_be_visible()
    await audited(page)
    await page.get_by_role("link", name="Go home").click()
    await expect(page.get_by_role("heading", name="Home", level=1)).to_be_visible()


async def test_focus_follows_the_pages_and_returns_to_the_link_that_was_followed(page: Page):
    await page.goto("/")
    link = page.get_by_role("main").get_by_role("link", name="Services", exact=True)
    await link.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Services", level=1)).to_be_visible()
    await expect(page.get_by_role("main")).to_be_focused()
    await page.go_back()
    await expect(link).to_be_focused()
