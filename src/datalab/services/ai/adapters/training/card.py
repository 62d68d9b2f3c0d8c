"""The model card: what a reader must know before trusting the model."""

import platform
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np

from datalab.contracts.ai import Plots, Task
from datalab.services.ai.adapters.training.columns import Choice
from datalab.services.ai.adapters.training.convert import TOLERANCE, Check
from datalab.services.ai.adapters.training.select import Trial, best
from datalab.services.ai.adapters.training.subject import Subject
from datalab.services.ai.model.training import TrainingOrder

LIBRARIES = ("scikit-learn", "skl2onnx", "onnxruntime", "numpy", "pyarrow", "skops")
TOO_GOOD = 0.999


@dataclass(frozen=True)
class Verdict:
    """What held-out rows say: metrics, the baseline's, how well probabilities hold, and what is drawn."""

    metrics: dict[str, float]
    baseline: dict[str, float]
    calibration: list[dict[str, float]]
    plots: Plots


@dataclass(frozen=True)
class Findings:
    """What training found out; ``converted``: the conversion serves."""

    rows_read: int
    subject: Subject
    choice: Choice
    trials: tuple[Trial, ...]
    verdict: Verdict
    importances: dict[str, float]
    check: Check
    converted: bool

    @property
    def engine(self) -> str:
        """What serves the version."""
        return "onnx" if self.converted else "sklearn"


def write_card(order: TrainingOrder, found: Findings) -> dict[str, Any]:
    """The card as plain JSON."""
    task, parts = found.subject.task, found.subject.parts
    loss_name = "log loss" if task is Task.CLASSIFICATION else "standardised root mean squared error"
    return {
        "source": order.source,
        "target": order.request.target,
        "task": task.value,
        "rows": {
            "read": found.rows_read,
            "trained_on": len(parts.train),
            "held_out": len(parts.test),
            "without_target_or_class": found.rows_read - len(parts.train) - len(parts.test),
        },
        "holdout": parts.how,
        "classes_left_out": found.subject.left_out,
        "columns": {"used": [column.name for column in found.choice.columns], "dropped": found.choice.dropped},
        "candidates": [{"candidate": str(trial.candidate), loss_name: trial.loss} for trial in found.trials],
        "chosen": str(best(found.trials)),
        "metrics": found.verdict.metrics,
        "baseline": found.verdict.baseline,
        "calibration": found.verdict.calibration,
        "plots": found.verdict.plots.model_dump(mode="json"),
        "importances": found.importances,
        "conversion": {
            "engine": found.engine,
            "rows_checked": found.check.rows,
            "greatest_difference": found.check.difference if np.isfinite(found.check.difference) else None,
            "tolerance": TOLERANCE,
            "error": found.check.error,
        },
        "warnings": _warnings(found),
        "seed": order.request.seed,
        "libraries": {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
    }


def _warnings(found: Findings) -> list[str]:
    warnings: list[str] = []
    if found.verdict.metrics.get("auc", found.verdict.metrics.get("r2", 0.0)) > TOO_GOOD:
        top = next(iter(found.importances), "a feature")
        warnings.append(f"almost no error on held-out rows: make sure that {top} is known before the target is")
    if _worse(found):
        warnings.append("no better than the baseline on held-out rows")
    return warnings


def _worse(found: Findings) -> bool:
    measure = "log_loss" if "log_loss" in found.verdict.metrics else "rmse"
    return found.verdict.metrics[measure] >= found.verdict.baseline[measure]
