"""The versions that are loaded, and what they say."""

import asyncio
import ctypes
import hashlib
import sys
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from datalab.contracts.ai import Task
from datalab.contracts.errors import InternalError
from datalab.kernel.pool.pool import Pool
from datalab.kernel.storage.port import ObjectStore
from datalab.services.ai.adapters.serving.batch import Batcher, Outcomes
from datalab.services.ai.adapters.serving.estimator import PoolEstimator
from datalab.services.ai.adapters.serving.onnx import open_onnx
from datalab.services.ai.model.inputs import Numbers
from datalab.services.ai.model.recipe import Recipe
from datalab.services.ai.model.rows import RowEncoder
from datalab.services.ai.model.training import ESTIMATOR_FILE, ONNX_FILE
from datalab.services.ai.model.version import ModelFile, Servable
from datalab.services.ai.ports import Outcome

_ROWS_AT_ONCE = 256
"""Rows encoded before other requests get their turn."""


class ModelFileBroken(InternalError):
    """A model's file is not the one that was registered, so it isn't opened."""

    code, title = "model_file_broken", "Model file broken"


class Runner(Protocol):
    """One version's arithmetic."""

    async def outcomes(self, numbers: Numbers, rows: int) -> tuple[Outcomes, float]:
        """Each row's outcome, and for how many milliseconds the rows waited."""
        ...


@dataclass(frozen=True, slots=True)
class Loaded:
    """A version, ready to answer."""

    recipe: Recipe
    encoder: RowEncoder
    runner: Runner


class ModelPredictor:
    """See the port. Keeps the versions used last; a version never changes, so nothing goes stale."""

    def __init__(
        self, fetch: Callable[[str], Awaitable[Servable]], store: ObjectStore, pool: Pool, most_loaded: int
    ) -> None:
        self._fetch = fetch
        self._store = store
        self._pool = pool
        self._most_loaded = most_loaded
        self._loaded: OrderedDict[str, asyncio.Task[Loaded]] = OrderedDict()

    async def predict(self, version_id: str, rows: Sequence[Mapping[str, JsonValue]]) -> Outcome:
        """See the port."""
        loaded = await self._ready(version_id)
        outcomes: Outcomes = []
        waited_ms = 0.0
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            part = rows[start : start + _ROWS_AT_ONCE]
            some, waited = await loaded.runner.outcomes(loaded.encoder.encode(part, start), len(part))
            outcomes += some
            waited_ms = max(waited_ms, waited)
        return _outcome(loaded.recipe, outcomes, waited_ms)

    async def _ready(self, version_id: str) -> Loaded:
        task = self._loaded.get(version_id)
        if task is None:
            task = asyncio.create_task(self._load(version_id), name=f"load model version {version_id}")
            self._loaded[version_id] = task
            self._drop_oldest()
        self._loaded.move_to_end(version_id)
        try:
            return await asyncio.shield(task)
        except Exception:
            if self._loaded.get(version_id) is task:
                del self._loaded[version_id]
            raise

    def _drop_oldest(self) -> None:
        if len(self._loaded) > self._most_loaded:
            self._loaded.popitem(last=False)
            _give_memory_back()

    async def _load(self, version_id: str) -> Loaded:
        version = await self._fetch(version_id)
        recipe = version.recipe
        return Loaded(recipe, RowEncoder(recipe.inputs), await self._runner(version))

    async def _runner(self, version: Servable) -> Runner:
        if version.engine == "onnx":
            model = await self._verified(_file(version, ONNX_FILE))
            return Batcher(await asyncio.to_thread(open_onnx, model, version.recipe.inputs.width))
        file = _file(version, ESTIMATOR_FILE)
        return PoolEstimator(self._pool, self._store, file, version.recipe.task)

    async def _verified(self, file: ModelFile) -> bytes:
        content = await self._store.read(file.key)
        if hashlib.sha256(content).hexdigest() != file.sha256:
            raise ModelFileBroken(f"{file.key} is not what was registered; train the model again or restore the file")
        return content


def _file(version: Servable, name: str) -> ModelFile:
    for file in version.files:
        if file.name == name:
            return file
    raise ModelFileBroken(f"the version has no file {name}")


def _outcome(recipe: Recipe, outcomes: Outcomes, waited_ms: float) -> Outcome:
    predictions = tuple(recipe.value_of(one) for one in outcomes)
    if recipe.task is Task.REGRESSION:
        return Outcome(predictions, None, None, waited_ms)
    return Outcome(predictions, tuple(tuple(one) for one in outcomes), recipe.classes, waited_ms)


def _give_memory_back() -> None:
    """A dropped session's memory returns to the system only when asked for."""
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
