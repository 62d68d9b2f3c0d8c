"""A trained estimator as an ONNX model, and the proof that both say the same."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from datalab.contracts.ai import Task
from datalab.services.ai.adapters.onnx_session import open_session
from datalab.services.ai.adapters.training.boosting import OPSET, OPSET_ML, boosting_to_onnx
from datalab.services.ai.adapters.training.candidates import Fitted
from datalab.services.ai.adapters.training.encode import Matrix
from datalab.services.ai.adapters.training.table import Floats
from datalab.services.ai.model.inputs import CategoryInput, InputSchema

TOLERANCE = 1e-4
"""Of a probability, or of a standardised number."""
ROWS_CHECKED = 2000
ROWS_ALTERED = 50
OPSETS = {"": OPSET, "ai.onnx.ml": OPSET_ML}


@dataclass(frozen=True)
class Check:
    """How far the conversion was from the original over so many rows; ``error`` says why there is no conversion."""

    rows: int
    difference: float
    error: str | None = None

    @property
    def exact(self) -> bool:
        """Whether the conversion may serve."""
        return self.error is None and self.difference <= TOLERANCE


def convert(fitted: Fitted, width: int) -> bytes:
    """The ONNX model: one float32 matrix in; probabilities or numbers in its last output.

    Raises:
        Exception: Whatever the converter raises; the caller falls back to the original.
    """
    if hasattr(fitted.estimator, "_predictors"):
        return boosting_to_onnx(fitted.estimator, fitted.task, width)
    import skl2onnx
    from skl2onnx.common.data_types import FloatTensorType

    options = {id(fitted.estimator): {"zipmap": False}} if fitted.task is Task.CLASSIFICATION else None
    rows = [("rows", FloatTensorType([None, width]))]
    converter: Any = skl2onnx
    return converter.to_onnx(
        fitted.estimator, initial_types=rows, options=options, target_opset=OPSETS
    ).SerializeToString()


def verify(model: bytes, fitted: Fitted, schema: InputSchema, held_out: Matrix) -> Check:
    """Compare on held-out rows, and on rows with each input in turn missing and unknown."""
    rows = np.concatenate([held_out[:ROWS_CHECKED], *_altered(schema, held_out[:ROWS_ALTERED])])
    expected = fitted.predict(rows)
    got = _run(model, rows).reshape(expected.shape)
    difference = float(np.abs(got - expected).max()) if np.isfinite(got).all() else float("inf")
    return Check(len(rows), difference)


def _altered(schema: InputSchema, sample: Matrix) -> list[Matrix]:
    spans = schema.spans()
    altered: list[Matrix] = []
    for one in schema.inputs:
        start, end = spans[one.name]
        for vector in _odd_vectors(one, end - start):
            changed = sample.copy()
            changed[:, start:end] = vector
            altered.append(changed)
    return altered


def _odd_vectors(one: Any, width: int) -> list[NDArray[np.float32]]:
    if isinstance(one, CategoryInput):
        return [np.array(one.other, np.float32), np.array(one.missing, np.float32)]
    if one.required:
        return []
    missing = np.zeros(width, np.float32)
    missing[-1] = 1.0
    return [missing]


def _run(model: bytes, rows: Matrix) -> Floats:
    session = open_session(model)
    last = session.get_outputs()[-1].name
    return np.asarray(session.run([last], {"rows": rows})[-1], np.float64)
