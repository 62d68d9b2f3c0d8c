"""Uploaded bytes become rows and types."""

import gzip
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import ipc
from tests.services.data.parsing import parse

from datalab.contracts.data import DataFormat


def parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def arrow(table: pa.Table, *, as_file: bool = False) -> bytes:
    sink = io.BytesIO()
    with (ipc.new_file if as_file else ipc.new_stream)(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


STRANGE = pa.table(
    {
        "u": pa.array([2**64 - 1], pa.uint64()),
        "d": pa.array(["p"]).dictionary_encode(),
        "v": pa.array(["q"], pa.string_view()),
        "l": [[1, 2]],
        "s": [{"z": 1}],
        "ns": pa.array([1_000], pa.timestamp("ns")),
        "tz": pa.array([0], pa.timestamp("us", tz="Europe/Berlin")),
        "t": pa.array([1], pa.time64("us")),
    }
)
STRANGE_TYPES = {
    "u": "DECIMAL(20,0)",
    "d": "VARCHAR",
    "v": "VARCHAR",
    "l": "BIGINT[]",
    "s": 'STRUCT("z" BIGINT)',
    "ns": "TIMESTAMP",
    "tz": "TIMESTAMP WITH TIME ZONE",
    "t": "VARCHAR",
}


def test_the_whole_file_decides_the_types(tmp_path: Path):
    text = "i,f,flag,day,at,zoned,text\n1,1,true,2020-01-02,2020-01-02 03:04:05,2020-01-02T03:04:05Z,1\n"
    parsed = parse(tmp_path, text + text.partition("\n")[2] * 30_000 + "2,1.5,false,,,,x\n")
    assert parsed.types == {
        "i": "BIGINT",
        "f": "DOUBLE",
        "flag": "BOOLEAN",
        "day": "DATE",
        "at": "TIMESTAMP",
        "zoned": "TIMESTAMP WITH TIME ZONE",
        "text": "VARCHAR",
    }
    first = (
        1,
        1.0,
        True,
        date(2020, 1, 2),
        datetime(2020, 1, 2, 3, 4, 5),  # noqa: DTZ001 - a column without a zone
        datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC),
        "1",
    )
    assert parsed.rows[0] == first
    assert parsed.ingested.rows == 30_002


@pytest.mark.parametrize("missing", ["", "NA", "N/A", "null", "NULL"])
def test_what_stands_for_missing_is_null_among_numbers(tmp_path: Path, missing: str):
    parsed = parse(tmp_path, f"n,b\n1,x\n{missing},y\n")
    assert parsed.types["n"] == "BIGINT"
    assert parsed.rows == [(1, "x"), (None, "y")]


def test_na_is_a_word_among_words_and_nothing_is_null(tmp_path: Path):
    assert parse(tmp_path, "country,n\nNA,1\nDE,2\n,3\n").rows == [("NA", 1), ("DE", 2), (None, 3)]


@pytest.mark.parametrize("text", ["a;b\n1;2\n", "a\tb\n1\t2\n", "a|b\n1|2\n", "\ufeffa,b\r\n1,2\r\n", "a,b\n1,2"])
def test_delimiters_line_ends_and_byte_order_marks(tmp_path: Path, text: str):
    parsed = parse(tmp_path, text)
    assert (list(parsed.types), parsed.rows) == (["a", "b"], [(1, 2)])


def test_quoted_newlines_commas_and_quotes(tmp_path: Path):
    assert parse(tmp_path, 'a,b\n"x\ny","p,""q"""\n').rows == [("x\ny", 'p,"q"')]


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path):
    parsed = parse(tmp_path, "a,b\n")
    assert (list(parsed.types), parsed.rows) == (["a", "b"], [])


def test_column_names_may_hold_blanks_and_signs(tmp_path: Path):
    assert list(parse(tmp_path, 'odd name,"it\'s","a""b",ü\n1,2,3,4\n').types) == ["odd name", "it's", 'a"b', "ü"]


def test_json_rows_with_late_keys(tmp_path: Path):
    parsed = parse(tmp_path, '[{"a": 1}, {"b": [1, 2]}, {"c": {"d": "x"}}]', DataFormat.JSON)
    assert parsed.types == {"a": "BIGINT", "b": "BIGINT[]", "c": 'STRUCT("d" VARCHAR)'}
    assert parsed.rows[1] == (None, [1, 2], None)


def test_ndjson_rows(tmp_path: Path):
    assert parse(tmp_path, '{"a": 1}\n\n{"a": 2}\n', DataFormat.NDJSON).rows == [(1,), (2,)]


@pytest.mark.parametrize("form", ["parquet", "stream", "file"])
def test_types_that_tables_lack_become_the_nearest(tmp_path: Path, form: str):
    if form == "parquet":
        parsed = parse(tmp_path, parquet(STRANGE), DataFormat.PARQUET)
    else:
        parsed = parse(tmp_path, arrow(STRANGE, as_file=form == "file"), DataFormat.ARROW)
    assert parsed.types == STRANGE_TYPES
    assert parsed.rows[0][:5] == (Decimal(2**64 - 1), "p", "q", [1, 2], {"z": 1})


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_compressed_uploads_are_recognised_by_their_bytes(tmp_path: Path, compression: str):
    plain = b"a,b\n1,x\n"
    packed = gzip.compress(plain) if compression == "gzip" else pa.compress(plain, codec="zstd", asbytes=True)
    assert parse(tmp_path, packed).rows == [(1, "x")]


COLUMNS = {"id": "BIGINT", "word": "VARCHAR", "size": "DOUBLE"}


def test_rows_fit_a_table_by_name_whatever_the_order_and_case(tmp_path: Path):
    parsed = parse(tmp_path, "WORD,id\n007,1\n", columns=COLUMNS)
    assert (parsed.types, parsed.rows) == (COLUMNS, [(1, "007", None)])


def test_whole_numbers_fit_a_column_of_fractions(tmp_path: Path):
    assert parse(tmp_path, "id,size\n1,2\n", columns=COLUMNS).rows == [(1, None, 2.0)]


def test_an_upsert_keeps_the_other_rows(tmp_path: Path):
    base = tmp_path / "base"
    base.mkdir()
    parse(base, "id,word,size\n1,old,0.5\n2,kept,0.5\n")
    parsed = parse(
        tmp_path, "id,word\n1,new\n3,more\n", columns=COLUMNS, key=("ID",), base=(str(base / "result.parquet"),)
    )
    assert sorted(parsed.rows) == [(1, "new", None), (2, "kept", 0.5), (3, "more", None)]


@pytest.mark.parametrize("days", [("2026-01-01", "31/12/2026"), ("31/12/2026", "2026-01-01"), ("31/12/2026", "x")])
def test_days_in_two_spellings_are_text(tmp_path: Path, days: tuple[str, str]):
    parsed = parse(tmp_path, "day\n" + "\n".join(days) + "\n")
    assert (parsed.types, parsed.rows) == ({"day": "VARCHAR"}, [(day,) for day in days])
