"""What a statement may do, judged over the engine's own parse tree."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from datalab.contracts.data import SqlRefused
from datalab.contracts.identity import MAIN_NAMESPACE
from datalab.services.data.model.sql_functions import ALLOWED, ALLOWED_TABLE_FUNCTIONS, VOLATILE
from datalab.services.data.model.sql_place import misplaced, refused_at

Tree = dict[str, Any]
TableKey = tuple[str, str]
"""Namespace and table (with ``@version`` when one is named), both in lower case."""
Span = tuple[int, int]
"""Some bytes of a statement: the first, and how many."""

_QUERIES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
_SOURCES = frozenset(
    {
        "BASE_TABLE",
        "EMPTY",
        "EMPTY_FROM",
        "EXPRESSION_LIST",
        "JOIN",
        "PIVOT",
        "SHOW_REF",
        "SUBQUERY",
        "TABLE_FUNCTION",
    }
)
_EXPRESSIONS = frozenset(
    """
    BETWEEN CASE CAST COLLATE COLUMN_REF COMPARISON CONJUNCTION CONSTANT FUNCTION LAMBDA LAMBDA_REF OPERATOR PARAMETER
    POSITIONAL_REFERENCE STAR SUBQUERY TYPE WINDOW
    """.split()  # noqa: SIM905
)
_CATALOG_PREFIXES = ("duckdb_", "pg_", "pragma_", "sqlite_")
_NOWHERE = 2**32
_SHOWN_QUERIES = frozenset({"DESCRIBE", "SUMMARY"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """A permitted statement: the tables it reads, each with the place where it is named first, and its repeatability.

    ``repeatable``: running it again gives the same answer.
    """

    tables: Mapping[TableKey, Span]
    repeatable: bool


def judge(serialized: str, sql: str) -> Verdict:
    """Judge the text that the engine's ``json_serialize_sql`` gave for the statement ``sql``.

    Raises:
        SqlRefused: Not one SELECT, or a function, source or clause in it isn't permitted; it says where.
    """
    try:
        tree = cast("Tree", json.loads(serialized))
        if tree["error"]:
            raise _unserializable(tree, sql)
        statements = cast("list[Tree]", tree["statements"])
        if len(statements) != 1:
            raise SqlRefused(f"one statement at a time, not {len(statements)}")
        judgement = _Judgement(sql)
        judgement.query(statements[0]["node"], frozenset())
    except RecursionError as error:
        raise SqlRefused("the statement is nested too deeply") from error
    return Verdict(judgement.tables, judgement.repeatable)


def _unserializable(tree: Mapping[str, Any], sql: str) -> SqlRefused:
    message = str(tree.get("error_message", ""))
    if "Only SELECT" in message:
        return SqlRefused(
            "only a single SELECT is possible here: no statement that changes, loads, exports or configures anything"
        )
    if tree.get("error_type") == "parser" and tree.get("position") is not None:
        start, length = json.loads(tree.get("location") or f"[{tree['position']}, 0]")
        return refused_at(sql, message, int(start), int(length))
    return SqlRefused(message or "the statement can't be read")


@dataclass(slots=True)
class _Judgement:
    sql: str
    tables: dict[TableKey, Span] = field(default_factory=dict[TableKey, Span])
    repeatable: bool = True

    def query(self, node: Tree, known: frozenset[str]) -> None:
        """A query with the common table expressions ``known`` around it; its own see only those before them."""
        kind = node["type"]
        if kind not in _QUERIES:
            raise SqlRefused(f"{_words(kind)} is not permitted")
        for entry in node["cte_map"]["map"]:
            self.query(_named_query(entry["value"]), known)
            known |= {_free_name(entry["key"])}
        if kind == "CTE_NODE":
            self.query(node["query"], known)
            self.query(node["child"], known | {str(node["cte_name"]).lower()})
            return
        if kind == "RECURSIVE_CTE_NODE":
            self.query(node["left"], known)
            self.query(node["right"], known | {str(node["cte_name"]).lower()})
            return
        self._inside({name: value for name, value in node.items() if name != "cte_map"}, known)

    def _inside(self, node: Tree, known: frozenset[str]) -> None:
        for child in _children(node):
            self._any(child, known)

    def _any(self, node: Tree, known: frozenset[str]) -> None:
        if "class" in node:
            self._expression(node, known)
        elif "node" in node and "named_param_map" in node:
            self.query(node["node"], known)
        elif node.get("type") in _QUERIES:
            self.query(node, known)
        elif "sample_size" in node:
            self.repeatable = False
        elif isinstance(node.get("type"), str) and not _is_modifier(node):
            self._source(node, known)
        else:
            self._inside(node, known)

    def _source(self, node: Tree, known: frozenset[str]) -> None:
        kind = node["type"]
        if kind not in _SOURCES:
            raise self._refused(node, f"{_words(kind)} is not permitted in FROM")
        if kind == "BASE_TABLE":
            self._table(node, known)
        if kind == "TABLE_FUNCTION":
            self._table_function(node, known)
            return
        if kind == "SHOW_REF" and (node["query"] is None or node["show_type"] not in _SHOWN_QUERIES):
            raise self._refused(node, "SHOW is not permitted; GET /api/v1/data/datasets lists the datasets you may see")
        if kind == "PIVOT" and any(pivot.get("pivot_enum") for pivot in node["pivots"]):
            raise self._refused(node, "PIVOT over a type is not permitted; list the values: IN (…)")
        self._inside(node, known)

    def _table(self, node: Tree, known: frozenset[str]) -> None:
        if node["at_clause"] is not None:
            raise self._refused(node, 'AT is not supported; name the version in the table\'s name: FROM "flights@3"')
        path = [str(part).lower() for part in node["qualified_name"]["path"]]
        if len(path) == 1 and path[0] in known:
            return
        if len(path) > len(("namespace", "table")):
            raise self._refused(node, f"{'.'.join(path)[:200]!r} is no dataset name; write table or namespace.table")
        self.tables.setdefault((path[0] if len(path) > 1 else MAIN_NAMESPACE, path[-1]), _span(node))

    def _table_function(self, node: Tree, known: frozenset[str]) -> None:
        function = node["function"]
        name = _called(function)
        if name not in ALLOWED_TABLE_FUNCTIONS:
            raise self._refused(
                node,
                f"the table function {name} is not permitted; FROM takes datasets, subqueries and "
                f"{', '.join(sorted(ALLOWED_TABLE_FUNCTIONS))}",
            )
        self._inside(function, known)
        self._inside({key: value for key, value in node.items() if key != "function"}, known)

    def _expression(self, node: Tree, known: frozenset[str]) -> None:
        kind = node["class"]
        if kind not in _EXPRESSIONS:
            raise self._refused(node, f"{_words(kind)} is not permitted")
        if kind == "CONSTANT":
            return
        if kind in {"FUNCTION", "WINDOW"}:
            self._function(node)
        if kind == "COLUMN_REF" and str(node["column_names"][-1]).lower() in VOLATILE:
            self.repeatable = False
        self._inside(node, known)

    def _function(self, node: Tree) -> None:
        name = _called(node)
        if name not in ALLOWED:
            raise self._refused(node, f"the function {name} is not permitted")
        if name in VOLATILE:
            self.repeatable = False

    def _refused(self, node: Tree, what: str) -> SqlRefused:
        start, length = _span(node)
        return SqlRefused(what) if start < 0 else SqlRefused(what, errors=(misplaced(self.sql, what, start, length),))


def _span(node: Mapping[str, Any]) -> Span:
    """Where the node is; before the beginning when the engine doesn't say."""
    start = node.get("query_location")
    if not isinstance(start, int) or start >= _NOWHERE:
        return -1, 0
    return start, int(node.get("query_location_length") or 0)


def _named_query(value: Tree) -> Tree:
    if "query_node" in value:
        return value["query_node"]
    return value["query"]["node"]


def _free_name(name: object) -> str:
    """A common table expression's name; the engine's own tables must not hide behind one."""
    key = str(name).lower()
    if key.startswith(_CATALOG_PREFIXES):
        raise SqlRefused(f"{key[:80]!r}: names beginning with {', '.join(_CATALOG_PREFIXES)} are the engine's own")
    return key


def _called(function: Tree) -> str:
    """The function's bare name; one of a schema of its own is refused, since names are judged without it."""
    path = [str(part).lower() for part in function["qualified_name"]["path"]]
    if len(path) != 1 or function["schema"] or function["catalog"]:
        raise SqlRefused(f"{'.'.join(path)[:200]}: call functions by their bare names")
    return path[0]


def _is_modifier(node: Tree) -> bool:
    kind = str(node["type"])
    return kind.endswith("_MODIFIER") or kind.startswith("ORDER_") or kind in {"ASCENDING", "DESCENDING"}


def _children(node: Tree) -> Iterator[Tree]:
    for value in node.values():
        yield from _trees(value)


def _trees(value: object) -> Iterator[Tree]:
    if isinstance(value, dict):
        yield cast("Tree", value)
    elif isinstance(value, list):
        for one in cast("list[object]", value):
            yield from _trees(one)


def _words(kind: object) -> str:
    return str(kind).replace("_", " ").lower()[:80]
