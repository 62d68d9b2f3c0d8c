"""JSON around encoded rows."""

import json
from collections.abc import Sequence

from datalab.contracts.data import Column, DatasetRead
from datalab.services.data.model.statement import AnswerTail


def table_start(query_id: str, columns: Sequence[Column], datasets: Sequence[DatasetRead], *, cached: bool) -> bytes:
    """What comes before the rows of a query's answer."""
    head = {
        "query_id": query_id,
        "cached": cached,
        "datasets": [one.model_dump() for one in datasets],
        "columns": [column.model_dump() for column in columns],
    }
    return json.dumps(head, ensure_ascii=False, separators=(",", ":"))[:-1].encode() + b',"rows":['


def table_end(tail: AnswerTail, elapsed_ms: float) -> bytes:
    """What comes after them."""
    rest = {"row_count": tail.row_count, "truncated": tail.truncated, "elapsed_ms": round(elapsed_ms, 2)}
    return b"]," + json.dumps(rest, separators=(",", ":"))[1:].encode()
