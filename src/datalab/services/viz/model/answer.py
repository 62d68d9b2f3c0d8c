"""The rows that a chart is drawn from, as Vega reads them."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from datalab.contracts.data import Column
from datalab.contracts.errors import TooLarge
from datalab.services.viz.model.limits import MAX_DATA_BYTES, MAX_ROWS

_NUMBERS = re.compile(r"(DECIMAL|NUMERIC|HUGEINT|UHUGEINT|BIGNUM)\b.*", re.IGNORECASE)
_WALL_CLOCK = re.compile(r"(TIMESTAMP|TIMESTAMP_S|TIMESTAMP_MS|TIMESTAMP_NS|DATETIME)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows by column, and a digest that is the same for the same content."""

    columns: tuple[Column, ...]
    rows: tuple[dict[str, Any], ...]
    digest: str


def read_answer(columns: tuple[Column, ...], rows: Sequence[Sequence[Any]]) -> Answer:
    """The answer of a query as objects that Vega can draw.

    Decimals and very great integers, which travel as text, become numbers. Wall-clock times lose the mark of a zone
    that they never had, so that they read the same wherever the chart is drawn.

    Raises:
        TooLarge: More rows or bytes than a chart is drawn from.
    """
    if len(rows) > MAX_ROWS:
        raise TooLarge(
            f"the query gives more than the {MAX_ROWS:,} rows that a chart is drawn from: aggregate or bin first, "
            "for example with GROUP BY, or take a sample"
        )
    encoded = orjson.dumps([[column.name, column.type] for column in columns]) + orjson.dumps(rows)
    if len(encoded) > MAX_DATA_BYTES:
        raise TooLarge(
            f"the rows are {len(encoded):,} bytes, more than the {MAX_DATA_BYTES:,} that a chart is drawn from: "
            "select only the columns that are shown, aggregate or bin first"
        )
    readers = [_reader(column) for column in columns]
    names = [column.name for column in columns]
    objects = tuple({name: read(value) for name, read, value in zip(names, readers, row, strict=True)} for row in rows)
    return Answer(columns, objects, hashlib.sha256(encoded).hexdigest())


def _reader(column: Column) -> Callable[[Any], Any]:
    if _NUMBERS.fullmatch(column.type):
        return _number
    return _wall_clock if _WALL_CLOCK.fullmatch(column.type) else _as_is


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, str) else value


def _wall_clock(value: Any) -> Any:
    return value.removesuffix("Z").removesuffix("+00:00") if isinstance(value, str) else value


def _as_is(value: Any) -> Any:
    return value
