"""The AI service: models, their versions and aliases, training and prediction."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Protocol, Self

from pydantic import Field, JsonValue, model_validator

from datalab.contracts.errors import InvalidInput, NotFound
from datalab.contracts.jobs import Job
from datalab.contracts.model import Contract, Page, PageRequest

MOST_POINTS = 200
"""Of a curve or a cloud in a version's plots."""


class ModelNotFound(NotFound):
    """No such model, version or alias."""

    code, title = "model_not_found", "Model not found"


class UntrainableData(InvalidInput):
    """The data can't train a model: too few rows, one class only, no usable feature."""

    code, title = "untrainable_data", "Data can't train a model"


class Task(StrEnum):
    """What a model does."""

    CLASSIFICATION = "classification"
    REGRESSION = "regression"


class FeatureKind(StrEnum):
    """How a feature enters the model."""

    NUMERIC = "numeric"
    CATEGORICAL = "categorical"
    BOOLEAN = "boolean"
    TIME = "time"


class Feature(Contract):
    """An input of a model. ``categories``: the most frequent ones, for forms."""

    name: str
    kind: FeatureKind
    required: bool
    categories: tuple[str, ...] = ()
    example: JsonValue = None


class TrainRequest(Contract):
    """Train on a dataset or on a query's answer.

    ``target`` is the column to predict; ``task`` is inferred from it when left out. ``features`` narrows the inputs,
    ``exclude`` takes some away. ``holdout`` names a boolean column that marks the rows to evaluate on (it is no
    feature); without it a random fifth is held out. Everything is seeded.
    """

    dataset: Annotated[str, Field(max_length=128)] | None = None
    sql: Annotated[str, Field(max_length=1_000_000)] | None = None
    target: Annotated[str, Field(min_length=1, max_length=256)]
    task: Task | None = None
    features: Annotated[tuple[str, ...], Field(max_length=1000)] = ()
    exclude: Annotated[tuple[str, ...], Field(max_length=1000)] = ()
    holdout: Annotated[str, Field(max_length=256)] | None = None
    max_rows: Annotated[int, Field(ge=20, le=10_000_000)] = 500_000
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    alias: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,62}$")] | None = None

    @model_validator(mode="after")
    def one_source(self) -> Self:
        """Exactly one of ``dataset`` and ``sql``."""
        if (self.dataset is None) == (self.sql is None):
            raise ValueError("give either dataset or sql")
        return self


class TrainJob(TrainRequest):
    """Kind ``train``: a training request for the model named."""

    model: Annotated[str, Field(min_length=1, max_length=63)]


class RocCurve(Contract):
    """Of two classes: how often the second one was said rightly and wrongly, as it is said at ever lower chances.

    Both rates are between 0 and 1 and grow from (0, 0) to (1, 1); ``auc`` is the area under the curve before it was
    thinned to these points.
    """

    false_positive_rate: Annotated[tuple[float, ...], Field(max_length=MOST_POINTS)]
    true_positive_rate: Annotated[tuple[float, ...], Field(max_length=MOST_POINTS)]
    auc: float


class Residuals(Contract):
    """What was predicted beside what came, row by row, in the target's unit; of ``rows`` these are some."""

    predicted: Annotated[tuple[float, ...], Field(max_length=MOST_POINTS)]
    actual: Annotated[tuple[float, ...], Field(max_length=MOST_POINTS)]
    rows: int


class Plots(Contract):
    """What is drawn of a version, over its held-out rows: none of it where there is nothing to draw."""

    roc: RocCurve | None = None
    residuals: Residuals | None = None


class ModelVersion(Contract):
    """One trained version of a model.

    ``metrics`` are measured on held-out rows, beside those of always answering the commonest class or the mean
    (``baseline``). ``engine`` is what serves it: ``onnx``, or ``sklearn`` where the conversion wasn't exact.
    ``plots`` are not there of a version that was trained before they were made.
    """

    model: str
    version: int
    task: Task
    target: str
    algorithm: str
    engine: str
    features: tuple[Feature, ...]
    classes: tuple[JsonValue, ...]
    metrics: dict[str, float]
    baseline: dict[str, float]
    card: dict[str, JsonValue]
    plots: Plots | None = None
    aliases: tuple[str, ...]
    job_id: str | None
    created_by: str
    created_at: datetime


class Model(Contract):
    """A model: a name with versions and aliases."""

    name: str
    latest_version: int
    aliases: dict[str, int]
    task: Task
    target: str
    created_at: datetime
    updated_at: datetime


class Alias(Contract):
    """A name that points at a version, such as ``champion``."""

    alias: str
    version: Annotated[int, Field(ge=1)]


class AliasTarget(Contract):
    """The version that an alias shall point at."""

    version: Annotated[int, Field(ge=1)]


class PredictRequest(Contract):
    """Rows to predict for, each an object of features. Without ``version`` and ``alias``: ``champion``, else the latest."""

    rows: Annotated[tuple[dict[str, JsonValue], ...], Field(min_length=1, max_length=10_000)]
    version: Annotated[int, Field(ge=1)] | None = None
    alias: Annotated[str, Field(max_length=63)] | None = None


class Prediction(Contract):
    """Answers in the order of the rows; for a classification ``probabilities`` by row, in the order of ``classes``."""

    predictions: tuple[Any, ...]
    probabilities: tuple[tuple[float, ...], ...] | None = None
    classes: tuple[JsonValue, ...] | None = None
    model: str
    model_version: int
    batch_wait_ms: float
    cached: bool


class AiApi(Protocol):
    """The AI service for one caller."""

    async def list_models(self, page: PageRequest) -> Page[Model]:
        """Models by name."""
        ...

    async def get_model(self, name: str) -> Model:
        """One model. Raises ModelNotFound."""
        ...

    async def delete_model(self, name: str) -> None:
        """Take a model with its versions away."""
        ...

    async def list_model_versions(self, name: str, page: PageRequest) -> Page[ModelVersion]:
        """A model's versions, newest first."""
        ...

    async def get_model_version(self, name: str, version: int) -> ModelVersion:
        """One version with its card."""
        ...

    async def list_aliases(self, name: str) -> Page[Alias]:
        """A model's aliases."""
        ...

    async def set_alias(self, name: str, alias: str, target: AliasTarget) -> Alias:
        """Point an alias at a version."""
        ...

    async def delete_alias(self, name: str, alias: str) -> None:
        """Take an alias away."""
        ...

    async def train(self, name: str, request: TrainRequest, idempotency_key: str | None = None) -> Job:
        """Submit the training as a job; its result names the version."""
        ...

    async def predict(self, name: str, request: PredictRequest) -> Prediction:
        """Predict for the rows."""
        ...
