"""PostgREST's notation."""

import pytest

from datalab.contracts.data import Column, RowsRequest
from datalab.contracts.errors import InvalidInput
from datalab.services.data.model.filters import Conditions
from datalab.services.data.model.row_query import row_statement

COLUMNS = (
    Column(name="age", type="BIGINT"),
    Column(name="name", type="VARCHAR"),
    Column(name="born", type="DATE"),
    Column(name="odd name", type="BOOLEAN"),
)


def condition(key: str, value: str) -> tuple[str, list[str]]:
    conditions = Conditions(COLUMNS)
    return conditions.of_pair(key, value), conditions.values


@pytest.mark.parametrize(
    ("key", "value", "sql", "values"),
    [
        ("age", "eq.21", '"age" = CAST(? AS BIGINT)', ["21"]),
        ("AGE", "gte.-3", '"age" >= CAST(? AS BIGINT)', ["-3"]),
        ("age", "lt.2.5", '"age" < CAST(? AS DOUBLE)', ["2.5"]),
        ("age", "not.eq.1", 'NOT ("age" = CAST(? AS BIGINT))', ["1"]),
        ("name", "eq.a.b", '"name" = CAST(? AS VARCHAR)', ["a.b"]),
        ("name", "like.A*", 'CAST("name" AS VARCHAR) LIKE ?', ["A%"]),
        ("name", "ilike.*x*", 'CAST("name" AS VARCHAR) ILIKE ?', ["%x%"]),
        ("age", "in.(1,2)", '"age" IN (CAST(? AS BIGINT), CAST(? AS BIGINT))', ["1", "2"]),
        ("name", 'in.("a,b",c)', '"name" IN (CAST(? AS VARCHAR), CAST(? AS VARCHAR))', ["a,b", "c"]),
        ("age", "in.()", "FALSE", []),
        ("age", "is.null", '"age" IS NULL', []),
        ("age", "not.is.null", 'NOT ("age" IS NULL)', []),
        ("odd name", "is.true", '"odd name" IS TRUE', []),
        ("or", "(age.eq.1,name.is.null)", '("age" = CAST(? AS BIGINT)) OR ("name" IS NULL)', ["1"]),
        (
            "and",
            "(age.gt.1,or(age.lt.5,name.eq.x))",
            '("age" > CAST(? AS BIGINT)) AND (("age" < CAST(? AS BIGINT)) OR ("name" = CAST(? AS VARCHAR)))',
            ["1", "5", "x"],
        ),
        ("not.or", "(age.eq.1)", 'NOT (("age" = CAST(? AS BIGINT)))', ["1"]),
        ("or", "(not.and(age.eq.1))", '(NOT (("age" = CAST(? AS BIGINT))))', ["1"]),
        ("or", '("odd name".is.true)', '("odd name" IS TRUE)', []),
        ("born", "eq.2020-02-29", '"born" = CAST(? AS DATE)', ["2020-02-29"]),
    ],
)
def test_a_filter_becomes_a_condition_with_parameters(key: str, value: str, sql: str, values: list[str]):
    assert condition(key, value) == (sql, values)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("height", "gt.1", "no column 'height'; there are age, name, born"),
        ("age", "approximately.1", "'approximately' is no operator.*eq, neq, gt"),
        ("age", "21", "is no operator"),
        ("age", "eq.old", "'old' is no BIGINT, the type of age"),
        ("age", "in.1,2", "in is written"),
        ("age", "in.(1,x)", "'x' is no BIGINT"),
        ("born", "eq.2021-02-29", "is no DATE"),
        ("odd name", "eq.maybe", "is no BOOLEAN"),
        ("age", "is.strange", "is takes one of null"),
        ("or", "age.eq.1", "is written"),
        ("or", "(age)", "column.operator.value"),
        ("or", "(age.eq.1", "is written"),
        ("or", '(name.eq."x)', "quote that nothing closes"),
        ("or", "(name.in.(a)", "parentheses|in is written"),
        ("or", "(" + "or(" * 40 + "age.eq.1" + ")" * 40 + ")", "nested deeper"),
    ],
)
def test_a_wrong_filter_says_what_would_be_right(key: str, value: str, words: str):
    with pytest.raises(InvalidInput, match=words) as refused:
        condition(key, value)
    assert refused.value.errors[0].where == key


def test_a_statement_selects_orders_and_pages():
    request = RowsRequest(select="name,years:age", order="age.desc.nullslast,name", limit=5, offset=10)
    assert row_statement(("main", "people"), COLUMNS, request).sql == (
        'SELECT "name", "age" AS "years" FROM "main"."people" ORDER BY "age" DESC NULLS LAST, "name" ASC LIMIT 6 OFFSET 10'
    )


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("select", "height", "no column 'height'"),
        ("select", ":age", "alias:column"),
        ("select", "", "names no column"),
        ("order", "height.desc", "no column 'height'"),
        ("order", "age.sideways", "no column 'age.sideways'"),
        ("select", 'name"; DROP TABLE x; --', "no column|quote"),
    ],
)
def test_a_wrong_selection_or_order_is_named(field: str, text: str, words: str):
    with pytest.raises(InvalidInput, match=words):
        row_statement(("main", "people"), COLUMNS, RowsRequest.model_validate({field: text}))


def test_an_alias_cannot_leave_its_quotes():
    request = RowsRequest(select='a" "b:age')
    assert 'AS "a"" ""b"' in row_statement(("main", "people"), COLUMNS, request).sql
