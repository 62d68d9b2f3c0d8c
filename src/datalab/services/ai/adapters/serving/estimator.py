"""Models whose conversion wasn't exact: scikit-learn in a pool process."""

import base64
from collections import OrderedDict
from pathlib import Path
from typing import Any

from datalab.contracts.ai import Task
from datalab.contracts.model import Contract
from datalab.kernel.pool.pool import Pool
from datalab.kernel.storage.port import ObjectStore
from datalab.services.ai.adapters.serving.batch import Outcomes
from datalab.services.ai.model.inputs import Numbers
from datalab.services.ai.model.version import ModelFile

PREDICT_PROFILE = "predict"
_ENTRY = "datalab.services.ai.adapters.serving.estimator:predict"
_TIMEOUT_S = 60.0
_MOST_LOADED = 8
_loaded: "OrderedDict[str, Any]" = OrderedDict()


class EstimatorCall(Contract):
    """Rows for the estimator in ``path``; ``numbers``: float32 in base64."""

    path: str
    sha256: str
    task: Task
    numbers: str
    rows: int


class PoolEstimator:
    """One version's estimator, called in the pool."""

    def __init__(self, pool: Pool, store: ObjectStore, file: ModelFile, task: Task) -> None:
        self._pool = pool
        self._store = store
        self._file = file
        self._task = task

    async def outcomes(self, numbers: Numbers, rows: int) -> tuple[Outcomes, float]:
        """Each row's outcome; nothing waits for company here."""
        async with self._store.local(self._file.key) as path:
            call = EstimatorCall(
                path=str(path),
                sha256=self._file.sha256,
                task=self._task,
                numbers=base64.b64encode(numbers.tobytes()).decode(),
                rows=rows,
            ).model_dump(mode="json")
            return await self._pool.call(PREDICT_PROFILE, _ENTRY, call, timeout_s=_TIMEOUT_S), 0.0


def predict(arguments: dict[str, Any], _channel: object) -> Outcomes:
    """The pool's entry, an :class:`EstimatorCall` in: runs in a child only."""
    import numpy as np

    call = EstimatorCall.model_validate(arguments)
    matrix = np.frombuffer(base64.b64decode(call.numbers), np.float32).reshape(call.rows, -1)
    estimator = _estimator(Path(call.path), call.sha256)
    told = estimator.predict_proba(matrix) if call.task is Task.CLASSIFICATION else estimator.predict(matrix)
    return np.asarray(told, np.float64).reshape(call.rows, -1).tolist()


def _estimator(path: Path, sha256: str) -> Any:
    if sha256 in _loaded:
        _loaded.move_to_end(sha256)
        return _loaded[sha256]
    from datalab.services.ai.adapters.training.persist import read_estimator

    _loaded[sha256] = read_estimator(path, sha256)
    if len(_loaded) > _MOST_LOADED:
        _loaded.popitem(last=False)
    return _loaded[sha256]
