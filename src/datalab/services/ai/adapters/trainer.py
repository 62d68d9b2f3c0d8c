"""Training in the pool."""

from datalab.kernel.pool.pool import Pool
from datalab.services.ai.model.training import TrainedModel, TrainingOrder
from datalab.services.ai.ports import OnLog, OnProgress

TRAIN_PROFILE = "train"
_ENTRY = "datalab.services.ai.adapters.training.fit:fit"


class PoolTrainer:
    """See the port."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def train(
        self, order: TrainingOrder, timeout_s: float, on_progress: OnProgress, on_log: OnLog
    ) -> TrainedModel:
        """See the port."""
        told = await self._pool.call(
            TRAIN_PROFILE,
            _ENTRY,
            order.model_dump(mode="json"),
            timeout_s=timeout_s,
            on_progress=on_progress,
            on_log=on_log,
        )
        return TrainedModel.model_validate(told)
