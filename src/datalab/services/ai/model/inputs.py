"""How a model's inputs are written as numbers: learnt once in training, stored with the version, used by both sides."""

from array import array
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from datalab.contracts.model import Contract

LIMIT = 1e6
"""Standardised numbers are cut off here, so that every one of them fits a 32-bit float."""

Vector = tuple[float, ...]
Numbers: TypeAlias = "array[float]"
"""32-bit floats, row by row."""


class Scale(Contract):
    """``(value - center) / spread``, in 64 bits, then cut to ±:data:`LIMIT`."""

    center: float
    spread: Annotated[float, Field(gt=0)]

    def apply(self, value: float) -> float:
        """The standardised value."""
        return min(max((value - self.center) / self.spread, -LIMIT), LIMIT)


class NumericInput(Contract):
    """One number; where training saw missing ones, a second number flags them."""

    kind: Literal["numeric"] = "numeric"
    name: str
    required: bool
    scale: Scale

    @property
    def width(self) -> int:
        """Columns in the matrix."""
        return 1 if self.required else 2


class BooleanInput(Contract):
    """0 or 1; where training saw missing ones, a second number flags them."""

    kind: Literal["boolean"] = "boolean"
    name: str
    required: bool

    @property
    def width(self) -> int:
        """Columns in the matrix."""
        return 1 if self.required else 2


Part = Literal["year", "month", "weekday", "hour"]


class TimePart(Contract):
    """A part of a moment in UTC: ``year``, ``month``, ``weekday`` (Monday 0) or ``hour`` (with its minutes)."""

    part: Part
    scale: Scale


class TimeInput(Contract):
    """A moment as the parts that vary; where training saw missing ones, a last number flags them."""

    kind: Literal["time"] = "time"
    name: str
    required: bool
    parts: tuple[TimePart, ...]

    @property
    def width(self) -> int:
        """Columns in the matrix."""
        return len(self.parts) + (0 if self.required else 1)


class CategoryInput(Contract):
    """Text as a vector: one for each known category, ``other`` for rare and unknown ones, ``missing`` for none."""

    kind: Literal["categorical"] = "categorical"
    name: str
    required: bool
    vectors: dict[str, Vector]
    other: Vector
    missing: Vector

    @property
    def width(self) -> int:
        """Columns in the matrix."""
        return len(self.other)


Input = Annotated[NumericInput | BooleanInput | TimeInput | CategoryInput, Field(discriminator="kind")]


class InputSchema(Contract):
    """All inputs in the order of the matrix's columns."""

    inputs: tuple[Input, ...]

    @property
    def width(self) -> int:
        """Columns in the matrix."""
        return sum(one.width for one in self.inputs)

    def spans(self) -> dict[str, tuple[int, int]]:
        """Each input's first column and the one after its last."""
        spans: dict[str, tuple[int, int]] = {}
        start = 0
        for one in self.inputs:
            spans[one.name] = (start, start + one.width)
            start += one.width
        return spans
