"""A trainer that hands over what it trained before, for a model comes out the same and whoever dies after it is in a hurry."""

import hashlib
import json
import os
import shutil
from functools import partial
from pathlib import Path

from datalab.kernel.pool.pool import Pool
from datalab.services.ai import app
from datalab.services.ai.adapters.trainer import PoolTrainer
from datalab.services.ai.model.training import TrainedModel, TrainingOrder
from datalab.services.ai.ports import OnLog, OnProgress

TOLD = "told.json"


def train_once() -> None:
    """Have those who are to die hand over, where they would train the same again, what an earlier life trained."""
    if "DATALAB_FAILPOINT" in os.environ:
        app.PoolTrainer = partial(RememberingTrainer, Path(os.environ["DATALAB_HOME"]).with_name("trained"))


class RememberingTrainer:
    """Trains each order once, in the pool, whatever process asks; remembered is only what was trained to the end."""

    def __init__(self, memory: Path, pool: Pool) -> None:
        self._memory = memory
        self._trainer = PoolTrainer(pool)

    async def train(
        self, order: TrainingOrder, timeout_s: float, on_progress: OnProgress, on_log: OnLog
    ) -> TrainedModel:
        """See the port."""
        folder, output = self._memory / _name(order), Path(order.output)
        told = folder / TOLD
        if told.exists():
            trained = TrainedModel.model_validate_json(told.read_bytes())
            _copy(trained, folder, output)
            return trained
        trained = await self._trainer.train(order, timeout_s, on_progress, on_log)
        folder.mkdir(parents=True, exist_ok=True)
        _copy(trained, output, folder)
        told.write_text(trained.model_dump_json())
        return trained


def _name(order: TrainingOrder) -> str:
    """Two orders of one name ask for the same of the same version of a dataset."""
    asked = order.model_dump(mode="json", exclude={"data", "output"})
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def _copy(trained: TrainedModel, source: Path, target: Path) -> None:
    for name in trained.files:
        shutil.copyfile(source / name, target / name)
