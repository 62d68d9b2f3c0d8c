"""What a training process is told and what it tells."""

from pydantic import JsonValue

from datalab.contracts.ai import Feature, TrainRequest
from datalab.contracts.model import Contract
from datalab.services.ai.model.recipe import Recipe

ONNX_FILE = "model.onnx"
ESTIMATOR_FILE = "model.skops"
CARD_FILE = "card.json"


class TrainingOrder(Contract):
    """Train on the Arrow stream in ``data`` and write the model's files into the folder ``output``.

    ``source`` says where the data came from, for the card. A conversion greater than ``most_onnx_bytes`` isn't kept.
    """

    data: str
    output: str
    request: TrainRequest
    source: dict[str, JsonValue]
    most_onnx_bytes: int


class TrainedModel(Contract):
    """What came of it; ``files`` are the names of those written."""

    algorithm: str
    engine: str
    recipe: Recipe
    features: tuple[Feature, ...]
    metrics: dict[str, float]
    baseline: dict[str, float]
    card: dict[str, JsonValue]
    files: tuple[str, ...]
