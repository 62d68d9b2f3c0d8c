"""The column to predict: which task it poses, its classes, its values as numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from datalab.contracts.ai import Task, UntrainableData
from datalab.services.ai.adapters.training.table import (
    Column,
    FlagColumn,
    Floats,
    NumberColumn,
    Rows,
    Table,
    TextColumn,
    TimeColumn,
)

FEW_VALUES = 10
MOST_CLASSES = 100
FEWEST_OF_A_CLASS = 5


@dataclass(frozen=True)
class Labels:
    """The target of every row as a number: its value, or an index into ``names``; ``known`` where it isn't missing."""

    task: Task
    values: Floats
    known: NDArray[np.bool_]
    names: tuple[JsonValue, ...]


@dataclass(frozen=True)
class Classes:
    """The classes that are learnt, and how many rows of each the rest had that was left out."""

    names: tuple[JsonValue, ...]
    codes: NDArray[np.int64]
    """From an index into :attr:`Labels.names` to one into ``names``; -1 where left out."""
    left_out: dict[str, int]


def read_labels(table: Table, target: str, task: Task | None) -> Labels:
    """The target.

    Raises:
        UntrainableData: It isn't there, is of a type that can't be predicted, or doesn't fit ``task``.
    """
    column = table.columns.get(target)
    if column is None and target in table.unusable:
        raise UntrainableData(f"the target {target!r} is of type {table.unusable[target]}, which can't be predicted")
    if column is None:
        raise UntrainableData(f"there is no column {target!r} to predict; there are {', '.join(table.names)}")
    if isinstance(column, TimeColumn):
        raise UntrainableData(f"the target {target!r} is a time; predict a number, true or false, or a text")
    found = task or infer_task(column)
    if found is Task.CLASSIFICATION:
        return _classes(column)
    if not isinstance(column, NumberColumn):
        raise UntrainableData(f"regression needs a number to predict, and {target!r} isn't one; leave task out")
    return Labels(found, column.values, ~column.missing, ())


def infer_task(column: Column) -> Task:
    """Numbers with many values pose a regression; all else, and whole numbers with ten values at most, classes."""
    if not isinstance(column, NumberColumn):
        return Task.CLASSIFICATION
    values = column.values[~column.missing]
    whole = column.integral or bool((values == np.round(values)).all())
    few = len(np.unique(values)) <= FEW_VALUES
    return Task.CLASSIFICATION if whole and few else Task.REGRESSION


def choose_classes(labels: Labels, train: Rows) -> Classes:
    """Classes that have rows enough in the training part.

    Raises:
        UntrainableData: Fewer than two of them, or more than a hundred.
    """
    counts = np.bincount(labels.values[train].astype(np.int64), minlength=len(labels.names))
    kept = np.flatnonzero(counts >= FEWEST_OF_A_CLASS)
    if len(kept) < 2:  # noqa: PLR2004 - one class leaves nothing to tell apart
        seen = ", ".join(f"{name!r} in {count} rows" for name, count in zip(labels.names, counts, strict=True) if count)
        raise UntrainableData(
            f"the target needs two classes with {FEWEST_OF_A_CLASS} training rows each; there is {seen[:500]}"
        )
    if len(kept) > MOST_CLASSES:
        raise UntrainableData(f"the target has {len(kept)} classes; {MOST_CLASSES} can be told apart at most")
    codes = np.full(len(labels.names), -1, np.int64)
    codes[kept] = np.arange(len(kept))
    rare: list[int] = np.flatnonzero((codes < 0) & (counts > 0))[:20].tolist()
    left_out = {str(labels.names[one])[:80]: int(counts[one]) for one in rare}
    return Classes(tuple(labels.names[one] for one in kept.tolist()), codes, left_out)


def _classes(column: Column) -> Labels:
    match column:
        case FlagColumn():
            return Labels(Task.CLASSIFICATION, column.values, ~column.missing, (False, True))
        case TextColumn():
            return _texts(column)
        case NumberColumn():
            return _numbers(column)
        case TimeColumn():
            raise UntrainableData(f"{column.name!r} is a time, which is no class")


def _texts(column: TextColumn) -> Labels:
    names = sorted(column.labels)
    rank = {name: place for place, name in enumerate(names)}
    ranks = np.array([*(rank[label] for label in column.labels), np.nan], np.float64)
    return Labels(Task.CLASSIFICATION, ranks[column.codes], ~column.missing, tuple(names))


def _numbers(column: NumberColumn) -> Labels:
    known = ~column.missing
    values: Floats = np.unique(column.values[known])
    numbers = np.full(len(column.values), np.nan)
    numbers[known] = np.searchsorted(values, column.values[known])
    whole = bool((values == np.round(values)).all())
    plain: list[float] = values.tolist()
    names: tuple[JsonValue, ...] = tuple(int(value) if whole else value for value in plain)
    return Labels(Task.CLASSIFICATION, numbers, known, names)
