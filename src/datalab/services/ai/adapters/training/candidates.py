"""The candidates of automatic training: one seeded list, counted in trials, so that load never decides what is tried."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray

from datalab.contracts.ai import Task
from datalab.services.ai.adapters.training.encode import Matrix
from datalab.services.ai.adapters.training.table import Floats, Rows

MOST_TREES: Final = 1500
"""Over all classes: each boosting round grows one tree a class."""
FEWEST_ROUNDS: Final = 10


@dataclass(frozen=True)
class Candidate:
    """One algorithm with its settings."""

    algorithm: str
    settings: Mapping[str, float]

    def __str__(self) -> str:
        settings = ", ".join(f"{name} {value:g}" for name, value in self.settings.items())
        return f"{self.algorithm} ({settings})"


BOOSTING: Final = (
    {"learning_rate": 0.1, "max_iter": 100, "max_leaf_nodes": 31, "l2_regularization": 0.0},
    {"learning_rate": 0.06, "max_iter": 250, "max_leaf_nodes": 31, "l2_regularization": 1.0},
    {"learning_rate": 0.1, "max_iter": 100, "max_leaf_nodes": 8, "l2_regularization": 1.0},
)
CANDIDATES: Final = {
    Task.CLASSIFICATION: (
        Candidate("logistic regression", {"C": 1.0}),
        Candidate("logistic regression", {"C": 0.01}),
        *(Candidate("gradient boosting", settings) for settings in BOOSTING),
    ),
    Task.REGRESSION: (
        Candidate("ridge regression", {"alpha": 1.0}),
        Candidate("ridge regression", {"alpha": 100.0}),
        *(Candidate("gradient boosting", settings) for settings in BOOSTING),
    ),
}


@dataclass(frozen=True)
class Lesson:
    """What there is to learn from: rows as numbers, their outcome, how many classes (0 for numbers).

    With an ``order`` of the rows, candidates are judged on stretches that they did not learn from: the rows held out
    were chosen by a column, so they may be of another time or kind, and what memorises its neighbours must not win.
    """

    task: Task
    matrix: Matrix
    outcome: NDArray[Any]
    classes: int
    seed: int
    order: Rows | None = None


@dataclass(frozen=True)
class Fitted:
    """A trained estimator. ``predict``: rows × classes of probabilities, or rows × 1 of numbers."""

    estimator: Any
    task: Task

    def predict(self, matrix: Matrix) -> Floats:
        """What it says about the rows."""
        if self.task is Task.CLASSIFICATION:
            return np.asarray(self.estimator.predict_proba(matrix), np.float64)
        return np.asarray(self.estimator.predict(matrix), np.float64).reshape(-1, 1)


def fit_candidate(candidate: Candidate, lesson: Lesson, rows: Rows) -> Fitted:
    """Train it on these rows of the lesson."""
    estimator = _BUILDERS[candidate.algorithm, lesson.task](candidate.settings, lesson.classes, lesson.seed)
    with catch_warnings():
        simplefilter("ignore")  # a candidate that did not converge loses or wins by its loss
        estimator.fit(lesson.matrix[rows], lesson.outcome[rows])
    return Fitted(estimator, lesson.task)


def _logistic(settings: Mapping[str, float], _classes: int, _seed: int) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=settings["C"], max_iter=300)


def _ridge(settings: Mapping[str, float], _classes: int, _seed: int) -> Any:
    from sklearn.linear_model import Ridge

    return Ridge(alpha=settings["alpha"])


def _boosted_classes(settings: Mapping[str, float], classes: int, seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    trees_a_round = 1 if classes == 2 else classes  # noqa: PLR2004 - two classes share one tree
    rounds = max(FEWEST_ROUNDS, min(int(settings["max_iter"]), MOST_TREES // trees_a_round))
    return HistGradientBoostingClassifier(**_boosting(settings, rounds, seed))


def _boosted_numbers(settings: Mapping[str, float], _classes: int, seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingRegressor

    return HistGradientBoostingRegressor(**_boosting(settings, int(settings["max_iter"]), seed))


def _boosting(settings: Mapping[str, float], rounds: int, seed: int) -> dict[str, Any]:
    whole = {"max_iter": rounds, "max_leaf_nodes": int(settings["max_leaf_nodes"])}
    return cast("dict[str, Any]", {**settings, **whole, "early_stopping": False, "random_state": seed})


_BUILDERS: Final[Mapping[tuple[str, Task], Callable[[Mapping[str, float], int, int], Any]]] = {
    ("logistic regression", Task.CLASSIFICATION): _logistic,
    ("ridge regression", Task.REGRESSION): _ridge,
    ("gradient boosting", Task.CLASSIFICATION): _boosted_classes,
    ("gradient boosting", Task.REGRESSION): _boosted_numbers,
}
