"""The known answers are those of the files, worked out with pandas, apart from the platform."""

from pathlib import Path

import pandas as pd
import pytest

from datalab.cli.demo import checks
from datalab.cli.demo.flights import TABLES, locate


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    scratch: Path = tmp_path_factory.mktemp("flights")
    return {name: pd.read_csv(path) for name, path in locate(scratch).items()}


@pytest.fixture(scope="module")
def known(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    flights = tables["flights"]
    return flights[flights.arr_delay.notna()]


def test_each_table_has_its_rows(tables: dict[str, pd.DataFrame]):
    assert {name: len(tables[name]) for name in TABLES} == checks.ROWS


def test_the_known_arrivals(known: pd.DataFrame):
    assert len(known) == checks.KNOWN_ARRIVALS


def test_the_worst_airlines(tables: dict[str, pd.DataFrame], known: pd.DataFrame):
    joined = known.merge(tables["airlines"], on="carrier").groupby("name").arr_delay
    found = pd.DataFrame(
        {"flights": joined.size(), "late": joined.agg(lambda delay: (delay > 15).sum()), "mean": joined.mean()}
    ).sort_values("mean", ascending=False)
    rows = [
        (str(name), int(row.flights), int(row.late), round(row["mean"], 2)) for name, row in found.head(5).iterrows()
    ]
    assert rows == list(checks.WORST_AIRLINES)
    assert len(found) == 16


def test_the_months_held_out(known: pd.DataFrame):
    held_out = known[known.month.isin([4, 8, 11])]
    assert (len(held_out), int((held_out.arr_delay > 15).sum())) == (checks.HELD_OUT, checks.HELD_OUT_LATE)


def test_the_hours(known: pd.DataFrame):
    by_hour = known.groupby("hour").arr_delay
    assert by_hour.ngroups == checks.HOURS_OF_DAY
    means, sizes = by_hour.mean(), by_hour.size()
    assert {hour: (int(sizes[hour]), round(means[hour], 2)) for hour in checks.HOURS} == checks.HOURS
