"""Charts and dashboards are the same by every road."""

import json

import pytest
import pytest_asyncio
from tests.conformance.platform import ROADS, World
from tests.conformance.test_data import pieces
from tests.conformance.told import Ask, refusal, same_answer, same_refusal

from datalab.contracts.data import DatasetNotFound, SqlRefused, Upload
from datalab.contracts.errors import InvalidInput, PlatformError, PreconditionFailed
from datalab.contracts.identity import Role
from datalab.contracts.ids import new_id
from datalab.contracts.model import PageRequest
from datalab.contracts.viz import (
    ChartDraft,
    ChartNotFound,
    DashboardDraft,
    DashboardNotFound,
    ImageFormat,
    RenderRequest,
    SpecRefused,
    Tile,
)

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.xdist_group("conformance")]

BARS = {
    "mark": "bar",
    "encoding": {"x": {"field": "n", "type": "ordinal"}, "y": {"field": "n", "type": "quantitative"}},
}
SQL = "SELECT range AS n FROM range(5) ORDER BY n"
DRAFT = ChartDraft(spec=BARS, sql=SQL, title="Bars")


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def chart(world: World) -> str:
    """A saved chart on a saved dashboard, both of the same name."""
    api = world.by_road("in process", await world.caller(Role.EDITOR)).viz
    await api.put_chart("bars", DRAFT)
    await api.put_dashboard("bars", DashboardDraft(title="All bars", tiles=(Tile(chart="bars"),)))
    return "bars"


@pytest.mark.parametrize("format", ImageFormat)
async def test_a_drawing_is_the_same(world: World, chart: str, format: ImageFormat):
    roads = await world.roads(Role.VIEWER)

    async def ask(api):
        drawn = await api.viz.render_chart(chart, format)
        return drawn.content, drawn.media_type, drawn.etag

    content, _, etag = await same_answer(roads, ask)
    assert content
    assert etag

    async def again(api):
        drawn = await api.viz.render(RenderRequest(spec=BARS, sql=SQL), format)
        return drawn.media_type, bool(drawn.content)

    await same_answer(roads, again)


async def test_a_drawing_of_the_rows_that_fit_is_the_same(world: World):
    roads = await world.roads(Role.EDITOR)
    await roads[0].data.upload("tall", Upload(), pieces(b"who,height\nada,3\nbob,4\n"))
    spec = {**BARS, "encoding": {"x": {"field": "who"}, "y": {"field": "height", "type": "quantitative"}}}
    await roads[0].viz.put_chart("tall", ChartDraft(spec=spec, dataset="tall"))
    await roads[0].viz.put_dashboard("tall", DashboardDraft(tiles=(Tile(chart="tall"), Tile(text="Who", row=4))))
    where = (("who", "eq.bob"),)

    async def ask(api):
        drawn = await api.viz.render_chart("tall", ImageFormat.JSON, where)
        page = await api.viz.render_dashboard("tall", where)
        return json.loads(drawn.content)["data"]["values"], page.etag

    values, _ = await same_answer(roads, ask)
    assert values == [{"who": "bob", "height": 4}]


async def test_a_drawing_drawn_before_is_known_as_such(world: World, chart: str):
    roads = await world.roads(Role.VIEWER)
    await roads[0].viz.render_chart(chart, ImageFormat.PNG)

    async def ask(api):
        return (await api.viz.render_chart(chart, ImageFormat.PNG)).cached

    assert await same_answer(roads, ask) is True


async def test_reading_answers_the_same(world: World, chart: str):
    roads = await world.roads(Role.VIEWER)
    assert (await same_answer(roads, lambda api: api.viz.get_chart(chart))).title == "Bars"
    assert (await same_answer(roads, lambda api: api.viz.get_dashboard(chart))).title == "All bars"
    assert (await same_answer(roads, lambda api: api.viz.list_charts(PageRequest()))).items
    assert (await same_answer(roads, lambda api: api.viz.list_dashboards(PageRequest(limit=1)))).items


async def test_a_page_holds_the_same_drawing(world: World, chart: str):
    async def ask(api):
        page = await api.viz.render_dashboard(chart)
        return page.media_type, b"<svg" in page.content, b"All bars" in page.content

    media_type, drawn, titled = await same_answer(await world.roads(Role.VIEWER), ask)
    assert media_type.startswith("text/html")
    assert (drawn, titled) == (True, True)


@pytest.mark.parametrize("road", ROADS)
async def test_charts_and_dashboards_are_saved_changed_and_taken_away(world: World, road: str):
    api = world.by_road(road, await world.caller(Role.EDITOR)).viz
    name = f"own-{new_id()[-12:]}"
    made = await api.put_chart(name, DRAFT)
    assert (made.name, made.spec, made.sql) == (name, BARS, SQL)
    changed = await api.put_chart(name, DRAFT.model_copy(update={"title": "Other"}))
    assert (changed.title, await api.get_chart(name)) == ("Other", changed)
    board = await api.put_dashboard(name, DashboardDraft(tiles=(Tile(chart=name),)))
    assert await api.get_dashboard(name) == board
    await api.delete_dashboard(name)
    await api.delete_chart(name)
    assert (await refusal(api.get_chart(name))).kind is ChartNotFound
    assert (await refusal(api.get_dashboard(name))).kind is DashboardNotFound


REFUSALS: dict[str, tuple[type[PlatformError], Ask]] = {
    "unknown chart": (ChartNotFound, lambda api: api.viz.get_chart("nothing")),
    "drawing nothing": (ChartNotFound, lambda api: api.viz.render_chart("nothing", ImageFormat.PNG)),
    "deleting nothing": (ChartNotFound, lambda api: api.viz.delete_chart("nothing")),
    "unknown dashboard": (DashboardNotFound, lambda api: api.viz.get_dashboard("nothing")),
    "page of nothing": (DashboardNotFound, lambda api: api.viz.render_dashboard("nothing")),
    "no name": (InvalidInput, lambda api: api.viz.put_chart("no name!", DRAFT)),
    "changed meanwhile": (PreconditionFailed, lambda api: api.viz.put_chart("bars", DRAFT, if_match='"other"')),
    "a tile of nothing": (
        PlatformError,
        lambda api: api.viz.put_dashboard("x", DashboardDraft(tiles=(Tile(chart="nothing"),))),
    ),
    "foreign data": (
        SpecRefused,
        lambda api: api.viz.render(RenderRequest(spec={**BARS, "data": {"url": "http://x/y.csv"}}), ImageFormat.PNG),
    ),
    "no spec": (SpecRefused, lambda api: api.viz.render(RenderRequest(spec={"mark": 7}, sql=SQL), ImageFormat.PNG)),
    "the query's fault": (
        SqlRefused,
        lambda api: api.viz.render(RenderRequest(spec=BARS, sql="SELEKT 1"), ImageFormat.PNG),
    ),
    "no such dataset": (
        DatasetNotFound,
        lambda api: api.viz.render(RenderRequest(spec=BARS, dataset="nothing_here"), ImageFormat.PNG),
    ),
}


@pytest.mark.parametrize("what", REFUSALS)
async def test_a_refusal_is_the_same(world: World, chart: str, what: str):
    kind, ask = REFUSALS[what]
    told = await same_refusal(await world.roads(Role.EDITOR), ask)
    assert issubclass(told.kind, kind)
    assert told.detail
