"""The AI service's own settings."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from datalab.kernel.config.environment import Environment

GIB = 2**30


class AiSettings(Environment):
    """The AI service's environment.

    ``MODEL_CACHE_PATH``: the folder of model files, ``<home>/models`` unless given. ``DATALAB_AI_STAGING_PATH``: through
    which training gets data and gives files. Memory and sizes in bytes.
    """

    model_cache_path: Annotated[Path | None, Field(validation_alias="MODEL_CACHE_PATH")] = None
    """Folder of model files, unless they are in an object store; `models` under the home unless given."""
    staging_path: Annotated[Path | None, Field(validation_alias="DATALAB_AI_STAGING_PATH")] = None
    """Folder through which training gets data and gives files; `staging/ai` under the home unless given."""
    loaded_models: Annotated[int, Field(validation_alias="DATALAB_AI_LOADED_MODELS", ge=1, le=10_000)] = 32
    """Model versions kept ready in one process."""
    most_onnx_bytes: Annotated[int, Field(validation_alias="DATALAB_AI_ONNX_MAX_BYTES", ge=0)] = 20 * 2**20
    """Largest conversion to ONNX that is kept; a model beyond it is served as scikit-learn, in the pool."""
    most_training_bytes: Annotated[int, Field(validation_alias="DATALAB_AI_TRAIN_MAX_BYTES", ge=1)] = 4 * GIB
    """Most bytes of data that one training reads."""
    train_memory_bytes: Annotated[int, Field(validation_alias="DATALAB_AI_TRAIN_MEMORY_BYTES", ge=GIB // 2)] = 6 * GIB
    """Memory of one training."""
    trainings: Annotated[int, Field(validation_alias="DATALAB_AI_TRAININGS", ge=1, le=64)] = 1
    """Trainings run at once by one worker."""

    leftover_days: Annotated[float, Field(validation_alias="DATALAB_AI_LEFTOVER_DAYS", gt=0)] = 7
    """Days that model files are kept that no version names, such as those of a training that was cut off."""

    def models_folder(self, home: Path) -> Path:
        """Where model files are."""
        return (self.model_cache_path or home / "models").resolve()

    def staging_folder(self, home: Path) -> Path:
        """Where training attempts have their folders."""
        return (self.staging_path or home / "staging" / "ai").resolve()
