"""What is in a dataset's columns."""

from typing import Any

from datalab.contracts.model import Contract


class Quantile(Contract):
    """The value below which the share ``at`` of the values lies."""

    at: float
    value: Any


class Histogram(Contract):
    """How many values lie between each two edges; a value on an edge belongs to the bin above it, the greatest to the last.

    There is one edge more than there are counts.
    """

    edges: tuple[Any, ...]
    counts: tuple[int, ...]


class ValueCount(Contract):
    """A value, cut after 200 characters, and how often it is there."""

    value: Any
    count: int


class TextLengths(Contract):
    """Characters of texts."""

    shortest: int
    mean: float
    longest: int


class ColumnProfile(Contract):
    """What is in a column.

    ``count``: values that aren't null. ``distinct``: how many different ones, roughly when ``approximate``; none for
    nested columns. ``min`` and ``max`` of numbers, times and texts; ``mean``, ``quantiles`` and ``histogram`` of
    numbers and times, without infinities and what is no number; ``top`` of texts and booleans; ``lengths`` of texts.
    """

    name: str
    type: str
    count: int
    nulls: int
    distinct: int | None
    approximate: bool
    min: Any
    max: Any
    mean: Any
    quantiles: tuple[Quantile, ...]
    histogram: Histogram | None
    top: tuple[ValueCount, ...]
    lengths: TextLengths | None


class DatasetProfile(Contract):
    """What is in the columns of a dataset's version."""

    name: str
    version: int
    rows: int
    columns: tuple[ColumnProfile, ...]
