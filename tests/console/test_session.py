"""Set-up, sign-in and sign-out."""

from playwright.async_api import Page, expect
from tests.console.audit import audited
from tests.console.lab import IN_A_BROWSER, NAME, PASSWORD, Lab

pytestmark = IN_A_BROWSER


async def test_setting_up_leads_home(lab: Lab):
    assert lab.landed_on == f"{lab.url}/"


async def test_a_second_set_up_is_refused_aloud(stranger: Page):
    await stranger.goto("/setup?code=nonsense")
    await audited(stranger)
    await stranger.get_by_label("Your name").fill("eve")
    await stranger.get_by_label("Password").fill(PASSWORD)
    await stranger.get_by_role("button", name="Set up and sign in").click()
    await expect(stranger.get_by_role("alert")).to_contain_text("Setup refused")
    await stranger.get_by_role("link", name="Sign in").click()
    await expect(stranger.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_a_link_leads_a_stranger_to_sign_in_and_then_where_it_led(stranger: Page):
    await stranger.goto("/services?kept=1")
    await expect(stranger.get_by_role("heading", name="Sign in")).to_be_visible()
    await stranger.get_by_label("Name").fill(NAME)
    await stranger.get_by_label("Password").fill(PASSWORD)
    await stranger.keyboard.press("Enter")
    await expect(stranger.get_by_role("heading", name="Services", level=1)).to_be_visible()
    assert stranger.url.endswith("/services?kept=1")


async def test_a_wrong_password_is_told_and_the_form_keeps_the_name(stranger: Page):
    await stranger.goto("/sign-in")
    await stranger.get_by_label("Name").fill(NAME)
    await stranger.get_by_label("Password").fill("not the password")
    await stranger.get_by_role("button", name="Sign in").click()
    await expect(stranger.get_by_role("alert")).to_contain_text("Invalid credentials")
    await expect(stranger.get_by_label("Name")).to_have_value(NAME)
    await audited(stranger)


async def test_sign_in_leads_to_no_other_site(stranger: Page, lab: Lab):
    await stranger.goto("/sign-in?from=//evil.example/")
    await stranger.get_by_label("Name").fill(NAME)
    await stranger.get_by_label("Password").fill(PASSWORD)
    await stranger.keyboard.press("Enter")
    await expect(stranger.get_by_role("heading", name="Home", level=1)).to_be_visible()
    assert stranger.url == f"{lab.url}/"


async def test_signing_out_ends_the_session(stranger: Page):
    await stranger.goto("/sign-in")
    await stranger.get_by_label("Name").fill(NAME)
    await stranger.get_by_label("Password").fill(PASSWORD)
    await stranger.keyboard.press("Enter")
    await stranger.get_by_role("button", name=NAME).click()
    await stranger.get_by_role("menuitem", name="Sign out").click()
    await expect(stranger.get_by_role("heading", name="Sign in")).to_be_visible()
    await stranger.goto("/services")
    await expect(stranger.get_by_role("heading", name="Sign in")).to_be_visible()
