"""Drawing over HTTP, through the pool's real processes."""

import io
from typing import Any

import pytest
from PIL import Image
from tests.services.viz.conftest import Service
from tests.services.viz.specs import LINE, bars

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def draw(service: Service, body: dict[str, Any], format: str = "png", **headers: str) -> Any:
    return await service.http.post(
        f"/api/v1/viz/render?format={format}", json=body, headers={**service.headers(), **headers}
    )


def colours(image: Image.Image) -> int:
    return len(image.convert("RGB").getcolors(maxcolors=1_000_000) or ())


async def test_png_shows_the_query(service: Service) -> None:
    answer = await draw(service, {"spec": {**LINE, "width": 300, "height": 200}, "sql": "SELECT late"})

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    image = Image.open(io.BytesIO(answer.content))
    assert 300 < image.width < 450
    assert 200 < image.height < 350
    assert colours(image) > 20


async def test_svg_holds_the_axis_titles(service: Service) -> None:
    answer = await draw(service, {"spec": LINE, "sql": "SELECT late"}, "svg")

    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "Month of departure" in answer.text
    assert "Late, percent" in answer.text


async def test_scale_makes_more_pixels_of_the_same_chart(service: Service) -> None:
    once = await draw(service, {"spec": bars()})
    twice = await draw(service, {"spec": bars(), "scale": 2})

    small, large = (Image.open(io.BytesIO(answer.content)) for answer in (once, twice))
    assert large.size == (2 * small.width, 2 * small.height)


async def test_dark_theme_has_the_dark_surface(service: Service) -> None:
    answer = await draw(service, {"spec": bars(), "theme": "dark"})

    corner = Image.open(io.BytesIO(answer.content)).convert("RGB").getpixel((1, 1))
    assert corner == (0x14, 0x1C, 0x1D)


async def test_json_holds_the_rows_and_the_theme(service: Service) -> None:
    answer = await draw(service, {"spec": LINE, "sql": "SELECT late"}, "json")

    spec = answer.json()
    assert spec["data"]["values"][0] == {"month": 1, "origin": "E", "late": 21.0}
    assert spec["config"]["mark"] == {"color": "#0a6e6a"}


async def test_dataset_is_asked_for_by_its_quoted_name(service: Service) -> None:
    service.data.teach('SELECT * FROM "flights"', [("month", "INTEGER")], [(1,)])
    spec = {"mark": "bar", "encoding": {"x": {"field": "month", "type": "ordinal"}}}

    answer = await draw(service, {"spec": spec, "dataset": "flights"}, "svg")

    assert answer.status_code == 200, answer.text


async def test_same_chart_again_comes_from_the_cache(service: Service) -> None:
    first = await draw(service, {"spec": LINE, "sql": "SELECT late"})
    second = await draw(service, {"spec": LINE, "sql": "SELECT late"})

    assert (first.headers["x-cache"], second.headers["x-cache"]) == ("miss", "hit")
    assert second.content == first.content
    assert second.headers["etag"] == first.headers["etag"]
    assert second.headers["cache-control"] == "private, no-cache"


async def test_other_rows_make_another_image(service: Service) -> None:
    first = await draw(service, {"spec": LINE, "sql": "SELECT late"})
    service.data.teach("SELECT late", [("month", "INTEGER"), ("origin", "VARCHAR"), ("late", "DOUBLE")], [(1, "E", 9)])
    second = await draw(service, {"spec": LINE, "sql": "SELECT late"})

    assert second.headers["x-cache"] == "miss"
    assert second.headers["etag"] != first.headers["etag"]


async def test_held_copy_is_confirmed_without_a_body(service: Service) -> None:
    first = await draw(service, {"spec": bars()})
    again = await draw(service, {"spec": bars()}, **{"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


async def test_permission_is_judged_before_the_cache(service: Service) -> None:
    drawn = await draw(service, {"spec": LINE, "sql": "SELECT late"})
    service.data.barred.add("eve")

    refused = await draw(
        service,
        {"spec": LINE, "sql": "SELECT late"},
        **service.headers(name="eve"),
        **{"If-None-Match": drawn.headers["etag"]},
    )

    assert refused.status_code == 403
    assert refused.json()["detail"] == "eve may not read this"


async def test_too_many_rows_say_to_aggregate(service: Service) -> None:
    service.data.teach("SELECT all", [("a", "INTEGER")], [(number,) for number in range(9_000)])

    answer = await draw(service, {"spec": {"mark": "point", "encoding": {}}, "sql": "SELECT all"})

    assert answer.status_code == 413
    assert "aggregate or bin first" in answer.json()["detail"]
    assert service.data.asked[-1].max_rows == 5_001


async def test_unknown_field_names_the_columns(service: Service) -> None:
    spec = {"mark": "bar", "encoding": {"x": {"field": "moth", "type": "ordinal"}}}

    answer = await draw(service, {"spec": spec, "sql": "SELECT late"})

    assert answer.status_code == 422
    error = answer.json()["errors"][0]
    assert error["where"] == "spec.encoding.x.field"
    assert "late, month, origin" in error["what"]


async def test_rows_from_two_sources_are_refused(service: Service) -> None:
    answer = await draw(service, {"spec": bars(), "sql": "SELECT late"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "spec.data"


async def test_chart_without_rows_is_refused(service: Service) -> None:
    answer = await draw(service, {"spec": {"mark": "bar"}})

    assert answer.status_code == 422
    assert "has no rows" in answer.json()["detail"]


async def test_words_of_vega_reach_the_reader(service: Service) -> None:
    answer = await draw(service, {"spec": bars(transform=[{"calculate": "nope(1)", "as": "x"}])})

    assert answer.status_code == 422
    assert answer.json()["code"] == "spec_refused"
    assert "Unrecognized function: nope" in answer.json()["detail"]
    assert "cdn.jsdelivr" not in answer.text


async def test_unknown_format_names_those_there_are(service: Service) -> None:
    answer = await draw(service, {"spec": bars()}, "gif")

    assert answer.status_code == 422
    assert "'png'" in answer.text


async def test_facets_beyond_the_pixels_are_refused(service: Service) -> None:
    rows = [{"a": number} for number in range(120)]
    spec = bars(data={"values": rows}, encoding={"row": {"field": "a"}}, width=4000, height=400)

    answer = await draw(service, {"spec": spec})

    assert answer.status_code == 422
    assert "more than the 40,000,000 pixels" in answer.json()["detail"]


async def test_stranger_is_refused_before_anything_is_read(service: Service) -> None:
    answer = await service.http.post("/api/v1/viz/render", content=b"{")

    assert answer.status_code == 401
