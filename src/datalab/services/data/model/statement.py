"""A statement on its way to a worker, and what comes back besides the bytes."""

from enum import StrEnum

from pydantic import JsonValue

from datalab.contracts.data import Column
from datalab.contracts.model import Contract
from datalab.services.data.model.table_view import TableView


class Encoding(StrEnum):
    """How a worker encodes rows. ``arrays`` and ``objects`` are the inside of a JSON list, without its brackets."""

    ARRAYS = "arrays"
    OBJECTS = "objects"
    NDJSON = "ndjson"
    CSV = "csv"
    TSV = "tsv"
    ARROW = "arrow"
    PARQUET = "parquet"


class EngineLimits(Contract):
    """What one statement may use: bytes of memory, bytes of temporary files, threads."""

    memory_bytes: int
    spill_bytes: int
    threads: int


class Statement(Contract):
    """A statement to judge and run over ``views``; at most ``max_rows`` rows are encoded.

    ``hold_bytes``: an answer up to that long is held back until its tail is known.
    """

    sql: str
    params: list[JsonValue] | dict[str, JsonValue] | None
    views: tuple[TableView, ...]
    max_rows: int
    hold_bytes: int
    encoding: Encoding
    limits: EngineLimits


class AnswerTail(Contract):
    """How many rows were encoded; ``truncated`` when there were more than ``max_rows``."""

    row_count: int
    truncated: bool


class AnswerHead(Contract):
    """Known before the first byte. ``repeatable``: the same statement over the same versions answers the same.

    ``tables``: the views that the statement reads, by namespace and table, in lower case. ``tail`` is there already when
    the answer is short.
    """

    columns: tuple[Column, ...]
    tables: tuple[tuple[str, str], ...]
    repeatable: bool
    tail: AnswerTail | None
