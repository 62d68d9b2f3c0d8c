"""What training finds, and what it refuses."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests.services.ai.conftest import Trained
from tests.services.ai.flights import flights, stream_bytes
from tests.services.ai.training import Heard, train_on

from datalab.contracts.ai import Task, UntrainableData
from datalab.services.ai.adapters.training.table import read_table


def test_it_is_better_than_the_base_rate_and_says_so(lateness: Trained) -> None:
    model = lateness.model
    assert model.recipe.task is Task.CLASSIFICATION
    assert model.metrics["auc"] > 0.85
    assert model.metrics["accuracy"] > model.baseline["accuracy"] + 0.05
    assert model.metrics["log_loss"] < model.baseline["log_loss"]
    assert model.baseline["auc"] == 0.5


def test_a_number_is_predicted_better_than_its_mean(delay: Trained) -> None:
    assert delay.model.recipe.task is Task.REGRESSION
    assert delay.model.metrics["r2"] > 0.6
    assert delay.model.metrics["mae"] < delay.model.baseline["mae"] / 2


def test_the_card_tells_what_a_reader_must_know(lateness: Trained) -> None:
    card = lateness.model.card
    assert card["source"] == {"dataset": "flights", "version": 3}
    assert card["rows"] == {"read": 1500, "trained_on": 1200, "held_out": 300, "without_target_or_class": 0}
    assert card["holdout"] == "a random fifth, seed 0"
    assert card["columns"]["dropped"]["year"] == "not among the features asked for"
    assert len(card["candidates"]) == 5
    assert set(card["libraries"]) >= {"scikit-learn", "onnxruntime", "python"}
    assert next(iter(card["importances"])) in {"time_hour", "carrier", "temperature"}
    assert sum(one["rows"] for one in card["calibration"]) == 300
    assert card["conversion"]["greatest_difference"] < 1e-4
    assert json.loads((lateness.folder / "card.json").read_text()) == card


def test_the_column_given_decides_which_rows_are_held_out(tmp_path: Path) -> None:
    heard = Heard()
    trained = train_on(flights(600), tmp_path, heard=heard, holdout="held_out", exclude=("delay", "flight_id"))
    held_out = sum(flights(600)["held_out"].to_pylist())
    assert trained.card["rows"]["held_out"] == held_out
    assert trained.card["holdout"] == "rows where held_out is true"
    assert "held_out" not in {feature.name for feature in trained.features}
    assert any(line.startswith("trial 1 of 5") for line in heard.lines)


def test_what_is_missing_in_held_out_rows_only_is_optional_too(tmp_path: Path) -> None:
    table = flights(200)
    held_out = table["held_out"].to_pylist()
    wind = [None if held else float(number % 17) for number, held in enumerate(held_out)]
    trained = train_on(table.append_column("wind", pa.array(wind)), tmp_path, holdout="held_out", features=("wind",))
    assert not trained.features[0].required
    assert trained.recipe.inputs.inputs[0].width == 2
    assert trained.engine == "onnx"


def test_many_classes_with_a_rare_one(tmp_path: Path) -> None:
    number = np.random.default_rng(5).integers(0, 4, 400)
    kind = np.array(["red", "green", "blue", "grey"], dtype=object)[number]
    kind[:3] = "once in a while"
    table = pa.table({"kind": pa.array(kind), "size": pa.array(number + np.random.default_rng(6).normal(0, 0.2, 400))})
    trained = train_on(table, tmp_path, target="kind")
    assert trained.recipe.classes == ("blue", "green", "grey", "red")
    assert trained.card["classes_left_out"] == {"once in a while": 2}
    assert trained.card["rows"]["without_target_or_class"] == 3
    assert trained.metrics["accuracy"] > 0.9
    assert trained.engine == "onnx"


def test_an_answer_that_knows_the_target_is_warned_of(tmp_path: Path) -> None:
    table = flights(300)
    leaking = table.append_column("arrived_late", table["late"].cast(pa.int8()))
    trained = train_on(leaking, tmp_path, features=("arrived_late", "distance"))
    assert "arrived_late" in trained.card["warnings"][0]


def test_noise_is_said_to_be_no_better_than_the_baseline(tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    table = pa.table({"a": pa.array(random.normal(size=300)), "late": pa.array(random.random(300) < 0.5)})
    trained = train_on(table, tmp_path)
    assert trained.metrics["auc"] < 0.65


def test_the_same_seed_gives_the_same_model(tmp_path: Path) -> None:
    first, second = (
        train_on(flights(200), tmp_path, features=("temperature", "carrier", "weekend"), seed=9) for _ in range(2)
    )
    assert first.metrics == second.metrics
    assert first.recipe == second.recipe


COLUMNS = {
    "a": [float(n % 7) for n in range(60)],
    "late": [n % 2 == 0 for n in range(60)],
    "when": [n % 3 for n in range(60)],
}


@pytest.mark.parametrize(
    ("change", "request_", "reason"),
    [
        ({"late": [True] * 60}, {}, "two classes"),
        ({"late": [None] * 60}, {}, "0 rows have a target"),
        ({"late": [True, False] * 5 + [None] * 50}, {}, "10 rows have a target; at least 20"),
        ({"late": [str(n) for n in range(60)]}, {}, "two classes"),
        ({"late": [4.5] * 60}, {}, "4.5 in every training row"),
        ({"late": [[n] for n in range(60)]}, {}, "of type list<item: int64>, which can't be predicted"),
        ({}, {"target": "nothing"}, "no column 'nothing' to predict; there are a, late, when"),
        ({}, {"task": "regression"}, "regression needs a number"),
        ({}, {"features": ("b",)}, "no column b; there are a, late, when"),
        ({}, {"features": ("late",)}, "'late' is the target or the holdout"),
        ({}, {"exclude": ("a", "when")}, "no usable feature is left"),
        ({}, {"holdout": "b"}, "no holdout column 'b'"),
        ({}, {"holdout": "when"}, "must say true or false"),
        ({"when": [False] * 60}, {"holdout": "when"}, "0 to evaluate on"),
        ({"when": [True] * 60}, {"holdout": "when"}, "0 rows are left to train on"),
    ],
)
def test_data_that_cannot_train_a_model_is_refused_with_the_reason(
    tmp_path: Path, change: dict[str, Any], request_: dict[str, Any], reason: str
) -> None:
    with pytest.raises(UntrainableData) as refused:
        train_on(pa.table(COLUMNS | change), tmp_path, **request_)
    assert reason in refused.value.detail


@pytest.mark.parametrize("content", [b"", b"not arrow at all", stream_bytes(flights(50))[:-500]])
def test_a_file_that_is_no_whole_arrow_stream_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken").write_bytes(content)
    with pytest.raises(UntrainableData, match="Arrow stream"):
        read_table(tmp_path / "broken")


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    with pytest.raises(UntrainableData, match="columns a are there twice"):
        train_on(twice, tmp_path)
