"""A version of a model as it is kept."""

from pydantic import JsonValue

from datalab.contracts.ai import Feature
from datalab.contracts.model import Contract
from datalab.services.ai.model.recipe import Recipe


class ModelFile(Contract):
    """A file of a version in the store; ``sha256`` in hexadecimal is checked before it is opened."""

    name: str
    key: str
    sha256: str
    size: int


class NewVersion(Contract):
    """A version to register. Of one ``job_id`` only the first is; ``alias`` shall point at it."""

    model: str
    target: str
    algorithm: str
    engine: str
    recipe: Recipe
    features: tuple[Feature, ...]
    metrics: dict[str, float]
    baseline: dict[str, float]
    card: dict[str, JsonValue]
    files: tuple[ModelFile, ...]
    job_id: str
    created_by: str
    alias: str | None


class Located(Contract):
    """Which version a request means."""

    id: str
    version: int


class Servable(Contract):
    """What serving needs of a version."""

    id: str
    engine: str
    recipe: Recipe
    files: tuple[ModelFile, ...]
