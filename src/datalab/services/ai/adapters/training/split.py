"""Which rows train and which judge."""

from dataclasses import dataclass

import numpy as np

from datalab.contracts.ai import Task, UntrainableData
from datalab.services.ai.adapters.training.table import FlagColumn, Floats, NumberColumn, Rows, Table
from datalab.services.ai.adapters.training.target import Labels

FEWEST_ROWS = 20
SHARE = 0.2


@dataclass(frozen=True)
class Split:
    """Row numbers of both parts, and how they were told apart, in words for the card."""

    train: Rows
    test: Rows
    how: str


def split(table: Table, labels: Labels, holdout: str | None, seed: int) -> Split:
    """Rows that have a target, parted by the ``holdout`` column or a seeded fifth, by class for a classification.

    Raises:
        UntrainableData: Too few rows in a part, or ``holdout`` is no column that says true or false.
    """
    known = np.flatnonzero(labels.known)
    if len(known) < FEWEST_ROWS:
        raise UntrainableData(f"{len(known)} rows have a target; at least {FEWEST_ROWS} are needed")
    parts = _drawn(known, labels, seed) if holdout is None else _marked(known, table, holdout)
    if len(parts.test) == 0 or len(parts.train) < FEWEST_ROWS // 2:
        raise UntrainableData(
            f"{len(parts.train)} rows are left to train on and {len(parts.test)} to evaluate on "
            f"({parts.how}); at least {FEWEST_ROWS // 2} and 1 are needed"
        )
    return parts


def _drawn(known: Rows, labels: Labels, seed: int) -> Split:
    random = np.random.default_rng(seed)
    groups = [known] if labels.task is Task.REGRESSION else _by_class(known, labels)
    train, test = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for group in groups:
        shuffled = random.permutation(group)
        cut = round(len(group) * SHARE)
        test.append(shuffled[:cut])
        train.append(shuffled[cut:])
    return Split(np.sort(np.concatenate(train)), np.sort(np.concatenate(test)), f"a random fifth, seed {seed}")


def _by_class(known: Rows, labels: Labels) -> list[Rows]:
    values = labels.values[known]
    return [known[values == one] for one in np.unique(values)]


def _marked(known: Rows, table: Table, holdout: str) -> Split:
    column = table.columns.get(holdout)
    if column is None:
        raise UntrainableData(f"there is no holdout column {holdout!r}; there are {', '.join(table.names)}")
    if not isinstance(column, FlagColumn | NumberColumn) or not _says_yes_or_no(column.values[known]):
        raise UntrainableData(f"the holdout column {holdout!r} must say true or false in each row")
    marked = column.values[known] == 1
    return Split(known[~marked], known[marked], f"rows where {holdout} is true")


def _says_yes_or_no(values: Floats) -> bool:
    return bool(np.isin(values[~np.isnan(values)], (0, 1)).all())
