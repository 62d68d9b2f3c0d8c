"""Saved dashboards, on both databases."""

import pytest
import pytest_asyncio
from tests.services.viz.conftest import Service
from tests.services.viz.specs import LINE
from tests.services.viz.told import told_events

from datalab.contracts.errors import InvalidInput, PreconditionFailed
from datalab.contracts.identity import Role
from datalab.contracts.model import PageRequest
from datalab.contracts.viz import ChartDraft, DashboardDraft, DashboardNotFound, Tile
from datalab.kernel.database.url import DatabaseUrl
from datalab.services.viz.model.precondition import tag_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

DASHBOARDS = "/api/v1/viz/dashboards"


@pytest.fixture
def location(database_url: DatabaseUrl) -> DatabaseUrl:
    return database_url


@pytest_asyncio.fixture(loop_scope="module")
async def board(service: Service) -> DashboardDraft:
    """A dashboard to be, whose charts are there."""
    for name in ("one", "two"):
        await service.api().put_chart(name, ChartDraft(spec=LINE, sql="SELECT late"))
    return DashboardDraft(title="Delays", tiles=(Tile(chart="one"), Tile(chart="two", column=6)))


async def test_saved_dashboard_is_there_as_it_was_given(service: Service, board: DashboardDraft) -> None:
    saved = await service.api().put_dashboard("delays", board)

    found = await service.api(Role.VIEWER, "bob").get_dashboard("delays")
    assert found == saved
    assert (found.title, found.tiles, found.created_by) == ("Delays", board.tiles, "ada")
    assert (await told_events(service))[-1] == ("viz.dashboard_saved", "delays")


async def test_tile_without_its_chart_is_refused(service: Service, board: DashboardDraft) -> None:
    tiles = (*board.tiles, Tile(chart="gone", row=4))

    with pytest.raises(InvalidInput, match=r"tiles\[2\].chart: there is no chart 'gone'"):
        await service.api().put_dashboard("delays", DashboardDraft(tiles=tiles))
    with pytest.raises(DashboardNotFound):
        await service.api().get_dashboard("delays")


async def test_dashboards_come_by_name_in_pages(service: Service, board: DashboardDraft) -> None:
    for name in ("b", "a", "c"):
        await service.api().put_dashboard(name, board)

    first = await service.api().list_dashboards(PageRequest(limit=2))
    rest = await service.api().list_dashboards(PageRequest(limit=2, cursor=first.next_cursor))

    assert [one.name for one in (*first.items, *rest.items)] == ["a", "b", "c"]


async def test_write_over_another_state_is_refused(service: Service, board: DashboardDraft) -> None:
    old = tag_of(await service.api().put_dashboard("delays", board))
    await service.api().put_dashboard("delays", DashboardDraft(title="Other"))

    with pytest.raises(PreconditionFailed):
        await service.api().put_dashboard("delays", board, if_match=old)


async def test_deleted_dashboard_leaves_its_charts(service: Service, board: DashboardDraft) -> None:
    await service.api().put_dashboard("delays", board)
    await service.api().delete_dashboard("delays")

    with pytest.raises(DashboardNotFound):
        await service.api().delete_dashboard("delays")
    assert (await service.api().get_chart("one")).name == "one"


async def test_dashboard_over_http(service: Service, board: DashboardDraft) -> None:
    path, body = f"{DASHBOARDS}/delays", board.model_dump(mode="json")
    viewer, editor = service.headers(Role.VIEWER), service.headers(Role.EDITOR)

    assert (await service.http.put(path, json=body, headers=viewer)).status_code == 403
    made = await service.http.put(path, json=body, headers=editor)
    found = await service.http.get(path, headers=viewer)
    listed = await service.http.get(DASHBOARDS, headers=viewer)

    assert made.status_code == 200
    assert found.headers["etag"] == made.headers["etag"]
    assert [item["name"] for item in listed.json()["items"]] == ["delays"]
    assert (await service.http.delete(path, headers=viewer)).status_code == 403
    assert (await service.http.delete(path, headers=editor)).status_code == 204
