"""What is in a dataset's columns, on both databases."""

import asyncio
from typing import Any

import pytest
from tests.services.data.conftest import DATASETS, Service

from datalab.contracts.identity import Role
from datalab.kernel.database.url import DatabaseUrl
from datalab.services.data.actions.profile_cache import Profiles
from datalab.services.data.model.profiling import Profiled

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def location(database_url: DatabaseUrl) -> DatabaseUrl:
    return database_url


async def profile(service: Service, query: str = "") -> dict[str, Any]:
    answer = await service.http.get(f"{DATASETS}/things/profile{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def columns(service: Service, content: str) -> dict[str, dict[str, Any]]:
    made = await service.put("things", content, "?mode=replace")
    assert made.status_code in {200, 201}, made.text
    return {column["name"]: column for column in (await profile(service))["columns"]}


async def test_numbers_have_bounds_mean_quantiles_and_bins(service: Service):
    rows = "".join(f"{n},{n / 4}\n" for n in range(1, 101))
    found = await columns(service, f"n,x\n{rows},\n")
    n = found["n"]
    assert (n["count"], n["nulls"], n["distinct"], n["approximate"]) == (100, 1, 100, False)
    assert (n["min"], n["max"], n["mean"]) == (1, 100, 50.5)
    assert [one["at"] for one in n["quantiles"]] == [0.05, 0.25, 0.5, 0.75, 0.95]
    assert n["quantiles"][2]["value"] == 50.5
    assert n["histogram"] == {"edges": list(range(1, 102, 5)), "counts": [5] * 20}
    assert (n["top"], n["lengths"]) == ([], None)
    x = found["x"]["histogram"]
    assert (len(x["edges"]), x["edges"][0], x["edges"][-1], sum(x["counts"])) == (21, 0.25, 25.0, 100)


async def test_few_whole_numbers_have_a_bin_each(service: Service):
    found = await columns(service, "n,same\n" + "".join(f"{n % 3},7\n" for n in range(9)))
    assert found["n"]["histogram"] == {"edges": [0, 1, 2, 3], "counts": [3, 3, 3]}
    assert found["same"]["histogram"] == {"edges": [7, 8], "counts": [9]}


async def test_texts_and_booleans_have_top_values_and_lengths(service: Service):
    found = await columns(service, "word,yes\n" + "ab,true\n" * 3 + "c,false\n" + f"{'x' * 500},true\n" + ",\n")
    word = found["word"]
    assert word["top"][0] == {"value": "ab", "count": 3}
    assert word["top"][2] == {"value": "x" * 200, "count": 1}
    assert word["lengths"] == {"shortest": 1, "mean": 101.4, "longest": 500}
    assert (word["min"], word["mean"], word["histogram"]) == ("ab", None, None)
    assert found["yes"]["top"] == [{"value": True, "count": 4}, {"value": False, "count": 1}]


async def test_times_have_bounds_and_bins_of_times(service: Service):
    rows = "".join(f"2026-01-{n:02},2026-01-{n:02} 12:00:00\n" for n in range(1, 29))
    found = await columns(service, f"day,at\n{rows}")
    day = found["day"]
    assert (day["min"], day["max"], day["quantiles"][2]["value"]) == ("2026-01-01", "2026-01-28", "2026-01-14")
    assert day["histogram"]["edges"][:2] == ["2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z"]
    assert day["histogram"]["counts"] == [2] * 14
    assert (found["at"]["type"], sum(found["at"]["histogram"]["counts"])) == ("TIMESTAMP", 28)


async def test_infinities_and_what_is_no_number_are_left_out(service: Service):
    found = await columns(service, "x\n1.5\n2.5\ninf\nnan\n")
    assert (found["x"]["count"], found["x"]["mean"], sum(found["x"]["histogram"]["counts"])) == (4, 2.0, 2)
    nothing = await columns(service, "x,y\n1.5,\nnan,\n")
    assert (nothing["y"]["count"], nothing["y"]["distinct"], nothing["y"]["top"]) == (0, 0, [])


async def test_nested_columns_are_counted(service: Service):
    content = '{"list": [1, 2], "inner": {"a": 1}}\n{"list": null}\n'
    await service.put("things", content, "?mode=replace", **{"Content-Type": "application/x-ndjson"})
    found = (await profile(service))["columns"]
    assert [(one["count"], one["nulls"], one["distinct"]) for one in found] == [(1, 1, None), (1, 1, None)]


async def test_an_empty_dataset_has_a_profile(service: Service):
    found = await columns(service, "a,b\n")
    assert (found["a"]["count"], found["a"]["histogram"]) == (0, None)


async def test_past_versions_have_their_own(service: Service):
    await service.put("things", "n\n1\n")
    await service.put("things", "n\n2\n", "?mode=append")
    newest, past = await profile(service), await profile(service, "?version=0")
    assert [(one["version"], one["rows"], one["columns"][0]["max"]) for one in (newest, past)] == [(1, 2, 2), (0, 1, 1)]
    missing = await service.http.get(f"{DATASETS}/things/profile?version=9")
    assert (missing.status_code, missing.json()["code"]) == (404, "version_not_found")


async def test_the_right_to_read_is_asked_for_though_the_profile_is_known(service: Service):
    await service.put("closed.things", "n\n1\n")
    known = await service.http.get(f"{DATASETS}/closed.things/profile")
    assert known.status_code == 200
    refused = await service.http.get(f"{DATASETS}/closed.things/profile", headers=service.headers(Role.VIEWER))
    assert (refused.status_code, refused.json()["code"]) == (404, "dataset_not_found")


async def test_a_profile_is_made_once_for_all_who_wait_for_it():
    profiles, made = Profiles(max_columns=1), 0

    async def make() -> Profiled:
        nonlocal made
        made += 1
        await asyncio.sleep(0)
        return Profiled(columns=())

    await asyncio.gather(*(profiles.of(("a", 0), make) for _ in range(5)))
    assert made == 1


async def test_whoever_waits_makes_it_when_the_first_gave_up():
    profiles, begun = Profiles(), asyncio.Event()

    async def hang() -> Profiled:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def make() -> Profiled:
        return Profiled(columns=())

    first = asyncio.create_task(profiles.of(("a", 0), hang))
    await begun.wait()
    second = asyncio.create_task(profiles.of(("a", 0), make))
    first.cancel()
    assert await second == Profiled(columns=())
    with pytest.raises(asyncio.CancelledError):
        await first
