"""Trying the candidates and keeping the best, on training rows alone."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from datalab.contracts.ai import Task
from datalab.services.ai.adapters.training.candidates import CANDIDATES, Candidate, Lesson, fit_candidate
from datalab.services.ai.adapters.training.evaluate import loss
from datalab.services.ai.adapters.training.table import Rows
from datalab.services.ai.adapters.training.target import FEWEST_OF_A_CLASS

MOST_ROWS = 20_000
"""Rows that candidates are compared on; the best one is then trained on all."""
FEW_ROWS = 2_000
FOLDS, FOLDS_OF_MANY = 3, 2
SHARE = 0.25


@dataclass(frozen=True)
class Trial:
    """A candidate's mean loss over its folds: smaller is better."""

    candidate: Candidate
    loss: float


def try_candidates(lesson: Lesson, report: Callable[[Trial, int, int], None]) -> tuple[Trial, ...]:
    """Every candidate's trial in the list's order; ``report`` hears of each, with its number and how many there are."""
    folds = _folds(lesson)
    candidates = CANDIDATES[lesson.task]
    trials: list[Trial] = []
    for number, candidate in enumerate(candidates, 1):
        losses = [_loss(candidate, lesson, learn, judge) for learn, judge in folds]
        trials.append(Trial(candidate, float(np.mean(losses))))
        report(trials[-1], number, len(candidates))
    return tuple(trials)


def best(trials: tuple[Trial, ...]) -> Candidate:
    """The candidate with the smallest loss; of equal ones the first, which is the simpler."""
    return min(trials, key=lambda trial: trial.loss).candidate


def _loss(candidate: Candidate, lesson: Lesson, learn: Rows, judge: Rows) -> float:
    fitted = fit_candidate(candidate, lesson, learn)
    return loss(lesson.task, fitted.predict(lesson.matrix[judge]), lesson.outcome[judge])


def _folds(lesson: Lesson) -> list[tuple[Rows, Rows]]:
    """Rows to learn from and rows to judge by; in each fold every class has rows to learn from."""
    rows = _sample(lesson)
    if lesson.order is not None:
        blocks = _blocks(lesson, rows[np.argsort(lesson.order[rows], kind="stable")])
        if blocks:
            return blocks
    place = np.arange(len(rows)) if lesson.task is Task.REGRESSION else _rank_in_class(lesson, rows)
    if len(rows) < FEW_ROWS:
        return [(rows[place % FOLDS != fold], rows[place % FOLDS == fold]) for fold in range(FOLDS)]
    held = place % round(1 / SHARE) == 1
    return [(rows[~held], rows[held])]


def _sample(lesson: Lesson) -> Rows:
    rows = np.random.default_rng(lesson.seed).permutation(len(lesson.outcome))
    rare_first = np.argsort(_rank_in_class(lesson, rows) >= FEWEST_OF_A_CLASS, kind="stable")
    return rows[rare_first][:MOST_ROWS]


def _blocks(lesson: Lesson, ordered: Rows) -> list[tuple[Rows, Rows]]:
    """Each stretch of rows in turn judges what was learnt from the others; none when a class is in one only."""
    parts = np.array_split(ordered, FOLDS if len(ordered) < FEW_ROWS else FOLDS_OF_MANY)
    folds = [(np.concatenate([*parts[:one], *parts[one + 1 :]]), parts[one]) for one in range(len(parts))]
    if lesson.task is Task.REGRESSION:
        return folds
    whole = all(len(np.unique(lesson.outcome[learn])) == lesson.classes for learn, _ in folds)
    return folds if whole else []


def _rank_in_class(lesson: Lesson, rows: Rows) -> Rows:
    """The how-manieth of its class each row is, in the order given."""
    ranks = np.zeros(len(rows), np.int64)
    if lesson.task is Task.REGRESSION:
        return ranks
    outcome = lesson.outcome[rows]
    for one in range(lesson.classes):
        mine = outcome == one
        ranks[mine] = np.arange(int(mine.sum()))
    return ranks
