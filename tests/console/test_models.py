"""Models: training in a few choices, the card, trying it, aliases, deleting."""

from playwright.async_api import Page, expect
from tests.console.audit import audited
from tests.console.lab import IN_A_BROWSER, TRAINED_WITHIN_MS, Lab, train

pytestmark = IN_A_BROWSER


async def test_a_model_is_trained_in_a_few_choices_and_deleted_by_its_name(page: Page, dataset: str):
    await page.goto("/models")
    await page.get_by_role("button", name="Train a model").wait_for()
    await page.keyboard.press("n")
    await page.get_by_label("Learn from dataset").select_option(dataset)
    await page.get_by_label("Column to predict").select_option("busy")
    await expect(page.get_by_role("radio", name="yes or no")).to_be_checked()
    await page.get_by_role("checkbox", name="sky").check()
    await page.get_by_label("Model’s name").fill("short_lived")
    await audited(page)
    await page.get_by_role("button", name="Train", exact=True).click()
    await expect(page.get_by_role("heading", name="train short_lived", level=1)).to_be_visible()
    await page.get_by_role("link", name="Open model short_lived").click(timeout=TRAINED_WITHIN_MS)
    await expect(page.get_by_role("heading", name="short_lived", level=1)).to_be_visible()
    await page.get_by_text("1 column left out").click()
    await expect(page.get_by_text("excluded by the request")).to_be_visible()

    await page.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Delete the model").click()
    await page.get_by_label("Type short_lived to delete it").fill("short_lived")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Models", level=1)).to_be_visible()
    await expect(page.get_by_text("short_lived was deleted")).to_be_visible()
    await expect(page.get_by_role("link", name="short_lived")).to_have_count(0)


async def test_the_list_leads_to_the_card(page: Page, model: str):
    await page.goto("/models")
    row = page.get_by_role("row", name=model)
    await expect(row).to_contain_text("yes or no")
    await expect(row).to_contain_text("AUC")
    await page.get_by_role("link", name=model).press("Enter")
    await expect(page.get_by_role("list", name="What it goes by")).to_contain_text("temperature")
    await expect(page.get_by_role("table", name="Answers beside what came true")).to_be_visible()
    await expect(page.get_by_role("img", name="ROC curve: found beside false alarms")).to_be_visible()
    await expect(page.get_by_text("AUC 0.")).to_be_visible()
    await page.get_by_text("As a list").first.click()
    await expect(page.get_by_text("for 50% false alarms")).to_be_visible()
    await audited(page)


async def test_the_card_of_a_model_of_numbers_shows_by_how_much_it_errs(page: Page, lab: Lab, dataset: str):
    name = train(lab, "warmth", dataset, "temperature")
    await page.goto(f"/models/{name}")
    plot = page.get_by_role("img", name="What came less what was predicted, beside what was predicted")
    await expect(plot.locator("circle")).to_have_count(40)
    await expect(page.get_by_text("on 40 held-out rows")).to_be_visible()
    await page.get_by_text("As a list").click()
    await expect(page.get_by_text("half of the errors are less than")).to_be_visible()
    await audited(page)
    with lab.api() as api:
        assert api.delete(f"/api/v1/ai/models/{name}").is_success


async def test_trying_a_model_answers_as_the_inputs_change_and_keeps_them_in_the_link(page: Page, model: str):
    await page.goto(f"/models/{model}?tab=try")
    answer = page.get_by_role("list", name="Chances")
    await expect(answer.get_by_role("listitem").first).to_be_visible()
    await page.get_by_label("temperature").fill("33")
    await page.get_by_label("rain_mm").fill("0")
    await page.get_by_label("sky").select_option("sun")
    await expect(answer.get_by_role("listitem").first).to_contain_text("true")
    await expect(page.get_by_text('"temperature":33')).to_be_visible()
    await page.get_by_role("tab", name="Python").click()
    await expect(page.get_by_text(f'client.predict("{model}", [row], version=1)')).to_be_visible()
    await audited(page)
    await page.reload()
    await expect(page.get_by_label("temperature")).to_have_value("33")
    await page.get_by_label("temperature").fill("")
    await expect(page.get_by_text("Needs temperature.")).to_be_visible()


async def test_an_alias_is_given_at_once_and_taken_back(page: Page, lab: Lab, model: str):
    await page.goto(f"/models/{model}?tab=versions")
    await page.get_by_role("button", name="Give alias to version 1").click()
    await page.get_by_role("menuitem", name="Make challenger").click()
    taken = page.get_by_role("button", name="Take challenger away")
    await expect(taken).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    await expect(taken).to_have_count(0)
    await audited(page)
    with lab.api() as api:
        aliases = api.get(f"/api/v1/ai/models/{model}").json()["aliases"]
    assert "challenger" not in aliases


async def test_a_model_that_is_not_there_is_told(page: Page):
    await page.goto("/models/nothing_of_the_kind")
    await expect(page.get_by_role("alert")).to_contain_text("Model not found")
