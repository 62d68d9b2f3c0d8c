"""Learning how inputs are written as numbers, and writing whole columns so.

Gives the same 32-bit numbers for a column as :mod:`datalab.services.ai.model.rows` for its rows one by one.
"""

from collections.abc import Container, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from datalab.services.ai.adapters.training.columns import commonest
from datalab.services.ai.adapters.training.table import (
    Column,
    FlagColumn,
    Floats,
    NumberColumn,
    TextColumn,
    TimeColumn,
)
from datalab.services.ai.model.inputs import (
    LIMIT,
    BooleanInput,
    CategoryInput,
    Input,
    InputSchema,
    NumericInput,
    Part,
    Scale,
    TimeInput,
    TimePart,
    Vector,
)

Matrix = NDArray[np.float32]

FEW_CATEGORIES = 12
"""Up to so many are written one-hot; more by what they say about the target."""
MOST_CATEGORIES = 500
FEWEST_OF_A_CATEGORY = 5
WEIGHT_OF_PRIOR = 20.0
PARTS: Final[tuple[Part, ...]] = ("year", "month", "weekday", "hour")
"""No day of the month: it rather tells training days apart than days to come."""


def learn_inputs(columns: Sequence[Column], outcomes: Floats, optional: Container[str] = ()) -> InputSchema:
    """The schema, from training rows. ``outcomes``: rows × what is predicted (one column a class, or the number).

    A column is ``optional``, or has missing values here, or is required.
    """
    return InputSchema(inputs=tuple(_learn(column, outcomes, column.name in optional) for column in columns))


def encode_columns(schema: InputSchema, columns: Sequence[Column]) -> Matrix:
    """The matrix of these columns, which are in the schema's order."""
    rows = len(columns[0].missing)
    matrix = np.empty((rows, schema.width), np.float32)
    spans = schema.spans()
    for one, column in zip(schema.inputs, columns, strict=True):
        start, end = spans[one.name]
        matrix[:, start:end] = _encoded(one, column)
    return matrix


def _learn(column: Column, outcomes: Floats, optional: bool) -> Input:
    required = not (optional or bool(column.missing.any()))
    match column:
        case NumberColumn():
            return NumericInput(name=column.name, required=required, scale=_scale(column.values[~column.missing]))
        case FlagColumn():
            return BooleanInput(name=column.name, required=required)
        case TimeColumn():
            return TimeInput(name=column.name, required=required, parts=_learn_parts(column))
        case TextColumn():
            return _learn_categories(column, outcomes, required)


def _scale(values: Floats) -> Scale:
    with np.errstate(over="ignore", invalid="ignore"):
        center, spread = float(values.mean()), float(values.std())
    if not np.isfinite(center) or not np.isfinite(spread) or spread == 0:
        return Scale(center=center if np.isfinite(center) else 0.0, spread=1.0)
    return Scale(center=center, spread=spread)


def _learn_parts(column: TimeColumn) -> tuple[TimePart, ...]:
    known = column.values[~column.missing]
    varying: list[TimePart] = []
    for part in PARTS:
        values = part_of(known, part)
        if np.ptp(values) > 0:
            varying.append(TimePart(part=part, scale=_scale(values)))
    return tuple(varying) or (TimePart(part="hour", scale=Scale(center=0, spread=1)),)


def part_of(moments: NDArray[np.datetime64], part: Part) -> Floats:
    """One part of each moment; the moments are all known."""
    months = moments.astype("datetime64[M]")
    days = moments.astype("datetime64[D]")
    match part:
        case "year":
            return _float(months.astype("datetime64[Y]").astype(np.int64) + 1970)
        case "month":
            return _float(months.astype(np.int64) % 12 + 1)
        case "weekday":
            return _float((days.astype(np.int64) + 3) % 7)
        case "hour":
            return _float((moments.astype("datetime64[m]") - days).astype(np.int64)) / 60


def _float(numbers: NDArray[np.int64]) -> Floats:
    return numbers.astype(np.float64)


def _learn_categories(column: TextColumn, outcomes: Floats, required: bool) -> CategoryInput:
    counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.labels))
    number = {label: int(count) for label, count in zip(column.labels, counts, strict=True)}
    frequent = [one for one in commonest(column) if number[one] >= FEWEST_OF_A_CATEGORY][:MOST_CATEGORIES]
    if len(frequent) <= FEW_CATEGORIES:
        return _one_hot(column.name, frequent, required)
    return _by_outcome(column, frequent, outcomes, required)


def _one_hot(name: str, frequent: Sequence[str], required: bool) -> CategoryInput:
    width = len(frequent) + 2
    units = np.eye(width).tolist()
    return CategoryInput(
        name=name,
        required=required,
        vectors={label: tuple(units[index]) for index, label in enumerate(frequent)},
        other=tuple(units[-2]),
        missing=tuple(units[-1]),
    )


def _by_outcome(column: TextColumn, frequent: Sequence[str], outcomes: Floats, required: bool) -> CategoryInput:
    """Each category as the mean outcome of its rows, drawn to the mean of all by a weight of twenty rows."""
    index = {label: place for place, label in enumerate(column.labels)}
    prior = outcomes.mean(axis=0)
    groups = len(column.labels) + 1
    counts = np.bincount(column.codes + 1, minlength=groups)
    sums = np.stack([np.bincount(column.codes + 1, weights=one, minlength=groups) for one in outcomes.T], axis=1)
    means = (sums + WEIGHT_OF_PRIOR * prior) / (counts + WEIGHT_OF_PRIOR)[:, None] - prior
    chosen = means[[index[label] + 1 for label in frequent]]
    spread = chosen.std(axis=0)
    means = np.clip(means / np.where(spread > 0, spread, 1.0), -LIMIT, LIMIT)
    return CategoryInput(
        name=column.name,
        required=required,
        vectors={label: _vector(means[index[label] + 1], 0.0) for label in frequent},
        other=_vector(np.zeros(len(prior)), 1.0),
        missing=_vector(means[0], 0.0),
    )


def _vector(means: Floats, unknown: float) -> Vector:
    return (*(float(value) for value in means), unknown)


def _encoded(one: Input, column: Column) -> Floats:
    match one, column:
        case NumericInput(), NumberColumn():
            return _flagged(_scaled(one.scale, column.values)[:, None], column.missing, one.required)
        case BooleanInput(), FlagColumn():
            return _flagged(column.values[:, None], column.missing, one.required)
        case TimeInput(), TimeColumn():
            known = np.where(column.missing, np.datetime64("1970-01-01", "us"), column.values)
            parts = [_scaled(part.scale, part_of(known, part.part)) for part in one.parts]
            return _flagged(np.stack(parts, axis=1), column.missing, one.required)
        case CategoryInput(), TextColumn():
            vectors = [one.vectors.get(label, one.other) for label in column.labels]
            return np.array([*vectors, one.missing], np.float64)[column.codes]
        case _:
            raise TypeError(f"column {column.name} has changed its kind")


def _scaled(scale: Scale, values: Floats) -> Floats:
    return np.clip((values - scale.center) / scale.spread, -LIMIT, LIMIT)


def _flagged(values: Floats, missing: NDArray[np.bool_], required: bool) -> Floats:
    values = np.where(missing[:, None], 0.0, values)
    return values if required else np.concatenate([values, missing[:, None].astype(np.float64)], axis=1)
