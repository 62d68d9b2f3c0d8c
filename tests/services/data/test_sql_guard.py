"""What statements may do."""

import duckdb
import pytest

from datalab.contracts.data import SqlRefused
from datalab.services.data.model.sql_guard import Verdict, judge


def verdict(sql: str) -> Verdict:
    ((tree,),) = duckdb.execute("SELECT json_serialize_sql(CAST(? AS VARCHAR))", [sql]).fetchall()
    return judge(tree, sql)


PERMITTED = (
    "SELECT 1",
    "SELECT a, b FROM f WHERE a > ? AND b LIKE 'x%' ORDER BY a DESC NULLS LAST LIMIT 10 OFFSET 2",
    "WITH q AS (SELECT * FROM f), r AS (SELECT * FROM q) SELECT * FROM r JOIN f USING (a)",
    "WITH RECURSIVE q(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM q WHERE n < 5) SELECT * FROM q",
    "SELECT row_number() OVER (ORDER BY a), sum(a) OVER w FROM f WINDOW w AS (PARTITION BY a)",
    "FROM f PIVOT (sum(b) FOR a IN (1, 2))",
    "FROM (UNPIVOT f ON a, b)",
    "SELECT a FROM f UNION ALL BY NAME SELECT 1 EXCEPT SELECT 3 INTERSECT SELECT 4",
    "SELECT * FROM f WHERE a IN (SELECT 1) AND EXISTS (SELECT 1 FROM f) ORDER BY (SELECT max(a) FROM f)",
    "SELECT list_transform([1], lambda x: x + 1), [y + 1 FOR y IN [1]], 'a'.upper(), columns('a.*') FROM f",
    "SELECT CAST(a AS DECIMAL(10, 2)), a::JSON, INTERVAL 3 DAY, CASE WHEN a THEN b END, a[1:2], a->>'x' FROM f",
    "SELECT string_agg(a, ',' ORDER BY b), quantile_cont(a, 0.5), count(DISTINCT a) FILTER (WHERE b) FROM f GROUP BY ALL",
    "SELECT a, sum(b) FROM f GROUP BY GROUPING SETS ((a), (b)), CUBE (a)",
    "SELECT * EXCLUDE (a) REPLACE (b + 1 AS b) FROM f POSITIONAL JOIN f AS g",
    "SELECT * FROM unnest([1, 2]), range(3), generate_series(1, 2)",
    "VALUES (1, 2)",
    "DESCRIBE f",
    "SUMMARIZE f",
    "SELECT date_trunc('month', a), strftime(a, '%Y'), a + INTERVAL 1 MONTH, a AT TIME ZONE 'UTC', year(a) FROM f",
)


@pytest.mark.parametrize("sql", PERMITTED)
def test_a_reading_statement_is_permitted(sql: str):
    assert verdict(sql).tables.keys() <= {("main", "f")}


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELEC 1", "syntax error at or near"),
        ("SELECT 1; SELECT 2", "one statement"),
        ("", "one statement"),
        ("-- nothing", "one statement"),
        ("DROP TABLE f", "only a single SELECT"),
        ("SELECT * FROM f AT (VERSION => 1)", "flights@3"),
        ("SELECT current_setting('threads')", "current_setting"),
        ("SHOW TABLES", "datasets"),
        ("SELECT * FROM memory.main.f", "namespace.table"),
    ],
)
def test_a_refusal_says_what_would_be_right(sql: str, words: str):
    with pytest.raises(SqlRefused, match=words):
        verdict(sql)


def test_a_syntax_error_names_its_place():
    with pytest.raises(SqlRefused, match=r"at line 1, column 15"):
        verdict("SELECT a FROM FROM")


def test_a_common_table_expression_is_no_table():
    assert verdict("WITH q AS (SELECT 1) SELECT * FROM q, Q").tables == {}


def test_a_common_table_expression_is_unknown_outside_its_query():
    assert verdict("SELECT * FROM (WITH q AS (SELECT 1) SELECT * FROM q) AS a, q").tables.keys() == {("main", "q")}


def test_a_common_table_expression_is_unknown_inside_itself():
    assert verdict("WITH q AS (SELECT * FROM q) SELECT * FROM q").tables.keys() == {("main", "q")}


def test_names_of_the_engine_cannot_hide_behind_an_expression():
    with pytest.raises(SqlRefused, match="engine's own"):
        verdict("WITH sqlite_master AS (SELECT 1) SELECT * FROM sqlite_master")


def test_namespaces_and_versions_are_part_of_a_table():
    assert verdict('SELECT * FROM Lab.Cells, "flights@3"').tables.keys() == {("lab", "cells"), ("main", "flights@3")}


@pytest.mark.parametrize("sql", ["SELECT random()", "SELECT now()", "SELECT current_date", "FROM f TABLESAMPLE 10%"])
def test_a_statement_that_answers_anew_each_time_is_not_repeatable(sql: str):
    assert not verdict(sql).repeatable


def test_an_ordinary_statement_is_repeatable():
    assert verdict("SELECT sum(a) FROM f").repeatable


def test_deep_nesting_is_refused():
    with pytest.raises(SqlRefused):
        verdict("SELECT " + "(" * 3_000 + "1" + ")" * 3_000)


@pytest.mark.parametrize(
    ("sql", "marked", "line", "column"),
    [
        ("SELEKT 1", "SELEKT", 1, 1),
        ("SELECT 'äöü',\n  a b c FROM f", "c", 2, 7),
        ("SELECT '😀',\n getenv('x')", "getenv('x')", 2, 2),
        ("SELECT *\nFROM read_csv('x')", "read_csv('x')", 2, 6),
        ("SELECT *\nFROM f JOIN a.b.c ON true", "a.b.c", 2, 13),
    ],
)
def test_a_refusal_marks_its_place(sql: str, marked: str, line: int, column: int):
    with pytest.raises(SqlRefused) as refused:
        verdict(sql)
    (error,) = refused.value.errors
    assert error.place is not None
    assert (error.got, error.place.line, error.place.column) == (marked, line, column)
    assert sql[error.place.offset : error.place.offset + error.place.length] == marked
