"""Models, versions and aliases, on both databases."""

import asyncio

import pytest
from sqlalchemy import select
from tests.services.ai.conftest import Service, Trained
from tests.services.ai.flights import ROW

from datalab.contracts.ai import Alias, AliasTarget, ModelNotFound, PredictRequest
from datalab.contracts.errors import InvalidInput
from datalab.contracts.ids import new_id
from datalab.contracts.model import PageRequest
from datalab.kernel.events.outbox import outbox


async def topics(service: Service) -> list[tuple[str, str]]:
    async with service.dependencies.database.read() as connection:
        rows = await connection.execute(select(outbox.c.topic, outbox.c.key).order_by(outbox.c.position))
        return [(row.topic, row.key) for row in rows]


async def test_versions_count_up_and_each_is_told_of_once(service: Service, lateness: Trained) -> None:
    first = await service.register(lateness)
    second = await service.register(lateness, alias="champion")
    assert (first.version, second.version, second.aliases) == (1, 2, ("champion",))
    assert await topics(service) == [
        ("ai.version_registered", "lateness/1"),
        ("ai.alias_set", "lateness/champion"),
        ("ai.version_registered", "lateness/2"),
    ]
    model = await service.api().get_model("lateness")
    assert (model.latest_version, model.aliases, model.target) == (2, {"champion": 2}, "late")


async def test_a_replayed_job_registers_once(service: Service, lateness: Trained) -> None:
    job_id = new_id()
    first = await service.register(lateness, job_id=job_id)
    again = await service.register(lateness, job_id=job_id)
    assert again == first
    assert (await service.api().get_model("lateness")).latest_version == 1
    assert await topics(service) == [("ai.version_registered", "lateness/1")]


async def test_two_attempts_at_once_register_once(service: Service, lateness: Trained) -> None:
    new = await service.new_version(lateness)
    first, second = await asyncio.gather(service.registry.register(new), service.registry.register(new))
    assert first == second
    assert len(await topics(service)) == 1


async def test_jobs_at_once_get_numbers_without_a_gap(service: Service, lateness: Trained) -> None:
    made = await asyncio.gather(*(service.register(lateness) for _ in range(6)))
    assert sorted(version.version for version in made) == [1, 2, 3, 4, 5, 6]


async def test_a_prediction_is_made_by_the_version_meant(service: Service, lateness: Trained) -> None:
    ai = service.api()
    for _ in range(3):
        await service.register(lateness)

    async def asked(**which: object) -> int:
        return (await ai.predict("lateness", PredictRequest(rows=(ROW,), **which))).model_version

    assert await asked() == 3
    assert await asked(version=1) == 1
    assert await ai.set_alias("lateness", "champion", AliasTarget(version=2)) == Alias(alias="champion", version=2)
    assert await asked() == 2
    assert await asked(alias="champion") == 2
    await ai.set_alias("lateness", "champion", AliasTarget(version=1))
    assert await asked() == 1
    await ai.delete_alias("lateness", "champion")
    assert await asked() == 3


async def test_what_is_not_there_is_not_found_by_name(service: Service, lateness: Trained) -> None:
    ai = service.api()
    with pytest.raises(ModelNotFound, match="no model 'lateness'"):
        await ai.get_model("lateness")
    with pytest.raises(ModelNotFound, match="no model 'lateness'"):
        await ai.predict("lateness", PredictRequest(rows=(ROW,)))
    await service.register(lateness)
    for version in (2, 2**40):
        with pytest.raises(ModelNotFound, match=f"no version {version}"):
            await ai.get_model_version("lateness", version)
        with pytest.raises(ModelNotFound, match=f"no version {version}"):
            await ai.set_alias("lateness", "champion", AliasTarget(version=version))
        with pytest.raises(ModelNotFound, match=f"no version {version}"):
            await ai.predict("lateness", PredictRequest(rows=(ROW,), version=version))
    with pytest.raises(ModelNotFound, match="no alias 'challenger'"):
        await ai.predict("lateness", PredictRequest(rows=(ROW,), alias="challenger"))
    with pytest.raises(ModelNotFound, match="no alias 'challenger'"):
        await ai.delete_alias("lateness", "challenger")


async def test_a_deleted_model_is_gone_with_its_files(service: Service, lateness: Trained) -> None:
    ai = service.api()
    await service.register(lateness, alias="champion")
    assert len(await service.dependencies.store.list("models/")) == 3
    await ai.delete_model("lateness")
    assert await service.dependencies.store.list("models/") == ()
    assert (await ai.list_models(PageRequest())).items == ()
    with pytest.raises(ModelNotFound):
        await ai.predict("lateness", PredictRequest(rows=(ROW,)))
    assert (await service.register(lateness)).version == 1


async def test_lists_go_by_pages(service: Service, lateness: Trained) -> None:
    ai = service.api()
    for model in ("b", "A", "c", "b", "b"):
        await service.register(lateness, model)
    page = await ai.list_models(PageRequest(limit=2))
    assert [model.name for model in page.items] == ["A", "b"]
    rest = await ai.list_models(PageRequest(limit=2, cursor=page.next_cursor))
    assert ([model.name for model in rest.items], rest.next_cursor) == (["c"], None)
    versions = await ai.list_model_versions("b", PageRequest(limit=2))
    assert [version.version for version in versions.items] == [3, 2]
    rest_of_versions = await ai.list_model_versions("b", PageRequest(limit=2, cursor=versions.next_cursor))
    assert [version.version for version in rest_of_versions.items] == [1]


@pytest.mark.parametrize("cursor", ["\0", "-1", "9" * 30, "²"])
async def test_a_cursor_of_another_list_is_refused(service: Service, lateness: Trained, cursor: str) -> None:
    await service.register(lateness)
    with pytest.raises(InvalidInput, match="cursor"):
        await service.api().list_models(PageRequest(cursor=cursor))
    with pytest.raises(InvalidInput, match="cursor"):
        await service.api().list_model_versions("lateness", PageRequest(cursor=cursor))
