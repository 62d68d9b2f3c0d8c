"""Which columns become features, and what the target poses."""

from pathlib import Path

import pyarrow as pa
import pytest
from tests.services.ai.flights import flights, write

from datalab.contracts.ai import FeatureKind, Task
from datalab.services.ai.adapters.training.columns import Wanted, choose_features, describe
from datalab.services.ai.adapters.training.table import Table, read_table
from datalab.services.ai.adapters.training.target import infer_task


def read(tmp_path: Path, table: pa.Table) -> Table:
    return read_table(write(table, tmp_path / "table.arrow"))


def chosen(table: Table, **wanted: object) -> tuple[list[str], dict[str, str]]:
    choice = choose_features(
        table, Wanted(**({"target": "late", "holdout": None, "features": (), "exclude": ()} | wanted))
    )
    return [column.name for column in choice.columns], choice.dropped


def test_identifiers_constants_and_what_is_excluded_are_left_out_with_a_reason(tmp_path: Path) -> None:
    used, dropped = chosen(read(tmp_path, flights(300)), exclude=("delay",), holdout="held_out")
    assert used == ["time_hour", "carrier", "dest", "temperature", "distance", "weekend"]
    assert dropped["flight_id"] == "an identifier: 300 different values in 300 rows"
    assert dropped["year"] == "the same in every training row"
    assert dropped["delay"] == "excluded by the request"
    assert "late" not in dropped


def test_an_empty_column_and_a_nested_one_are_left_out(tmp_path: Path) -> None:
    table = flights(60).append_column("nothing", pa.nulls(60)).append_column("list", pa.array([[1]] * 60))
    table = table.append_column("empty", pa.array([None] * 60, pa.string()))
    _, dropped = chosen(read(tmp_path, table))
    assert dropped["nothing"] == dropped["empty"] == "empty in every training row"
    assert dropped["list"].startswith("of type list")


def test_a_numbered_row_is_an_identifier_and_a_measurement_is_not(tmp_path: Path) -> None:
    table = flights(200).append_column("row", pa.array(range(1000, 1200)))
    used, dropped = chosen(read(tmp_path, table.append_column("metres", pa.array([n * n for n in range(200)]))))
    assert "row" in dropped
    assert "metres" in used


def test_an_identifier_asked_for_by_name_is_used(tmp_path: Path) -> None:
    used, _ = chosen(read(tmp_path, flights(200)), features=("flight_id", "carrier"))
    assert used == ["flight_id", "carrier"]


def test_features_say_kind_and_whether_they_may_be_missing(tmp_path: Path) -> None:
    table = read(tmp_path, flights(300))
    told = {name: describe(column, required=not column.missing.any()) for name, column in table.columns.items()}
    assert told["carrier"].kind is FeatureKind.CATEGORICAL
    assert set(told["carrier"].categories) == {"AA", "UA", "DL", "B6"}
    assert told["time_hour"].kind is FeatureKind.TIME
    assert (told["temperature"].kind, told["temperature"].required) == (FeatureKind.NUMERIC, False)
    assert told["distance"].required
    assert told["weekend"].kind is FeatureKind.BOOLEAN


@pytest.mark.parametrize(
    ("values", "task"),
    [
        ([True, False], Task.CLASSIFICATION),
        (["a", "b"], Task.CLASSIFICATION),
        ([1, 2, 3], Task.CLASSIFICATION),
        ([0.0, 1.0], Task.CLASSIFICATION),
        ([0.5, 1.5], Task.REGRESSION),
        (list(range(11)), Task.REGRESSION),
    ],
)
def test_the_task_follows_from_the_target(tmp_path: Path, values: list[object], task: Task) -> None:
    table = read(tmp_path, pa.table({"target": pa.array(values)}))
    assert infer_task(table.columns["target"]) is task
