"""What is to be learnt: the target's values for the rows that train and for those that judge."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from datalab.contracts.ai import Task, TrainRequest, UntrainableData
from datalab.services.ai.adapters.training.split import FEWEST_ROWS, Split, split
from datalab.services.ai.adapters.training.table import Floats, Rows, Table
from datalab.services.ai.adapters.training.target import Labels, choose_classes, read_labels
from datalab.services.ai.model.inputs import Scale

MOST_OUTCOMES = 8
BINARY = 2


@dataclass(frozen=True)
class Subject:
    """``train`` and ``test`` are class numbers, or numbers standardised by ``output``."""

    task: Task
    parts: Split
    classes: tuple[JsonValue, ...]
    left_out: dict[str, int]
    output: Scale | None
    train: NDArray[Any]
    test: NDArray[Any]

    def outcomes(self) -> Floats:
        """What a category's rows say about the target: one column a frequent class, or the number."""
        if self.task is Task.REGRESSION:
            return self.train[:, None]
        if len(self.classes) == BINARY:
            return self.train[:, None].astype(np.float64)
        frequent = np.argsort(-np.bincount(self.train), kind="stable")[:MOST_OUTCOMES]
        return (self.train[:, None] == frequent[None, :]).astype(np.float64)


def pose(table: Table, request: TrainRequest) -> Subject:
    """The subject.

    Raises:
        UntrainableData: The target or the holdout can't be used, or too little is left.
    """
    labels = read_labels(table, request.target, request.task)
    known = np.flatnonzero(labels.known)
    if labels.task is Task.CLASSIFICATION and len(known) >= FEWEST_ROWS:
        choose_classes(labels, known)
    parts = split(table, labels, request.holdout, request.seed)
    return _numbers(labels, parts) if labels.task is Task.REGRESSION else _classes(labels, parts)


def _numbers(labels: Labels, parts: Split) -> Subject:
    train, test = labels.values[parts.train], labels.values[parts.test]
    with np.errstate(over="ignore"):
        spread = float(train.std())
    if not np.isfinite(spread):
        raise UntrainableData("the target's values are too far apart for 64-bit arithmetic")
    if spread == 0:
        raise UntrainableData(f"the target is {train[0]:g} in every training row, so there is nothing to learn")
    scale = Scale(center=float(train.mean()), spread=spread)
    return Subject(labels.task, parts, (), {}, scale, _standard(train, scale), _standard(test, scale))


def _standard(values: Floats, scale: Scale) -> Floats:
    return (values - scale.center) / scale.spread


def _classes(labels: Labels, parts: Split) -> Subject:
    classes = choose_classes(labels, parts.train)

    def code(rows: Rows) -> Rows:
        return classes.codes[labels.values[rows].astype(np.int64)]

    kept = replace(parts, train=parts.train[code(parts.train) >= 0], test=parts.test[code(parts.test) >= 0])
    if len(kept.test) == 0:
        raise UntrainableData(f"no row to evaluate on is left ({parts.how}) once rare classes are left out")
    return Subject(labels.task, kept, classes.names, classes.left_out, None, code(kept.train), code(kept.test))
