"""What the AI service needs from outside."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pydantic import JsonValue

from datalab.contracts.ai import Alias, Model, ModelVersion
from datalab.contracts.model import Page, PageRequest
from datalab.services.ai.model.training import TrainedModel, TrainingOrder
from datalab.services.ai.model.version import Located, ModelFile, NewVersion, Servable

OnProgress = Callable[[float, str], Awaitable[None]]
OnLog = Callable[[str], Awaitable[None]]


class Registry(Protocol):
    """Models, versions and aliases, kept. Every change is one transaction with the event that tells of it."""

    async def list_models(self, page: PageRequest) -> Page[Model]:
        """Models by name."""
        ...

    async def get_model(self, name: str) -> Model:
        """One model. Raises ModelNotFound."""
        ...

    async def delete_model(self, name: str) -> tuple[ModelFile, ...]:
        """Forget the model; gives the files that nobody needs any more. Raises ModelNotFound."""
        ...

    async def list_versions(self, name: str, page: PageRequest) -> Page[ModelVersion]:
        """Versions, newest first. Raises ModelNotFound."""
        ...

    async def get_version(self, name: str, version: int) -> ModelVersion:
        """One version. Raises ModelNotFound."""
        ...

    async def version_of_job(self, job_id: str) -> ModelVersion | None:
        """The version that the job registered, if it did."""
        ...

    async def files_of_job(self, job_id: str) -> tuple[ModelFile, ...]:
        """The files of the version that the job registered; none when it registered none."""
        ...

    async def named_files(self) -> frozenset[str]:
        """The keys of the files of all versions."""
        ...

    async def register(self, new: NewVersion) -> ModelVersion:
        """Keep the version under the model's next number; gives the one of the same job if there is one already."""
        ...

    async def list_aliases(self, name: str) -> tuple[Alias, ...]:
        """Aliases by name. Raises ModelNotFound."""
        ...

    async def set_alias(self, name: str, alias: str, version: int) -> Alias:
        """Point the alias at a version. Raises ModelNotFound."""
        ...

    async def delete_alias(self, name: str, alias: str) -> None:
        """Take the alias away. Raises ModelNotFound."""
        ...

    async def locate(self, name: str, version: int | None, alias: str | None) -> Located:
        """The version meant: this one, the alias's, or ``champion``'s, else the latest. Raises ModelNotFound."""
        ...

    async def servable(self, version_id: str) -> Servable:
        """What serving needs. Raises ModelNotFound when the version is gone."""
        ...


class ModelFiles(Protocol):
    """Model files under the job that wrote them; each attempt writes into a folder of its own."""

    async def keep(self, job_id: str, folder: Path, names: Sequence[str]) -> tuple[ModelFile, ...]:
        """Copy the files out of the folder into a new place of the store."""
        ...

    async def keep_only(self, job_id: str, files: Sequence[ModelFile]) -> None:
        """Delete what other attempts of the job left behind."""
        ...

    async def kept_before(self, moment: datetime) -> tuple[str, ...]:
        """The keys of all files that were kept earlier."""
        ...

    async def discard(self, keys: Sequence[str]) -> None:
        """Delete what is under these keys."""
        ...

    async def delete(self, files: Sequence[ModelFile]) -> None:
        """Delete these."""
        ...


class Trainer(Protocol):
    """Trains in a process of its own."""

    async def train(
        self, order: TrainingOrder, timeout_s: float, on_progress: OnProgress, on_log: OnLog
    ) -> TrainedModel:
        """See :class:`TrainingOrder`. Raises UntrainableData, DeadlineExceeded, MemoryLimitExceeded."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a model says of some rows: by row its answer, and probabilities in the order of ``classes``."""

    predictions: tuple[JsonValue, ...]
    probabilities: tuple[tuple[float, ...], ...] | None
    classes: tuple[JsonValue, ...] | None
    batch_wait_ms: float


class Predictor(Protocol):
    """Loaded versions."""

    async def predict(self, version_id: str, rows: Sequence[Mapping[str, JsonValue]]) -> Outcome:
        """Answers in the order of the rows. Raises InvalidInput for rows that don't fit the model."""
        ...
