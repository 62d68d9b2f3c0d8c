"""Databases in memory that are used one after the other."""

from pathlib import Path

import duckdb
import pytest

from datalab.services.data.adapters.engine.connection import session
from datalab.services.data.model.statement import EngineLimits

LIMITS = EngineLimits(threads=1, memory_bytes=2**27, spill_bytes=2**20)


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_what_one_session_made_the_next_does_not_see():
    with session(LIMITS) as first:
        first.execute("CREATE TEMP TABLE mine AS SELECT 1 AS one; SET TimeZone = 'Asia/Tokyo'")
    with session(LIMITS) as second:
        assert second.execute("SHOW ALL TABLES").fetchall() == []
        assert second.execute("SELECT current_setting('TimeZone')").fetchone() == ("UTC",)


def test_a_session_reaches_no_object_of_python():
    mine = {"a": [1]}
    for _ in range(2):
        with pytest.raises(duckdb.CatalogException, match="mine"), session(LIMITS) as connection:
            connection.execute("SELECT * FROM mine")
    assert mine


def test_after_an_error_the_next_database_is_a_new_one():
    with pytest.raises(duckdb.CatalogException, match="already exists"), session(LIMITS) as broken:
        broken.execute("CREATE TABLE lasting AS SELECT 1 AS one; CREATE TABLE lasting AS SELECT 2 AS two")
    with session(LIMITS) as anew:
        assert anew.execute("SHOW ALL TABLES").fetchall() == []
