"""What is drawn of a version, held beside what scikit-learn says of the same rows."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import sklearn.metrics
from tests.services.ai.conftest import Service, Trained
from tests.services.ai.flights import FEATURES, flights
from tests.services.ai.training import train_on

from datalab.contracts.ai import MOST_POINTS, Plots, PredictRequest, RocCurve
from datalab.services.ai.adapters.training.plots import class_plots, number_plots

STEP = 2 / (MOST_POINTS - 1)
"""The rates' sum grows to 2 in so many steps."""

measures: Any = sklearn.metrics


def held_out(table: pa.Table) -> tuple[list[dict[str, Any]], pa.Table]:
    """The rows that were not trained on, as a caller sends them, and as they are."""
    held = table.filter(table["held_out"])
    return [_sent(row) for row in held.select(list(FEATURES)).to_pylist()], held


def _sent(row: dict[str, Any]) -> dict[str, Any]:
    plain = {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in row.items()}
    return plain | {"time_hour": row["time_hour"].isoformat()}


def check_curve(curve: RocCurve, actual: Any, chance: Any) -> None:
    """Where the rates' sum is the same, their difference is what scikit-learn's own curve has, but for a few steps."""
    false, true, _ = measures.roc_curve(actual, chance)
    kept = np.column_stack([curve.false_positive_rate, curve.true_positive_rate])
    assert len(kept) <= MOST_POINTS
    assert (*kept[0], *kept[-1]) == (0, 0, 1, 1)
    drawn = np.interp(false + true, kept.sum(axis=1), kept[:, 1] - kept[:, 0])
    assert np.abs(drawn - (true - false)).max() <= 3 * STEP
    assert curve.auc == pytest.approx(measures.roc_auc_score(actual, chance), abs=1e-4)


async def test_the_curve_of_two_classes_is_that_of_the_held_out_rows(service: Service, tmp_path: Path) -> None:
    table = flights()
    trained = Trained(train_on(table, tmp_path, features=FEATURES, holdout="held_out"), tmp_path)
    version = await service.register(trained)
    rows, held = held_out(table)
    said = await service.api().predict("lateness", PredictRequest(rows=tuple(rows)))
    assert version.plots is not None
    assert version.plots.roc is not None
    assert version.plots.residuals is None
    assert said.probabilities is not None
    check_curve(version.plots.roc, held["late"].to_pylist(), [one[1] for one in said.probabilities])
    assert version.plots.roc.auc == pytest.approx(version.metrics["auc"])


async def test_residuals_are_those_of_held_out_rows(service: Service, tmp_path: Path) -> None:
    table = flights()
    trained = train_on(table, tmp_path, target="delay", features=FEATURES, holdout="held_out")
    version = await service.register(Trained(trained, tmp_path), "delay")
    rows, held = held_out(table)
    said = (await service.api().predict("delay", PredictRequest(rows=tuple(rows)))).predictions
    assert version.plots is not None
    drawn = version.plots.residuals
    assert drawn is not None
    assert version.plots.roc is None
    assert (drawn.rows, len(drawn.predicted)) == (len(rows), MOST_POINTS)
    assert list(drawn.predicted) == sorted(drawn.predicted)
    real = np.column_stack([np.array(said, dtype=float), held["delay"].to_numpy()])
    shown = np.column_stack([drawn.predicted, drawn.actual])
    assert np.abs(shown[:, None] - real[None]).max(axis=2).min(axis=1).max() < 0.01


def test_a_long_curve_is_thinned_and_stays_the_same_curve() -> None:
    random = np.random.default_rng(3)
    chance = random.random(20_000)
    actual = (random.random(20_000) < chance).astype(np.int64)
    curve = class_plots(np.column_stack([1 - chance, chance]), actual).roc
    assert curve is not None
    check_curve(curve, actual, chance)
    assert len(curve.true_positive_rate) > MOST_POINTS / 2


def test_a_short_curve_is_scikit_learns_own_point_by_point() -> None:
    chance = np.random.default_rng(5).random(60)
    actual = (np.random.default_rng(6).random(60) < chance).astype(np.int64)
    curve = class_plots(np.column_stack([1 - chance, chance]), actual).roc
    false, true, _ = measures.roc_curve(actual, chance)
    assert curve is not None
    assert curve.false_positive_rate == pytest.approx(false, abs=1e-5)
    assert curve.true_positive_rate == pytest.approx(true, abs=1e-5)


def test_the_least_and_the_greatest_of_many_predictions_are_drawn() -> None:
    said = np.random.default_rng(4).normal(size=(5000, 1))
    drawn = number_plots(said, said[:, 0] * 2).residuals
    assert drawn is not None
    assert (drawn.predicted[0], drawn.predicted[-1]) == pytest.approx((said.min(), said.max()), rel=1e-5)
    assert drawn.actual == pytest.approx([2 * one for one in drawn.predicted], rel=1e-4)


@pytest.mark.parametrize("classes", [[0] * 40, [0, 1, 2] * 20], ids=["one class came", "three classes"])
def test_other_classes_have_no_curve(classes: list[int]) -> None:
    width = 3 if 2 in classes else 2
    said = np.full((len(classes), width), 1 / width)
    assert class_plots(said, np.array(classes)) == Plots()


async def test_a_version_from_before_has_no_plots_and_its_card_as_it_was(service: Service, lateness: Trained) -> None:
    old = {name: value for name, value in lateness.model.card.items() if name != "plots"}
    before = await service.register(lateness, card=old)
    now = await service.register(lateness)
    assert (before.plots, before.card) == (None, old)
    assert now.plots is not None
    assert now.card == old
