"""A conversion serves only where it says what the original says."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from tests.services.ai.flights import flights
from tests.services.ai.training import train_on

from datalab.contracts.ai import Task
from datalab.services.ai.adapters.training.boosting import round_down
from datalab.services.ai.adapters.training.candidates import Fitted
from datalab.services.ai.adapters.training.convert import convert, verify
from datalab.services.ai.model.inputs import BooleanInput, CategoryInput, InputSchema, NumericInput, Scale

UNIT = Scale(center=0, spread=1)
SCHEMA = InputSchema(
    inputs=(
        NumericInput(name="a", required=True, scale=UNIT),
        NumericInput(name="b", required=False, scale=UNIT),
        BooleanInput(name="c", required=True),
        CategoryInput(name="d", required=True, vectors={"x": (1.0, 0.0)}, other=(0.0, 1.0), missing=(0.0, 0.0)),
    )
)
RANDOM = np.random.default_rng(3)
MATRIX = RANDOM.normal(size=(600, SCHEMA.width)).astype(np.float32)
BINARY = (MATRIX[:, 0] + MATRIX[:, 1] > 0).astype(np.int64)
THREE = np.digitize(MATRIX[:, 0] * MATRIX[:, 1], [-0.3, 0.3])
ESTIMATORS = [
    (HistGradientBoostingClassifier(max_iter=20), BINARY, Task.CLASSIFICATION),
    (HistGradientBoostingClassifier(max_iter=20), THREE, Task.CLASSIFICATION),
    (HistGradientBoostingRegressor(max_iter=20), MATRIX[:, 0] * MATRIX[:, 1], Task.REGRESSION),
    (LogisticRegression(), BINARY, Task.CLASSIFICATION),
    (LogisticRegression(), THREE, Task.CLASSIFICATION),
    (Ridge(), MATRIX[:, 0], Task.REGRESSION),
]


@pytest.mark.parametrize(("estimator", "outcome", "task"), ESTIMATORS)
def test_every_candidate_converts_exactly(estimator: Any, outcome: np.ndarray, task: Task) -> None:
    fitted = Fitted(estimator.fit(MATRIX, outcome), task)
    check = verify(convert(fitted, SCHEMA.width), fitted, SCHEMA, MATRIX)
    assert check.exact
    assert check.rows == 600 + 3 * 50


def test_another_models_conversion_is_found_out() -> None:
    one = Fitted(HistGradientBoostingClassifier(max_iter=20).fit(MATRIX, BINARY), Task.CLASSIFICATION)
    other = Fitted(
        HistGradientBoostingClassifier(max_iter=20, random_state=1).fit(MATRIX, 1 - BINARY), Task.CLASSIFICATION
    )
    assert not verify(convert(other, SCHEMA.width), one, SCHEMA, MATRIX).exact


def test_a_threshold_between_two_floats_keeps_rows_on_their_side() -> None:
    below = np.float32(0.1)
    above = np.nextafter(below, np.float32(1))
    threshold = (float(below) + float(above)) / 2 + 1e-12
    assert below <= round_down(threshold) < above


def test_a_model_of_adjacent_floats_converts_exactly() -> None:
    steps = np.float32(16_777_216) + 2 * np.arange(600, dtype=np.float32)
    matrix = np.stack([steps] * SCHEMA.width, axis=1)
    fitted = Fitted(HistGradientBoostingRegressor(max_iter=30).fit(matrix, RANDOM.normal(size=600)), Task.REGRESSION)
    assert verify(convert(fitted, SCHEMA.width), fitted, SCHEMA, matrix).exact


def test_a_conversion_past_the_limit_is_not_kept(tmp_path: Path) -> None:
    trained = train_on(flights(200), tmp_path, most_onnx_bytes=10, features=("temperature", "carrier"))
    assert trained.engine == "sklearn"
    assert trained.files == ("model.skops", "card.json")
    assert not (tmp_path / "model.onnx").exists()
