"""Saved charts, on both databases."""

from typing import Any

import pytest
from tests.services.viz.conftest import Service
from tests.services.viz.specs import LINE, bars
from tests.services.viz.told import told_events

from datalab.contracts.errors import PreconditionFailed
from datalab.contracts.identity import Role
from datalab.contracts.model import PageRequest
from datalab.contracts.viz import ChartDraft, ChartNotFound, ImageFormat, SpecRefused
from datalab.kernel.database.url import DatabaseUrl
from datalab.services.viz.model.precondition import tag_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHARTS = "/api/v1/viz/charts"


@pytest.fixture
def location(database_url: DatabaseUrl) -> DatabaseUrl:
    return database_url


def draft(**over: Any) -> ChartDraft:
    return ChartDraft.model_validate({"spec": LINE, "sql": "SELECT late", "title": "Delays", **over})


async def test_saved_chart_is_there_as_it_was_given(service: Service) -> None:
    saved = await service.api().put_chart("delays", draft(scale=2, theme="dark"))

    found = await service.api(Role.VIEWER, "bob").get_chart("delays")
    assert found == saved
    assert (found.title, found.sql, found.scale, found.theme) == ("Delays", "SELECT late", 2, "dark")
    assert found.spec == LINE
    assert found.created_by == "ada"
    assert await told_events(service) == [("viz.chart_saved", "delays")]


async def test_saving_again_replaces_and_keeps_who_made_it(service: Service) -> None:
    first = await service.api().put_chart("delays", draft())
    second = await service.api(name="bob").put_chart("delays", draft(title="Late"))

    assert (second.title, second.created_by, second.created_at) == ("Late", "ada", first.created_at)
    assert second.updated_at >= first.updated_at
    assert await service.api().get_chart("delays") == second


async def test_same_publication_is_published_once(service: Service) -> None:
    first = await service.api().put_chart("delays", draft(publication="job-1"))
    again = await service.api().put_chart("delays", draft(publication="job-1", title="Other"))

    assert again == first
    assert len(await told_events(service)) == 1


async def test_charts_come_by_name_in_pages(service: Service) -> None:
    for name in ("b", "a", "C", "d"):
        await service.api().put_chart(name, draft())

    first = await service.api().list_charts(PageRequest(limit=3))
    rest = await service.api().list_charts(PageRequest(limit=3, cursor=first.next_cursor))

    assert [chart.name for chart in (*first.items, *rest.items)] == ["C", "a", "b", "d"]
    assert rest.next_cursor is None


async def test_deleted_chart_is_gone(service: Service) -> None:
    await service.api().put_chart("delays", draft())
    await service.api().delete_chart("delays")

    with pytest.raises(ChartNotFound):
        await service.api().get_chart("delays")
    with pytest.raises(ChartNotFound):
        await service.api().delete_chart("delays")
    assert await told_events(service) == [("viz.chart_saved", "delays"), ("viz.chart_deleted", "delays")]


async def test_write_over_another_state_is_refused(service: Service) -> None:
    old = tag_of(await service.api().put_chart("delays", draft()))
    current = await service.api().put_chart("delays", draft(title="Late"))

    with pytest.raises(PreconditionFailed):
        await service.api().put_chart("delays", draft(title="Lost"), if_match=old)
    assert await service.api().get_chart("delays") == current

    held = f'"other", {tag_of(current)}'
    assert (await service.api().put_chart("delays", draft(title="Kept"), if_match=held)).title == "Kept"


async def test_write_over_nothing_is_refused_when_something_was_expected(service: Service) -> None:
    with pytest.raises(PreconditionFailed):
        await service.api().put_chart("delays", draft(), if_match="*")


async def test_refused_spec_is_not_saved(service: Service) -> None:
    with pytest.raises(SpecRefused):
        await service.api().put_chart("delays", draft(spec=bars(mark="image"), sql=None))
    with pytest.raises(ChartNotFound):
        await service.api().get_chart("delays")


async def test_saved_chart_is_drawn_over_what_its_data_is_now(service: Service) -> None:
    await service.api().put_chart("delays", draft())

    before = await service.api().render_chart("delays", ImageFormat.SVG)
    service.data.teach("SELECT late", [("month", "INTEGER"), ("origin", "VARCHAR"), ("late", "DOUBLE")], [(1, "E", 9)])
    after = await service.api().render_chart("delays", ImageFormat.SVG)

    assert before.etag != after.etag


async def test_chart_over_http_carries_its_tag(service: Service) -> None:
    body = {"spec": LINE, "sql": "SELECT late"}
    made = await service.http.put(f"{CHARTS}/delays", json=body, headers=service.headers())
    found = await service.http.get(f"{CHARTS}/delays", headers=service.headers(Role.VIEWER))

    assert made.status_code == 200
    assert found.json() == made.json()
    assert found.headers["etag"] == made.headers["etag"]

    stale = {**service.headers(), "If-Match": '"old"'}
    assert (await service.http.put(f"{CHARTS}/delays", json=body, headers=stale)).status_code == 412


async def test_viewer_may_draw_but_not_save(service: Service) -> None:
    await service.api().put_chart("delays", draft())
    viewer = service.headers(Role.VIEWER, "bob")

    drawn = await service.http.get(f"{CHARTS}/delays.svg", headers=viewer)
    saved = await service.http.put(f"{CHARTS}/delays", json={"spec": bars()}, headers=viewer)
    deleted = await service.http.delete(f"{CHARTS}/delays", headers=viewer)

    assert (drawn.status_code, saved.status_code, deleted.status_code) == (200, 403, 403)


async def test_unknown_chart_and_format_are_not_found(service: Service) -> None:
    await service.api().put_chart("delays", draft())

    for path in ("nope", "nope.png", "delays.gif"):
        answer = await service.http.get(f"{CHARTS}/{path}", headers=service.headers())
        assert answer.status_code == 404, path
