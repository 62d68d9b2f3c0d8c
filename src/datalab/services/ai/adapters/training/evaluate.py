"""How good predictions are: metrics, the baseline's beside them, calibration, what each feature is worth."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics as sk

from datalab.contracts.ai import Task
from datalab.services.ai.adapters.training.candidates import Fitted
from datalab.services.ai.adapters.training.encode import Matrix
from datalab.services.ai.adapters.training.table import Floats
from datalab.services.ai.model.inputs import InputSchema

BINS = 10
ROWS_FOR_IMPORTANCE = 4000
CELLS_FOR_IMPORTANCE = 200_000
BINARY = 2

measures: Any = sk


def loss(task: Task, predicted: Floats, actual: NDArray[Any]) -> float:
    """What selection minimises: log loss, or the root of the mean squared error."""
    if task is Task.REGRESSION:
        return float(np.sqrt(np.mean((predicted[:, 0] - actual) ** 2)))
    chosen = np.clip(predicted[np.arange(len(actual)), actual], 1e-15, 1.0)
    return float(-np.log(chosen).mean())


def class_metrics(predicted: Floats, actual: NDArray[np.int64]) -> dict[str, float]:
    """Accuracy, F1 (of the second class when there are two, else the mean over classes), log loss, AUC where defined."""
    best = predicted.argmax(axis=1)
    binary = predicted.shape[1] == BINARY
    found = {
        "accuracy": float((best == actual).mean()),
        "f1": float(measures.f1_score(actual, best, average="binary" if binary else "macro", zero_division=0.0)),
        "log_loss": loss(Task.CLASSIFICATION, predicted, actual),
    }
    area = _area(predicted, actual)
    return found if area is None else {**found, "auc": area}


def number_metrics(predicted: Floats, actual: Floats) -> dict[str, float]:
    """Mean absolute error, root mean squared error, and R² where the target varies; in the target's own unit."""
    errors = predicted[:, 0] - actual
    spread = float(((actual - actual.mean()) ** 2).sum())
    found = {"mae": float(np.abs(errors).mean()), "rmse": float(np.sqrt((errors**2).mean()))}
    return {**found, "r2": 1 - float((errors**2).sum()) / spread} if spread > 0 else found


def class_baseline(train: NDArray[np.int64], actual: NDArray[np.int64], classes: int) -> dict[str, float]:
    """The metrics of always giving the training part's frequencies, hence the commonest class."""
    shares = np.bincount(train, minlength=classes) / len(train)
    return class_metrics(np.tile(shares, (len(actual), 1)), actual)


def number_baseline(train: Floats, actual: Floats) -> dict[str, float]:
    """The metrics of always giving the training part's mean."""
    return number_metrics(np.full((len(actual), 1), train.mean()), actual)


def calibration(predicted: Floats, actual: NDArray[np.int64]) -> list[dict[str, float]]:
    """For two classes: in ten equal bins of the second one's probability, what was predicted and what came."""
    if predicted.shape[1] != BINARY:
        return []
    chance = predicted[:, 1]
    places = np.minimum((chance * BINS).astype(np.int64), BINS - 1)
    return [
        {
            "from": place / BINS,
            "to": (place + 1) / BINS,
            "rows": int((places == place).sum()),
            "predicted": float(chance[places == place].mean()),
            "observed": float((actual[places == place] == 1).mean()),
        }
        for place in range(BINS)
        if (places == place).any()
    ]


def importances(
    fitted: Fitted, schema: InputSchema, matrix: Matrix, actual: NDArray[Any], seed: int
) -> dict[str, float]:
    """By how much the loss grows when one feature's held-out values are shuffled; the greatest first."""
    random = np.random.default_rng(seed)
    most = max(1, min(ROWS_FOR_IMPORTANCE, CELLS_FOR_IMPORTANCE // len(schema.inputs)))
    rows = random.permutation(len(matrix))[:most]
    sample, truth = matrix[rows], actual[rows]
    before = loss(fitted.task, fitted.predict(sample), truth)
    found: dict[str, float] = {}
    for name, (start, end) in schema.spans().items():
        shuffled = sample.copy()
        shuffled[:, start:end] = sample[random.permutation(len(sample)), start:end]
        found[name] = loss(fitted.task, fitted.predict(shuffled), truth) - before
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _area(predicted: Floats, actual: NDArray[np.int64]) -> float | None:
    classes = predicted.shape[1]
    if len(np.unique(actual)) != classes:
        return None
    if classes == BINARY:
        return float(measures.roc_auc_score(actual, predicted[:, 1]))
    sums = predicted / predicted.sum(axis=1, keepdims=True)
    return float(measures.roc_auc_score(actual, sums, multi_class="ovr", average="macro"))
