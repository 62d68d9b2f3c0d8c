"""Columns in training and rows in serving become the same numbers, to the last bit."""

from array import array
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests.services.ai.flights import FEATURES, ROW, flights, write

from datalab.contracts.errors import InvalidInput
from datalab.services.ai.adapters.training.encode import encode_columns, learn_inputs
from datalab.services.ai.adapters.training.table import read_table
from datalab.services.ai.model.inputs import InputSchema
from datalab.services.ai.model.rows import RowEncoder


def as_json(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case Decimal():
            return float(value)
        case _:
            return value


def both(table: pa.Table, tmp_path: Path) -> tuple[np.ndarray, array]:
    """The matrix as training and as serving makes it."""
    read = read_table(write(table, tmp_path / "table.arrow"))
    columns = tuple(read.columns.values())
    outcomes = np.random.default_rng(1).integers(0, 2, (read.rows, 3)).astype(np.float64)
    schema = InputSchema.model_validate_json(learn_inputs(columns, outcomes).model_dump_json())
    rows = [{name: as_json(value) for name, value in row.items()} for row in table.to_pylist()]
    return encode_columns(schema, columns), RowEncoder(schema).encode(rows)


def test_flights_are_encoded_alike(tmp_path: Path) -> None:
    matrix, numbers = both(flights(400).select(FEATURES), tmp_path)
    assert matrix.tobytes() == numbers.tobytes()


def test_odd_values_are_encoded_alike(tmp_path: Path) -> None:
    moments = [datetime(1899, 12, 31, 23, 59, 59, 999999, UTC), None, datetime(2024, 2, 29, 0, 30, tzinfo=UTC)]
    table = pa.table(
        {
            "huge": pa.array([1e300, -1e300, None]),
            "long": pa.array([2**62 + 1, -(2**62), None]),
            "price": pa.array([Decimal("0.10"), Decimal("99.99"), None], pa.decimal128(9, 2)),
            "moment": pa.array(moments, pa.timestamp("us", "UTC")),
            "flag": pa.array([True, None, False]),
            "text": pa.array(["ünï", "", None]),
        }
    )
    matrix, numbers = both(table, tmp_path)
    assert np.isfinite(matrix).all()
    assert matrix.tobytes() == numbers.tobytes()


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> RowEncoder:
    path = write(flights(400).select(FEATURES), tmp_path_factory.mktemp("encoder") / "table.arrow")
    columns = tuple(read_table(path).columns.values())
    return RowEncoder(learn_inputs(columns, np.ones((400, 1))))


def test_an_unknown_category_is_encoded_as_a_rare_one(encoder: RowEncoder) -> None:
    unknown, rare = (encoder.encode([ROW | {"dest": name}]) for name in ("nowhere", "also nowhere"))
    assert unknown == rare
    assert unknown != encoder.encode([ROW])


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        ({"wings": 2}, "rows[0].wings", "is no feature of this model; it knows time_hour, carrier"),
        ({"distance": "far"}, "rows[0].distance", "must be a finite number, got 'far'"),
        ({"distance": True}, "rows[0].distance", "must be a finite number, got True"),
        ({"distance": float("inf")}, "rows[0].distance", "must be a finite number"),
        ({"distance": 10**400}, "rows[0].distance", "must be a number of at most 64 bits"),
        ({"distance": None}, "rows[0].distance", "is required"),
        ({"carrier": 7}, "rows[0].carrier", "must be text, got 7"),
        ({"weekend": "yes"}, "rows[0].weekend", "must be true or false, got 'yes'"),
        ({"time_hour": "soon"}, "rows[0].time_hour", "must be a time such as"),
        ({"time_hour": "0001-01-01T00:00:00+23:00"}, "rows[0].time_hour", "must be a time such as"),
    ],
)
def test_a_value_that_does_not_fit_is_named(encoder: RowEncoder, change: dict[str, Any], where: str, what: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        encoder.encode([ROW | change])
    assert refused.value.errors[0].where == where
    assert what in refused.value.detail


def test_a_missing_optional_feature_is_treated_as_missing(encoder: RowEncoder) -> None:
    without = {name: value for name, value in ROW.items() if name != "temperature"}
    assert encoder.encode([without]) == encoder.encode([ROW | {"temperature": None}])


def test_errors_name_their_row_and_stop_at_twenty(encoder: RowEncoder) -> None:
    with pytest.raises(InvalidInput) as refused:
        encoder.encode([ROW, *[ROW | {"distance": "far"}] * 50], first=100)
    assert refused.value.errors[0].where == "rows[101].distance"
    assert len(refused.value.errors) == 20
