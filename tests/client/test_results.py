"""An answer turned into what is wanted."""

import sys

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from datalab.client.arrow import read_stream
from datalab.client.results import Table
from datalab.contracts.errors import InternalError, UnsupportedFormat

ARROW = pa.table({"n": [1, 2], "s": ["a", None]})


def test_a_table_becomes_pandas_polars_or_dicts():
    table = Table(ARROW)
    assert table.to_dicts() == [{"n": 1, "s": "a"}, {"n": 2, "s": None}]
    pd.testing.assert_frame_equal(table.to_pandas(), ARROW.to_pandas())
    assert table.to_polars().equals(pl.DataFrame({"n": [1, 2], "s": ["a", None]}))
    assert (table.columns, len(table)) == (["n", "s"], 2)


@pytest.mark.parametrize("name", ["polars", "pandas"])
def test_a_library_that_is_missing_is_named(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UnsupportedFormat, match=f"pip install {name}"):
        getattr(Table(ARROW), f"to_{name}")()


def test_half_an_answer_is_no_table():
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, ARROW.schema) as writer:
        writer.write_table(ARROW)
    with pytest.raises(InternalError, match="no whole Arrow stream"):
        read_stream(sink.getvalue().to_pybytes()[:100])
