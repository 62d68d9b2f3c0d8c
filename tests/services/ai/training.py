"""Training as a plain function, for tests."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
from tests.services.ai.flights import write

from datalab.contracts.ai import TrainRequest
from datalab.services.ai.adapters.training.fit import train
from datalab.services.ai.model.training import TrainedModel, TrainingOrder


@dataclass
class Heard:
    """What training reported."""

    fractions: list[float] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def progress(self, fraction: float, message: str = "") -> None:
        self.fractions.append(fraction)

    def log(self, line: str) -> None:
        self.lines.append(line)


def train_on(
    table: pa.Table, folder: Path, *, heard: Heard | None = None, most_onnx_bytes: int = 2**24, **request: Any
) -> TrainedModel:
    """Train in this process; the model's files are in ``folder``."""
    order = TrainingOrder(
        data=str(write(table, folder / "data.arrow")),
        output=str(folder),
        request=TrainRequest(**({"dataset": "flights", "target": "late"} | request)),
        source={"dataset": "flights", "version": 3},
        most_onnx_bytes=most_onnx_bytes,
    )
    return train(order, heard or Heard())
