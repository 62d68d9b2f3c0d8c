"""From a dataset to predictions, with a real pool, whose workers are executed, and a real database."""

import pytest
from tests.services.ai.conftest import Service
from tests.services.ai.flights import EARLY_ROW, FEATURES, ROW

from datalab.contracts.ai import PredictRequest, TrainRequest


@pytest.fixture(scope="module")
def forked_workers() -> None:
    """None are."""


async def test_a_model_is_trained_registered_and_asked(service: Service) -> None:
    ai = service.api()
    await ai.train("lateness", TrainRequest(dataset="flights", target="late", alias="champion", features=FEATURES))
    attempt = service.attempt()
    result = await service.kind.handler(attempt)
    assert (result["model"], result["version"], result["aliases"]) == ("lateness", 1, ["champion"])
    assert attempt.fractions == sorted(attempt.fractions)
    assert attempt.fractions[-1] == 1.0
    assert any("trial 5 of 5" in line for line in attempt.lines)
    version = await ai.get_model_version("lateness", 1)
    assert version.engine == "onnx"
    assert version.metrics["auc"] > 0.85
    assert version.metrics["log_loss"] < version.baseline["log_loss"]
    assert version.card["source"] == {"dataset": "flights", "version": 4, "rows": 1500}
    said = await ai.predict("lateness", PredictRequest(rows=(ROW, EARLY_ROW)))
    assert said.predictions == (True, False)
    assert said.classes == (False, True)
    assert said.probabilities is not None
    assert said.probabilities[0][1] > 0.9
    assert said.model_version == 1
    assert not list(service.home.joinpath("staging", "ai").iterdir())
