"""Datasets: from a file to its rows, their history, and back."""

from playwright.async_api import FilePayload, Page, expect
from tests.console.audit import audited
from tests.console.lab import IN_A_BROWSER, Lab

pytestmark = IN_A_BROWSER

TREES = "species,height_m,planted\noak,12.5,1990-04-01\nbirch,8,2001-10-15\nelm,unknown,1987-03-20\n"


def as_file(text: str, name: str = "trees.csv") -> FilePayload:
    return FilePayload(name=name, mimeType="text/csv", buffer=text.encode())


def made(lab: Lab, name: str, text: str, mode: str = "create") -> None:
    with lab.api() as api:
        answer = api.put(
            f"/api/v1/data/datasets/{name}?mode={mode}", content=text, headers={"Content-Type": "text/csv"}
        )
        assert answer.is_success, answer.text


async def chosen(page: Page, file: FilePayload) -> None:
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name="Choose a file").click()
    await (await choosing.value).set_files(file)


async def test_a_file_is_seen_with_its_faults_before_it_becomes_a_dataset(page: Page):
    await page.goto("/datasets")
    await page.get_by_role("table").get_by_role("link", name="airports").wait_for()
    await page.keyboard.press("u")
    dialog = page.get_by_role("dialog", name="Upload data")
    await chosen(page, as_file(TREES))
    await expect(dialog.get_by_label("Dataset")).to_have_value("trees")
    await dialog.get_by_label("Type of height_m").select_option("DOUBLE")
    await expect(dialog.get_by_role("alert")).to_contain_text("row 3, column height_m")
    await audited(page)
    await dialog.get_by_label("Type of height_m").select_option("VARCHAR")
    await dialog.get_by_label("Name of planted").fill("planted_on")
    await expect(dialog.get_by_role("alert")).to_be_hidden()
    await dialog.get_by_role("button", name="Upload", exact=True).click()
    await expect(page.get_by_role("heading", name="trees", level=1)).to_be_visible()
    rows = page.get_by_role("region", name="Rows of trees")
    await expect(rows.get_by_role("button", name="planted_on")).to_be_visible()
    await expect(rows).to_contain_text("birch")


async def test_a_file_updates_the_rows_that_its_key_finds_and_adds_the_others(page: Page, lab: Lab):
    made(lab, "stock", "shop,item,n\nnorth,oak,3\nsouth,oak,5\n")
    await page.goto("/datasets/stock?upload=1")
    dialog = page.get_by_role("dialog", name="Add data to stock")
    await chosen(page, as_file("shop,item,n\nnorth,oak,7\nnorth,elm,1\n", "stock.csv"))
    await dialog.get_by_label("There is one already").select_option("upsert")
    update = dialog.get_by_role("button", name="Update rows")
    await expect(update).to_be_disabled()
    await dialog.get_by_label("A row is known by").select_option("shop")
    await update.click()
    await expect(dialog.get_by_role("alert")).to_contain_text("shop")
    await dialog.get_by_label("and by").first.select_option("item")
    await expect(dialog.get_by_role("alert")).to_be_hidden()
    await expect(dialog.get_by_role("region", name="First rows")).to_contain_text("elm")
    await audited(page)
    await update.click()
    await expect(page.get_by_text("stock has 3 rows in version 1")).to_be_visible()
    with lab.api() as api:
        rows = api.get("/api/v1/data/datasets/stock/rows?order=shop,item").json()
    assert [(row["shop"], row["item"], row["n"]) for row in rows] == [
        ("north", "elm", 1),
        ("north", "oak", 7),
        ("south", "oak", 5),
    ]


async def test_rows_are_filtered_and_sorted_by_the_link(page: Page):
    await page.goto("/datasets/planes?where=seats%3Dgte.149&order=year.desc")
    rows = page.get_by_role("region", name="Rows of planes")
    await expect(rows.locator("tbody tr").first).to_contain_text("1999")
    await page.keyboard.press("/")
    form = page.get_by_role("form", name="Filter")
    await form.get_by_label("Column").select_option("year")
    await form.get_by_label("Condition").select_option("at least")
    await form.get_by_label("Value").fill("1999")
    await page.keyboard.press("Enter")
    await expect(rows.locator("tbody tr")).to_have_count(1)
    await audited(page)
    await page.reload()
    await expect(page.get_by_role("button", name="Without year ≥ 1999")).to_be_visible()
    await expect(rows.locator("tbody tr")).to_have_count(1)


async def test_a_row_opens_by_keyboard_and_all_its_values_are_seen(page: Page):
    await page.goto("/datasets/airports")
    rows = page.get_by_role("region", name="Rows of airports")
    await expect(rows).to_contain_text("Newark Liberty")
    await rows.focus()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Row")).to_contain_text("Newark Liberty")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_the_profile_says_what_is_in_each_column(page: Page):
    await page.goto("/datasets/planes?tab=profile")
    year = page.get_by_role("row").filter(has_text="year")
    await expect(year).to_contain_text("1990")
    await expect(year).to_contain_text("1999")
    await audited(page)


async def test_an_old_version_is_compared_seen_and_restored(page: Page, lab: Lab):
    made(lab, "shelf", "item,n\nbook,3\n")
    made(lab, "shelf", "item,n\nlamp,1\n", mode="append")
    await page.goto("/datasets/shelf?tab=history")
    await page.get_by_role("link", name="Compare").click()
    await expect(page.get_by_role("region", name="Rows added")).to_contain_text("lamp")
    await audited(page)
    await page.get_by_role("region", name="Versions").get_by_role("link", name="0", exact=True).click()
    await expect(page.get_by_text("You look at version 0; the newest is 1.")).to_be_visible()
    await page.get_by_role("button", name="Restore version 0").click()
    await expect(page.get_by_text("now version 2")).to_be_visible()
    await page.get_by_role("link", name="Newest version").click()
    await expect(page.get_by_text("1–1 of 1 row")).to_be_visible()


async def test_a_deleted_dataset_comes_back(page: Page, lab: Lab):
    made(lab, "slip", "a\n1\n")
    await page.goto("/datasets/slip")
    await page.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Delete slip").click()
    await expect(page.get_by_text("slip was deleted")).to_be_visible()
    list_of_all = page.get_by_role("region", name="Datasets")
    await expect(list_of_all.get_by_role("link", name="slip")).to_be_hidden()
    await page.get_by_role("button", name="Undo").click()
    await expect(list_of_all.get_by_role("link", name="slip")).to_be_visible()


async def test_what_was_deleted_is_found_and_brought_back(page: Page, lab: Lab):
    made(lab, "shed", "a\n1\n2\n")
    with lab.api() as api:
        assert api.delete("/api/v1/data/datasets/shed").is_success
    await page.goto("/datasets")
    await page.get_by_role("button", name="Deleted").click()
    deleted = page.get_by_role("region", name="Deleted datasets")
    await expect(deleted.get_by_role("row").filter(has_text="shed")).to_contain_text("host")
    await audited(page)
    await page.get_by_role("button", name="Bring back shed").first.click()
    await expect(page.get_by_text("shed is back")).to_be_visible()
    await page.get_by_role("button", name="Show all").click()
    await expect(page.get_by_role("region", name="Datasets").get_by_role("link", name="shed")).to_be_visible()


async def test_the_list_is_sound_filters_and_is_found_from_anywhere(page: Page):
    await page.goto("/datasets")
    await page.get_by_role("table").get_by_role("link", name="planes").wait_for()
    await audited(page)
    await page.keyboard.press("/")
    await page.keyboard.type("tailnum")
    await expect(page.get_by_role("table").get_by_role("link", name="airports")).to_be_hidden()
    await page.keyboard.press("Control+k")
    await page.keyboard.type("airp")
    await expect(page.get_by_role("option", name="airports")).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="airports", level=1)).to_be_visible()


async def test_a_dataset_that_is_not_there_says_so(page: Page):
    await page.goto("/datasets/nothing_of_the_kind")
    await expect(page.get_by_role("alert")).to_contain_text("Dataset not found")
    await page.get_by_role("link", name="All datasets").click()
    await expect(page.get_by_role("heading", name="Datasets", level=1)).to_be_visible()
