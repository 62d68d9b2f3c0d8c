"""Rows on their way into a chart."""

import pytest

from datalab.contracts.data import Column
from datalab.contracts.errors import TooLarge
from datalab.services.viz.model.answer import Answer, read_answer
from datalab.services.viz.model.binding import with_rows


def answer(type: str, *values: object) -> Answer:
    return read_answer((Column(name="a", type=type),), [[value] for value in values])


def test_decimals_become_numbers() -> None:
    assert [row["a"] for row in answer("DECIMAL(18,2)", "12.50", None).rows] == [12.5, None]


def test_great_integers_become_numbers() -> None:
    assert answer("HUGEINT", "170141183460469231731687303715884105727", 3).rows[1] == {"a": 3}


def test_wall_clock_times_lose_the_zone_they_never_had() -> None:
    assert answer("TIMESTAMP", "2013-01-01T05:00:00Z").rows[0] == {"a": "2013-01-01T05:00:00"}


def test_moments_keep_their_zone() -> None:
    moment = "2013-01-01T05:00:00Z"
    assert answer("TIMESTAMP WITH TIME ZONE", moment).rows[0] == {"a": moment}


def test_text_stays_text() -> None:
    assert answer("VARCHAR", "12.50").rows[0] == {"a": "12.50"}


def test_same_rows_have_the_same_digest_and_others_another() -> None:
    assert answer("INTEGER", 1, 2).digest == answer("INTEGER", 1, 2).digest
    assert answer("INTEGER", 1, 2).digest != answer("INTEGER", 2, 1).digest
    assert answer("INTEGER", 1).digest != answer("BIGINT", 1).digest


def test_wide_rows_beyond_the_bytes_are_refused() -> None:
    with pytest.raises(TooLarge, match="select only the columns"):
        answer("VARCHAR", *("x" * 10_000 for _ in range(1_000)))


def test_days_on_a_time_axis_begin_at_midnight() -> None:
    spec = {"mark": "line", "encoding": {"x": {"field": "a", "type": "temporal"}}}
    assert with_rows(spec, answer("DATE", "2013-01-01"))["data"] == {"values": [{"a": "2013-01-01T00:00:00"}]}


def test_days_as_categories_stay_days() -> None:
    spec = {"mark": "bar", "encoding": {"x": {"field": "a", "type": "ordinal"}}}
    assert with_rows(spec, answer("DATE", "2013-01-01"))["data"] == {"values": [{"a": "2013-01-01"}]}


def test_named_data_is_filled_under_its_name() -> None:
    spec = {"data": {"name": "rows"}, "layer": [{"mark": "bar", "data": {"name": "rows"}}]}
    filled = with_rows(spec, answer("INTEGER", 1))
    assert filled["data"] == {"name": "rows"}
    assert filled["datasets"] == {"rows": [{"a": 1}]}
