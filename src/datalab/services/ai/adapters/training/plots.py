"""What is drawn of a model: curves over its held-out rows, thinned so that a card stays small."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics as sk

from datalab.contracts.ai import MOST_POINTS, Plots, Residuals, RocCurve
from datalab.services.ai.adapters.training.evaluate import BINARY
from datalab.services.ai.adapters.training.table import Floats

measures: Any = sk


def class_plots(predicted: Floats, actual: NDArray[np.int64]) -> Plots:
    """Of two classes the ROC curve, where both are among the rows; of more nothing."""
    if predicted.shape[1] != BINARY or len(np.unique(actual)) != BINARY:
        return Plots()
    chance = predicted[:, 1]
    false, true, _ = measures.roc_curve(actual, chance)
    # Both rates only grow, so equal steps of their sum leave no greater gap than the curve's length by the points.
    kept = _evenly(false + true)
    return Plots(
        roc=RocCurve(
            false_positive_rate=_brief(false[kept]),
            true_positive_rate=_brief(true[kept]),
            auc=float(measures.roc_auc_score(actual, chance)),
        )
    )


def number_plots(predicted: Floats, actual: Floats) -> Plots:
    """What was predicted beside what came: of many rows some, evenly from the least prediction to the greatest."""
    said = predicted[:, 0]
    order = np.argsort(said, kind="stable")
    some = order[_evenly(np.arange(len(order), dtype=np.float64))]
    return Plots(residuals=Residuals(predicted=_brief(said[some]), actual=_brief(actual[some]), rows=len(said)))


def _evenly(along: Floats) -> NDArray[np.int64]:
    """At most so many places, about evenly spread by the growing ``along``, the first and the last among them."""
    if len(along) <= MOST_POINTS:
        return np.arange(len(along))
    wanted: Floats = np.linspace(float(along[0]), float(along[-1]), MOST_POINTS)
    return np.unique(np.minimum(np.searchsorted(along, wanted), len(along) - 1))


def _brief(values: Floats) -> tuple[float, ...]:
    return tuple(float(f"{value:.6g}") for value in values)
