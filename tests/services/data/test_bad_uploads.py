"""Bytes that can't become a table are refused with the place and the reason."""

import gzip
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.services.data.parsing import EXPANDED_MAX, parse
from tests.services.data.test_parsing import arrow, parquet

from datalab.contracts.data import DataFormat, UnreadableData
from datalab.contracts.errors import InvalidInput, PlatformError, TooLarge

COLUMNS = {"id": "BIGINT", "word": "VARCHAR"}
TABLE = pa.table({"a": list(range(1_000))})
CSV, TSV, JSON, NDJSON = DataFormat.CSV, DataFormat.TSV, DataFormat.JSON, DataFormat.NDJSON
PARQUET, ARROW = DataFormat.PARQUET, DataFormat.ARROW


def twins(first: str, second: str) -> bytes:
    return parquet(pa.table([pa.array([1]), pa.array([2])], names=[first, second]))


def damaged(content: bytes, at: int) -> bytes:
    return content[:at] + b"\xff" * 64 + content[at + 64 :]


@pytest.mark.parametrize(
    ("content", "format", "words"),
    [
        (b"", CSV, "upload is empty"),
        (b"", PARQUET, "upload is empty"),
        (b" \n", CSV, "no header"),
        ("a,b\n1,x\n2\n", CSV, "line 3 has 1 values where the header has 2"),
        ("a,b\n1,x\n2,y,z\n", CSV, "line 3 has 3 values where the header has 2"),
        ('a,b\n1,"x\n2,3\n', CSV, "line 2 opens a quote"),
        (b"a,b\n1,\xff\xfe\n", CSV, "line 2 is not UTF-8"),
        (b"\xff\xfea\x00,\x00b\x00\n\x00", CSV, "NUL"),
        (b"a,b\n1,x\x00y\n", CSV, "byte 7 is NUL"),
        ("a,a\n1,2\n", CSV, "column 2 has the name of column 1"),
        ("a,A\n1,2\n", CSV, "column 2 has the name of column 1"),
        ("a,,c\n1,2,3\n", CSV, "column 2 has no name"),
        ("x" * 300 + "\n1\n", CSV, "300 characters"),
        ('"a\x07b"\n1\n', CSV, "control characters"),
        (",".join(f"c{n}" for n in range(5_001)) + "\n", CSV, "5,001 columns"),
        (parquet(TABLE), CSV, "bytes are parquet"),
        (arrow(TABLE, as_file=True), CSV, "bytes are arrow"),
        (b"PK\x03\x04 and so on", CSV, "ZIP archive or an Excel"),
        (b"a,b\n1,2\n", PARQUET, "no Parquet"),
        (parquet(TABLE)[:-100], PARQUET, "Parquet"),
        (damaged(parquet(TABLE), 100), PARQUET, "Parquet"),
        (twins("a", "a"), PARQUET, "column 2 has the name of column 1"),
        (twins("a", "A"), PARQUET, "column 2 has the name of column 1"),
        (b"garbage, not arrow at all", ARROW, "Arrow IPC"),
        (arrow(TABLE)[:-300], ARROW, "Arrow IPC"),
        ("{}", JSON, "begins with '\\['"),
        ("[]", JSON, "array is empty"),
        ("[1, 2]", JSON, "element 1: a row is an object"),
        ('[{"a": 1}, {"a":', JSON, "line 1, column 17"),
        ('[{"a": 1},\n {"a" 2}]', JSON, "line 2"),
        ('[{"a": ' + "[" * 100_000 + "]" * 100_000 + "}]", JSON, "depth|recursion|nest"),
        ('[{"a": 1, "a": 2}]', JSON, "duplicate"),
        (b'[{"a": "\xff"}]', JSON, "UTF-8|utf-8"),
        ("[1]", NDJSON, "line 1"),
        ('{"a": 1}\n{"a": }\n', NDJSON, "line 2, column 7"),
        ('{"a": 1}\n5\n', NDJSON, "line 2: a row is an object"),
        (gzip.compress(b"a,b\n1,2\n" * 1_000, mtime=0)[:-20], CSV, "gzip compression is cut off"),
        (b"\x1f\x8b\x00\x00 no gzip", CSV, "gzip compression is cut off or damaged"),
        (gzip.compress(b"", mtime=0), CSV, "empty once"),
    ],
)
def test_unreadable_bytes_are_refused_with_place_and_reason(
    tmp_path: Path, content: bytes | str, format: DataFormat, words: str
):
    with pytest.raises(UnreadableData, match=words) as refused:
        parse(tmp_path, content, format)
    assert str(tmp_path) not in refused.value.detail


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_what_comes_out_of_a_bomb_is_bounded(tmp_path: Path, compression: str):
    plain = b"a\n" + b"1\n" * EXPANDED_MAX
    packed = gzip.compress(plain, mtime=0) if compression == "gzip" else pa.compress(plain, codec="zstd", asbytes=True)
    assert len(packed) < EXPANDED_MAX // 100
    with pytest.raises(TooLarge, match="4,000,000 bytes"):
        parse(tmp_path, packed)
    assert (tmp_path / "expanded").stat().st_size <= EXPANDED_MAX


@pytest.mark.parametrize(
    ("content", "format", "words", "where"),
    [
        ('id,word\n1,x\n2,"y\nz"\nabc,w\n', CSV, "'abc'", "line 5, column id"),
        ("id,word\n1.5,x\n", CSV, "'1.5' does not fit BIGINT", "row 1, column id"),
        ("id,word\n99999999999999999999,x\n", CSV, "does not fit BIGINT", "row 1, column id"),
        ("id,size\n1,2\n", CSV, "'size' is no column of the dataset, which has 'id', 'word'", "column size"),
        ('[{"id": 1}, {"id": "x"}]', JSON, "'x'", "row 2, column id"),
        ('{"id": 1.5}\n', NDJSON, "'1.5'", "row 1, column id"),
        (parquet(pa.table({"id": ["1", "two"]})), PARQUET, "'two'", "row 2, column id"),
        (parquet(pa.table({"id": [[1]]})), PARQUET, "can't hold|does not fit", None),
    ],
)
def test_a_value_that_does_not_fit_the_table_is_named(
    tmp_path: Path, content: bytes | str, format: DataFormat, words: str, where: str | None
):
    with pytest.raises(UnreadableData, match=words) as refused:
        parse(tmp_path, content, format, columns=COLUMNS)
    if where is not None:
        assert refused.value.errors[0].where == where


@pytest.mark.parametrize(
    ("content", "key", "words"),
    [
        ("id,word\n1,x\n1,y\n", ("id",), "'1' is in several rows"),
        ("id,word\n,x\n", ("id",), "no value in its key"),
        ("id,word\n1,x\n", ("height",), "'height' is no column"),
    ],
)
def test_a_key_that_does_not_tell_rows_apart_is_refused(tmp_path: Path, content: str, key: tuple[str, ...], words: str):
    with pytest.raises((UnreadableData, InvalidInput), match=words):
        parse(tmp_path, content, columns=COLUMNS, key=key)


def test_a_parquet_file_that_lies_about_its_size_is_refused(tmp_path: Path):
    sink = io.BytesIO()
    pq.write_table(TABLE, sink)
    content = bytearray(sink.getvalue())
    content[-8:-4] = (2**31 - 1).to_bytes(4, "little")
    with pytest.raises(PlatformError):
        parse(tmp_path, bytes(content), PARQUET)
