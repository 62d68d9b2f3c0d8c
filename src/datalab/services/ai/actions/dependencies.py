"""What the actions are given."""

from dataclasses import dataclass
from pathlib import Path

from datalab.contracts.compute import ComputeApi
from datalab.contracts.data import DataApi
from datalab.contracts.identity import ApiFor
from datalab.services.ai.ports import ModelFiles, Predictor, Registry, Trainer


@dataclass(frozen=True, slots=True)
class ActionDependencies:
    """``staging`` is the folder through which training processes get data and give files."""

    registry: Registry
    files: ModelFiles
    predictor: Predictor
    trainer: Trainer
    data: ApiFor[DataApi]
    compute: ApiFor[ComputeApi]
    staging: Path
    most_training_bytes: int
    most_onnx_bytes: int
