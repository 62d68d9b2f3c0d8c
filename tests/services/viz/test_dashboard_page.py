"""A dashboard drawn as one page."""

import re

import pytest
from tests.services.viz.conftest import Service
from tests.services.viz.specs import LINE, bars

from datalab.contracts.identity import Role
from datalab.contracts.viz import ChartDraft, DashboardDraft, Rendering, Tile

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVIL = "<script>alert(1)</script>"
DASHBOARD = "/api/v1/viz/dashboards/delays"


async def board(service: Service, *tiles: Tile, title: str = "Delays") -> Rendering:
    await service.api().put_dashboard("delays", DashboardDraft(title=title, tiles=tiles))
    return await service.api().render_dashboard("delays")


async def save(service: Service, name: str, **draft: object) -> None:
    await service.api().put_chart(name, ChartDraft.model_validate({"spec": LINE, "sql": "SELECT late", **draft}))


async def test_page_shows_each_chart_in_both_themes_and_widths(service: Service) -> None:
    await save(service, "late", title="Late by month")

    drawn = await board(service, Tile(chart="late", width=8))
    text = drawn.content.decode()

    assert drawn.media_type == "text/html; charset=utf-8"
    assert text.count("<svg") == 4
    for classes in ("light wide", "light narrow", "dark wide", "dark narrow"):
        assert f'class="picture {classes}"' in text
    assert "<figcaption>Late by month</figcaption>" in text
    assert 'aria-label="Late by month. Share of late arrivals by month and airport"' in text


async def test_narrow_tile_is_drawn_once_for_all_widths(service: Service) -> None:
    await save(service, "late")

    text = (await board(service, Tile(chart="late", width=4))).content.decode()

    assert text.count("<svg") == 2
    assert 'class="picture dark wide narrow"' in text


async def test_page_loads_and_runs_nothing(service: Service) -> None:
    await save(service, "late")

    text = (await board(service, Tile(chart="late"))).content.decode()

    assert "<script" not in text
    assert not re.search(r"(src|href)=", text)
    assert "default-src 'none'" in text


async def test_ids_of_pictures_do_not_clash(service: Service) -> None:
    heat = bars(encoding={"x": {"field": "airline"}, "color": {"field": "late", "type": "quantitative"}})
    for name in ("one", "two"):
        await save(service, name, spec=heat, sql=None)

    text = (await board(service, Tile(chart="one"), Tile(chart="two", column=6))).content.decode()

    ids = re.findall(r'\bid="([^"]+)"', text)
    assert ids
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(ids)


async def test_tile_that_fails_says_why_and_the_rest_stay(service: Service) -> None:
    await save(service, "late", title="Late by month")
    await save(service, "lost", title="Lost", sql="SELECT lost")
    await save(service, "broken", title="Broken", spec=bars(transform=[{"calculate": "nope(1)", "as": "x"}]), sql=None)

    drawn = await board(
        service, Tile(chart="late"), Tile(chart="lost", column=6), Tile(chart="broken", row=4), title="Board"
    )
    text = drawn.content.decode()

    assert text.count("<svg") == 4
    assert text.count('role="alert"') == 2
    assert "Unrecognized function: nope" in text


async def test_tile_whose_chart_was_deleted_says_so(service: Service) -> None:
    await save(service, "late")
    await board(service, Tile(chart="late"))
    await service.api().delete_chart("late")

    text = (await service.api().render_dashboard("delays")).content.decode()

    assert "there is no chart &#x27;late&#x27;" in text


async def test_words_of_users_are_escaped(service: Service) -> None:
    await save(service, "late", title=EVIL, spec={**LINE, "description": f'"{EVIL}'})
    await save(service, "lost", title=EVIL, sql=f"SELECT {EVIL}")

    drawn = await board(service, Tile(chart="late"), Tile(chart="lost", column=6), title=EVIL)

    assert "<script" not in drawn.content.decode()


async def test_same_page_again_is_kept_and_changed_rows_make_another(service: Service) -> None:
    await save(service, "late")
    first = await board(service, Tile(chart="late"))
    second = await service.api().render_dashboard("delays")
    service.data.teach("SELECT late", [("month", "INTEGER"), ("origin", "VARCHAR"), ("late", "DOUBLE")], [(1, "E", 9)])
    third = await service.api().render_dashboard("delays")

    assert (first.cached, second.cached, third.cached) == (False, True, False)
    assert first.etag == second.etag != third.etag
    assert first.content == second.content


async def test_barred_caller_sees_the_refusal_in_place_of_the_chart(service: Service) -> None:
    await save(service, "late")
    await board(service, Tile(chart="late"))
    service.data.barred.add("eve")

    text = (await service.api(name="eve").render_dashboard("delays")).content.decode()

    assert "<svg" not in text
    assert "eve may not read this" in text


async def test_page_names_the_version_of_its_data(service: Service) -> None:
    service.data.teach('SELECT * FROM "flights"', [("month", "INTEGER")], [(1,)])
    spec = {"mark": "bar", "encoding": {"x": {"field": "month", "type": "ordinal"}}}
    await save(service, "late", spec=spec, sql=None, dataset="flights")

    text = (await board(service, Tile(chart="late"))).content.decode()

    assert "flights v4 · drawn <time" in text


async def test_empty_dashboard_says_how_to_fill_it(service: Service) -> None:
    text = (await board(service)).content.decode()

    assert "Nothing on this dashboard yet" in text


async def test_page_over_http_is_confirmed_without_a_body(service: Service) -> None:
    await save(service, "late")
    await board(service, Tile(chart="late"))
    path = "/api/v1/viz/dashboards/delays.html"

    first = await service.http.get(path, headers=service.headers())
    again = await service.http.get(path, headers={**service.headers(), "If-None-Match": first.headers["etag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    assert "default-src 'none'" in first.headers["content-security-policy"]


async def test_a_text_is_markdown_that_can_do_nothing(service: Service) -> None:
    text = f"# What *this* is\n\n{EVIL}\n\n[in](https://example.org) [bad](javascript:alert(1)) ![p](https://example.org/p)"

    page = (await board(service, Tile(text=text, width=12))).content.decode()

    assert "<h1>What <em>this</em> is</h1>" in page
    assert '<a href="https://example.org">in</a>' in page
    for never in ("<script", '"javascript:', "<img"):
        assert never not in page


async def test_a_page_is_of_the_rows_that_fit_and_says_so(service: Service) -> None:
    await save(service, "late")
    whole = await board(service, Tile(chart="late"))

    answer = await service.http.get(
        f"{DASHBOARD}.html", params={"where": ["origin=eq.JFK", "month=gte.2"]}, headers=service.headers()
    )

    assert service.data.asked[-1].where == (("origin", "eq.JFK"), ("month", "gte.2"))
    assert "only origin eq.JFK · only month gte.2" in answer.text
    assert answer.headers["etag"] != whole.etag


async def test_a_chart_is_drawn_over_the_rows_that_fit(service: Service) -> None:
    await save(service, "late")
    chart = "/api/v1/viz/charts/late.json"

    await service.http.get(chart, params={"where": "origin=eq.a=b"}, headers=service.headers())
    assert service.data.asked[-1].where == (("origin", "eq.a=b"),)

    refused = await service.http.get(chart, params={"where": "origin"}, headers=service.headers())
    assert refused.status_code == 422
    assert "where: is written column=operator.value" in refused.json()["detail"]


async def test_a_tile_is_a_chart_or_a_text(service: Service) -> None:
    for tile in ({}, {"chart": "late", "text": "both"}, {"text": ""}):
        answer = await service.http.put(DASHBOARD, json={"tiles": [tile]}, headers=service.headers(Role.EDITOR))
        assert answer.status_code == 422
