"""Loaded versions: many callers, broken files, what is kept in memory."""

import asyncio
from pathlib import Path

import pytest
from tests.services.ai.conftest import Service, Trained
from tests.services.ai.flights import EARLY_ROW, ROW

from datalab.contracts.ai import PredictRequest
from datalab.contracts.errors import InvalidInput
from datalab.kernel.database.url import DatabaseUrl, SqliteFolder
from datalab.services.ai.adapters.serving.predictor import ModelFileBroken


@pytest.fixture
def database_url(tmp_path: Path) -> DatabaseUrl:
    """SQLite alone: what is shown here is the same on any database; test_registry shows that."""
    return SqliteFolder(tmp_path / "databases")


async def test_callers_at_once_get_their_own_answers(service: Service, lateness: Trained) -> None:
    await service.register(lateness)
    ai = service.api()
    rows = [ROW, EARLY_ROW, ROW | {"temperature": 3.0}, EARLY_ROW | {"dest": "nowhere"}] * 8
    alone = [(await ai.predict("lateness", PredictRequest(rows=(row,)))).probabilities for row in rows[:4]]
    together = await asyncio.gather(*(ai.predict("lateness", PredictRequest(rows=(row,))) for row in rows))
    for index, said in enumerate(together):
        ours, expected = said.probabilities, alone[index % 4]
        assert ours is not None
        assert expected is not None
        assert ours[0] == pytest.approx(expected[0], abs=1e-6)


async def test_many_rows_are_answered_in_order(service: Service, delay: Trained) -> None:
    await service.register(delay, "delay")
    rows = tuple((ROW, EARLY_ROW)[number % 2] for number in range(3001))
    said = (await service.api().predict("delay", PredictRequest(rows=rows))).predictions
    assert len(said) == 3001
    assert said[::2] == (said[0],) * 1501
    assert said[1::2] == (said[1],) * 1500


async def test_more_versions_than_stay_loaded_all_answer(service: Service, lateness: Trained) -> None:
    ai = service.api()
    for _ in range(4):
        await service.register(lateness)
    for version in (1, 2, 3, 4, 1):
        said = await ai.predict("lateness", PredictRequest(rows=(ROW,), version=version))
        assert said.model_version == version


@pytest.mark.parametrize("engine", ["onnx", "sklearn"])
async def test_a_file_that_is_not_what_was_registered_is_not_opened(
    service: Service, lateness: Trained, engine: str
) -> None:
    version = await service.register(lateness, engine=engine)
    for file in await service.registry.files_of_job(str(version.job_id)):
        path = service.dependencies.store.path(file.key)
        path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(Exception, match="not what was registered") as refused:
        await service.api().predict("lateness", PredictRequest(rows=(ROW,)))
    assert engine == "sklearn" or isinstance(refused.value, ModelFileBroken)


async def test_a_restored_file_is_loaded_at_the_next_try(service: Service, lateness: Trained) -> None:
    version = await service.register(lateness)
    (onnx,) = [file for file in await service.registry.files_of_job(str(version.job_id)) if file.name == "model.onnx"]
    path = service.dependencies.store.path(onnx.key)
    content = path.read_bytes()
    path.write_bytes(b"broken")
    ai = service.api()
    with pytest.raises(ModelFileBroken):
        await ai.predict("lateness", PredictRequest(rows=(ROW,)))
    path.write_bytes(content)
    assert (await ai.predict("lateness", PredictRequest(rows=(ROW,)))).predictions == (True,)


async def test_wrong_rows_are_refused_beyond_the_first_part_too(service: Service, lateness: Trained) -> None:
    await service.register(lateness)
    rows = (ROW,) * 300 + (ROW | {"wings": 2},)
    with pytest.raises(InvalidInput) as refused:
        await service.api().predict("lateness", PredictRequest(rows=rows))
    assert refused.value.errors[0].where == "rows[300].wings"


async def test_an_inexact_conversion_is_answered_by_scikit_learn_alike(service: Service, lateness: Trained) -> None:
    rows = (ROW, EARLY_ROW | {"dest": "unknown", "temperature": None})
    await service.register(lateness, "converted")
    await service.register(lateness, "original", engine="sklearn")
    converted = await service.api().predict("converted", PredictRequest(rows=rows))
    original = await service.api().predict("original", PredictRequest(rows=rows))
    assert converted.predictions == original.predictions
    assert original.probabilities is not None
    assert converted.probabilities is not None
    for ours, theirs in zip(converted.probabilities, original.probabilities, strict=True):
        assert max(abs(one - other) for one, other in zip(ours, theirs, strict=True)) < 1e-5


async def test_a_regression_answers_in_the_unit_of_its_target(service: Service, delay: Trained) -> None:
    await service.register(delay, "delay")
    said = await service.api().predict("delay", PredictRequest(rows=(ROW, EARLY_ROW)))
    assert (said.probabilities, said.classes) == (None, None)
    assert said.predictions[0] > 20
    assert said.predictions[1] < -20
