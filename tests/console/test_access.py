"""Access: users, keys, one's own sign-ins, the audit trail."""

import httpx
from playwright.async_api import Page, expect
from tests.console.audit import audited
from tests.console.lab import IN_A_BROWSER, NAME, PASSWORD, Lab

pytestmark = IN_A_BROWSER


async def test_a_user_is_added_changed_undone_and_deleted(page: Page):
    await page.goto("/access")
    await page.get_by_role("button", name="Add a user").click()
    dialog = page.get_by_role("dialog", name="Add a user")
    await dialog.get_by_label("Name").fill("no spaces here")
    await dialog.get_by_label("Name").press("Enter")
    await expect(dialog.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    await audited(page)
    await dialog.get_by_label("Name").fill("grace")
    await dialog.get_by_label("Role").select_option("editor")
    await dialog.get_by_role("button", name="Add", exact=True).click()
    row = page.get_by_role("row").filter(has_text="grace")
    await expect(row).to_contain_text("editor")

    await row.get_by_role("button", name="Actions for grace").press("Enter")
    await page.get_by_role("menuitem", name="Disable").click()
    await expect(row).to_contain_text("disabled")
    await page.get_by_role("button", name="Undo").click()
    await expect(row).to_contain_text("may sign in")

    await row.get_by_role("button", name="Actions for grace").press("Enter")
    await page.get_by_role("menuitem", name="Delete").click()
    await page.get_by_role("button", name="Delete grace").click()
    await _dialog_closed(page)
    await expect(row).to_have_count(0)
    await audited(page)


async def test_the_last_administrator_stays_one_and_is_told_why(page: Page):
    await page.goto("/access")
    row = page.get_by_role("row").filter(has_text=NAME)
    await row.get_by_role("button", name=f"Actions for {NAME}").click()
    await page.get_by_role("menuitemradio", name="viewer").click()
    await expect(page.get_by_role("alert")).to_contain_text("Last administrator")
    await expect(row).to_contain_text("admin")


async def test_a_key_works_until_it_is_revoked(page: Page, lab: Lab):
    await page.goto("/access?tab=keys")
    await page.get_by_role("button", name="Make a key").first.click()
    dialog = page.get_by_role("dialog", name="Make a key")
    await dialog.get_by_label("Name").fill("notebook")
    await dialog.get_by_label("Only").check()
    await audited(page)
    await dialog.get_by_role("button", name="Make the key").click()
    shown = page.get_by_role("dialog", name="The key notebook is made")
    secret = await shown.locator("code").first.inner_text()
    await shown.get_by_role("button", name="Done").click()
    await expect(page.get_by_text(secret)).to_have_count(0)
    row = page.get_by_role("row").filter(has_text="notebook")
    await expect(row).to_contain_text("data:read")
    assert _status(lab, "/api/v1/data/datasets", secret) == 200
    assert _status(lab, "/api/v1/viz/charts", secret) == 403
    await row.get_by_role("button", name="Revoke notebook").click()
    await page.get_by_role("dialog").get_by_role("button", name="Revoke notebook").click()
    await _dialog_closed(page)
    await expect(row).to_have_count(0)
    assert _status(lab, "/api/v1/data/datasets", secret) == 401


async def test_a_viewer_sees_only_what_is_the_viewers_own_and_changes_the_password(viewer: Page):
    await viewer.goto("/access")
    await expect(viewer.get_by_role("tab")).to_have_text(["API keys", "Your sign-ins"])
    await viewer.get_by_role("tab", name="Your sign-ins").click()
    await expect(viewer.get_by_role("row").filter(has_text="this one")).to_have_count(1)
    await viewer.get_by_role("button", name="Change password").click()
    dialog = viewer.get_by_role("dialog")
    await dialog.get_by_label("Present password").fill("not the present one")
    await dialog.get_by_label("New password").fill(f"{PASSWORD} staple")
    await viewer.keyboard.press("Enter")
    await expect(dialog.get_by_role("alert")).to_contain_text("not the present password")
    await dialog.get_by_label("Present password").fill(PASSWORD)
    await viewer.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(viewer.get_by_role("row").filter(has_text="this one")).to_have_count(1)


async def test_the_audit_trail_is_narrowed_by_its_link(page: Page):
    await page.goto("/access?tab=audit&who=stranger&service=gateway&outcome=done")
    trail = page.get_by_role("region", name="Audit trail")
    await expect(trail.get_by_role("row").filter(has_text="set up")).to_contain_text("201")
    await audited(page)
    await page.get_by_label("Service").select_option("viz")
    await expect(trail).not_to_contain_text("set up")
    await page.reload()
    await expect(page.get_by_label("Service")).to_have_value("viz")
    await expect(page.get_by_label("Who")).to_have_value("stranger")


async def _dialog_closed(page: Page) -> None:
    """While one is open what is behind it has no roles: a row that is still there isn't found either."""
    await expect(page.get_by_role("dialog")).to_have_count(0)


def _status(lab: Lab, path: str, secret: str) -> int:
    return httpx.get(f"{lab.url}{path}", headers={"Authorization": f"Bearer {secret}"}, timeout=60).status_code
