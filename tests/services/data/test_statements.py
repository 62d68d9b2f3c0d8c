"""Answers as they are encoded."""

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pyarrow import ipc
from tests.services.data.statements import answer, numbers

from datalab.contracts.data import DatasetNotFound, SqlRefused
from datalab.services.data.model.statement import Encoding


def value(expression: str) -> object:
    return answer(f"SELECT {expression}").rows[0][0]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1", 1),
        ("1.5::DOUBLE", 1.5),
        ("18446744073709551615::UBIGINT", 18446744073709551615),
        ("170141183460469231731687303715884105727::HUGEINT", "170141183460469231731687303715884105727"),
        ("7::HUGEINT", 7),
        ("1.10::DECIMAL(10, 2)", "1.10"),
        ("'NaN'::DOUBLE", None),
        ("'-infinity'::DOUBLE", None),
        ("NULL", None),
        ("true", True),
        ("DATE '2020-02-29'", "2020-02-29"),
        ("TIMESTAMP '2020-01-01 10:00:00.5'", "2020-01-01T10:00:00.500000Z"),
        ("TIMESTAMPTZ '2020-01-01 10:00:00+02'", "2020-01-01T08:00:00Z"),
        ("TIME '10:00:00'", "10:00:00"),
        ("INTERVAL 90 MINUTE", "P0DT5400S"),
        ("'\\x00\\xFF'::BLOB", "AP8="),
        ("'7b2a4d5e-0000-4000-8000-000000000000'::UUID", "7b2a4d5e-0000-4000-8000-000000000000"),
        ("[1.5::DOUBLE, NULL]", [1.5, None]),
        ("{'a': 1, 'b': [1.5::DECIMAL(3, 1)]}", {"a": 1, "b": ["1.5"]}),
        ("MAP {'k': 1}", {"k": 1}),
        ("MAP {1: 'x'}", {"1": "x"}),
        ("{'big': 99999999999999999999::HUGEINT}", {"big": "99999999999999999999"}),
        ("'ü\u2028' || chr(0)", "ü\u2028\u0000"),
    ],
)
def test_json_values(expression: str, expected: object):
    assert value(expression) == expected


def test_columns_are_named_and_typed(tmp_path: Path):
    head = answer("SELECT n, word AS w, n / 2.0 AS half FROM numbers", numbers(tmp_path)).head
    assert [(one.name, one.type) for one in head.columns] == [("n", "BIGINT"), ("w", "VARCHAR"), ("half", "DOUBLE")]


@pytest.mark.parametrize("rows", [0, 1, 1_999, 2_000, 2_001, 10_000])
def test_every_row_arrives_once(tmp_path: Path, rows: int):
    found = answer("SELECT n FROM numbers ORDER BY n", numbers(tmp_path, rows))
    assert found.rows == [[n] for n in range(rows)]
    assert (found.tail.row_count, found.tail.truncated) == (rows, False)


@pytest.mark.parametrize("encoding", [Encoding.ARRAYS, Encoding.NDJSON, Encoding.ARROW, Encoding.PARQUET])
@pytest.mark.parametrize(("limit", "truncated"), [(3, True), (10, False), (11, False)])
def test_an_answer_past_its_limit_is_cut_and_says_so(tmp_path: Path, encoding: Encoding, limit: int, truncated: bool):
    found = answer("SELECT n FROM numbers", numbers(tmp_path), encoding=encoding, max_rows=limit)
    assert (found.tail.row_count, found.tail.truncated) == (min(limit, 10), truncated)
    assert found.head.tail == found.tail


def test_a_long_answer_begins_before_it_is_whole(tmp_path: Path):
    found = answer("SELECT n FROM numbers", numbers(tmp_path, 10_000), hold_bytes=1_000)
    assert found.head.tail is None
    assert found.tail.row_count == 10_000


def test_ndjson_is_an_object_a_line(tmp_path: Path):
    text = answer("SELECT * FROM numbers LIMIT 2", numbers(tmp_path), encoding=Encoding.NDJSON).data.decode()
    assert [json.loads(line) for line in text.splitlines()] == [{"n": 0, "word": "w0"}, {"n": 1, "word": "w1"}]


def test_objects_hold_a_name_once():
    assert answer("SELECT 1 AS a, 2 AS a", encoding=Encoding.OBJECTS).rows == [{"a": 1, "a_1": 2}]


@pytest.mark.parametrize(("encoding", "delimiter"), [(Encoding.CSV, ","), (Encoding.TSV, "\t")])
def test_separated_values_read_back(encoding: Encoding, delimiter: str):
    sql = "SELECT 'a,\"b\n' AS text, NULL AS nothing, true AS flag, TIMESTAMP '2020-01-01' AS at, [1, 2] AS list"
    rows = list(csv.reader(io.StringIO(answer(sql, encoding=encoding).data.decode()), delimiter=delimiter))
    assert rows == [["text", "nothing", "flag", "at", "list"], ['a,"b\n', "", "true", "2020-01-01T00:00:00Z", "[1,2]"]]


def test_arrow_and_parquet_keep_types(tmp_path: Path):
    sql = "SELECT n, 1.10::DECIMAL(10, 2) AS d, TIMESTAMPTZ '2020-01-01' AS t FROM numbers"
    view = numbers(tmp_path)
    arrow = ipc.open_stream(answer(sql, view, encoding=Encoding.ARROW).data).read_all()
    parquet = pq.read_table(io.BytesIO(answer(sql, view, encoding=Encoding.PARQUET).data))
    assert [str(field.type) for field in arrow.schema] == ["int64", "decimal128(10, 2)", "timestamp[us, tz=UTC]"]
    assert parquet.num_rows == arrow.num_rows == 10


def test_a_type_that_parquet_lacks_is_named():
    with pytest.raises(SqlRefused, match="cast the column"):
        answer("SELECT INTERVAL 1 DAY AS i", encoding=Encoding.PARQUET)


def test_parameters_by_position_and_by_name(tmp_path: Path):
    view = numbers(tmp_path)
    assert answer("SELECT word FROM numbers WHERE n = ?", view, params=[3]).rows == [["w3"]]
    assert answer("SELECT word FROM numbers WHERE n = $n", view, params={"n": 3}).rows == [["w3"]]
    assert answer("SELECT word FROM numbers WHERE word = ?", view, params=["w3' OR '1'='1"]).rows == []


def test_a_missing_parameter_is_refused():
    with pytest.raises(SqlRefused, match="parameter"):
        answer("SELECT ?")


def test_a_failing_conversion_says_which_value(tmp_path: Path):
    with pytest.raises(SqlRefused, match="w0"):
        answer("SELECT CAST(word AS INTEGER) FROM numbers", numbers(tmp_path))


def test_an_unknown_column_is_named_with_those_there_are(tmp_path: Path):
    with pytest.raises(SqlRefused, match="height"):
        answer("SELECT height FROM numbers", numbers(tmp_path))


def test_an_unknown_table_is_a_dataset_not_found():
    with pytest.raises(DatasetNotFound, match="nothing_here"):
        answer("SELECT * FROM nothing_here")


def test_a_trailing_comment_or_semicolon_is_no_second_statement():
    assert answer("SELECT 1; -- done").rows == [[1]]
