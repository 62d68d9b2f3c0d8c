"""Models are the same by every road."""

import random

import pytest
import pytest_asyncio
from tests.conformance.platform import ROADS, World
from tests.conformance.test_compute import ended
from tests.conformance.test_data import pieces
from tests.conformance.told import Ask, same_answer, same_refusal

from datalab.contracts.ai import AliasTarget, ModelNotFound, PredictRequest, TrainRequest, UntrainableData
from datalab.contracts.data import DatasetNotFound, Upload, UploadMode
from datalab.contracts.errors import IdempotencyMismatch, InvalidInput, PlatformError
from datalab.contracts.identity import Role
from datalab.contracts.ids import new_id
from datalab.contracts.jobs import JobState
from datalab.contracts.model import PageRequest

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.xdist_group("conformance")]

SIZES = b"a,b,big\n" + b"".join(
    f"{a},{b},{'large' if a + b > 100 else 'small'}\n".encode()
    for a, b in ((random.Random(n).randrange(100), random.Random(-n).randrange(100)) for n in range(1, 200))
)
ROWS = ({"a": 90, "b": 90}, {"a": 1, "b": 2})
TRAIN = TrainRequest(dataset="sizes", target="big", alias="champion")


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def model(world: World) -> str:
    """A trained model."""
    api = world.by_road("in process", await world.caller(Role.EDITOR))
    await api.data.upload("sizes", Upload(mode=UploadMode.REPLACE), pieces(SIZES))
    job = await ended(api.compute, await api.ai.train("sizes", TRAIN))
    assert job.state is JobState.SUCCEEDED, job.error
    return "sizes"


async def test_predictions_are_the_same(world: World, model: str):
    async def ask(api):
        said = await api.ai.predict(model, PredictRequest(rows=ROWS, alias="champion"))
        return said.model_copy(update={"batch_wait_ms": 0.0})

    assert (await same_answer(await world.roads(Role.VIEWER), ask)).predictions == ("large", "small")


async def test_reading_the_registry_answers_the_same(world: World, model: str):
    roads = await world.roads(Role.VIEWER)
    assert (await same_answer(roads, lambda api: api.ai.get_model(model))).aliases["champion"] == 1
    assert (await same_answer(roads, lambda api: api.ai.get_model_version(model, 1))).target == "big"
    assert (await same_answer(roads, lambda api: api.ai.list_models(PageRequest(limit=1)))).items
    assert (await same_answer(roads, lambda api: api.ai.list_model_versions(model, PageRequest()))).items
    assert (await same_answer(roads, lambda api: api.ai.list_aliases(model))).items


@pytest.mark.parametrize("road", ROADS)
async def test_an_alias_is_set_and_taken_away(world: World, model: str, road: str):
    api = world.by_road(road, await world.caller(Role.EDITOR)).ai
    made = await api.set_alias(model, "trial", AliasTarget(version=1))
    assert (made.alias, made.version) == ("trial", 1)
    assert made in (await api.list_aliases(model)).items
    await api.delete_alias(model, "trial")
    assert made not in (await api.list_aliases(model)).items


async def test_an_idempotency_key_names_one_training_on_all_roads(world: World, model: str):
    roads, key = await world.roads(Role.EDITOR), new_id()
    jobs = [await road.ai.train(model, TRAIN, key) for road in roads]
    assert len({job.id for job in jobs}) == 1
    other = TRAIN.model_copy(update={"seed": 1})
    assert (await same_refusal(roads, lambda api: api.ai.train(model, other, key))).kind is IdempotencyMismatch
    await roads[0].compute.cancel(jobs[0].id)


def predicting(rows: tuple[dict, ...], **which) -> Ask:
    return lambda api: api.ai.predict("sizes", PredictRequest(rows=rows, **which))


REFUSALS: dict[str, tuple[type[PlatformError], Ask]] = {
    "unknown model": (ModelNotFound, lambda api: api.ai.get_model("nothing_here")),
    "no model name": (InvalidInput, lambda api: api.ai.get_model("no name!")),
    "unknown version": (ModelNotFound, lambda api: api.ai.get_model_version("sizes", 99)),
    "unknown alias": (ModelNotFound, predicting(ROWS, alias="nobody")),
    "alias of no version": (ModelNotFound, lambda api: api.ai.set_alias("sizes", "x", AliasTarget(version=99))),
    "no alias name": (InvalidInput, lambda api: api.ai.set_alias("sizes", "No Alias", AliasTarget(version=1))),
    "deleting nothing": (ModelNotFound, lambda api: api.ai.delete_model("nothing_here")),
    "deleting no alias": (PlatformError, lambda api: api.ai.delete_alias("sizes", "nobody")),
    "version and alias": (InvalidInput, predicting(ROWS, version=1, alias="champion")),
    "a row's type": (InvalidInput, predicting(({"a": "many", "b": 1}, {"a": 1, "b": []}))),
    "an unknown feature": (InvalidInput, predicting(({"a": 1, "b": 1, "c": 1},))),
    "an unknown dataset": (
        DatasetNotFound,
        lambda api: api.ai.train("sizes", TrainRequest(dataset="nothing_here", target="big")),
    ),
    "an unknown column": (
        UntrainableData,
        lambda api: api.ai.train("sizes", TrainRequest(dataset="sizes", target="bigg", exclude=("z",))),
    ),
    "cursor": (InvalidInput, lambda api: api.ai.list_models(PageRequest(cursor="\x00"))),
}


@pytest.mark.parametrize("what", REFUSALS)
async def test_a_refusal_is_the_same(world: World, model: str, what: str):
    kind, ask = REFUSALS[what]
    told = await same_refusal(await world.roads(Role.EDITOR), ask)
    assert issubclass(told.kind, kind)
    assert told.detail
