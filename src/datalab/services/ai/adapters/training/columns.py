"""Which columns become features, and why the others don't."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import JsonValue

from datalab.contracts.ai import Feature, FeatureKind, UntrainableData
from datalab.services.ai.adapters.training.table import (
    Column,
    FlagColumn,
    NumberColumn,
    Table,
    TextColumn,
    TimeColumn,
)

ID_SHARE = 0.9
"""A text with more distinct values than this share of its rows names its row."""
FEWEST_FOR_ID = 50
MOST_SHOWN = 50
MOST_FEATURES = 1000


@dataclass(frozen=True)
class Wanted:
    """What the request says about inputs."""

    target: str
    holdout: str | None
    features: Sequence[str]
    exclude: Sequence[str]


@dataclass(frozen=True)
class Choice:
    """The feature columns, and a reason for each column left out."""

    columns: tuple[Column, ...]
    dropped: dict[str, str]


def choose_features(train: Table, wanted: Wanted) -> Choice:
    """Features, judged by the training rows alone.

    Raises:
        UntrainableData: A column named isn't there, or no usable one is left.
    """
    _refuse_unknown(train, wanted)
    dropped = {name: f"of type {kind}, which isn't used" for name, kind in train.unusable.items()}
    columns: list[Column] = []
    for name, column in train.columns.items():
        if name in (wanted.target, wanted.holdout):
            continue
        reason = _reason_against(column, wanted)
        if reason is None:
            columns.append(column)
        else:
            dropped[name] = reason
    if not columns:
        reasons = "; ".join(f"{name} is {reason}" for name, reason in dropped.items()) or "there is no other column"
        raise UntrainableData(f"no usable feature is left beside the target {wanted.target!r}: {reasons[:1000]}")
    if len(columns) > MOST_FEATURES:
        raise UntrainableData(f"{len(columns)} features are more than {MOST_FEATURES}; name those to use in features")
    return Choice(tuple(columns), dropped)


def describe(column: Column, *, required: bool) -> Feature:
    """The column as an input that users see."""
    known = np.flatnonzero(~column.missing)
    match column:
        case NumberColumn():
            middle = float(np.median(column.values[known]))
            example: JsonValue = round(middle) if column.integral else middle
            return Feature(name=column.name, kind=FeatureKind.NUMERIC, required=required, example=example)
        case FlagColumn():
            likely = bool(column.values[known].mean() > 0.5)  # noqa: PLR2004 - more often true than not
            return Feature(name=column.name, kind=FeatureKind.BOOLEAN, required=required, example=likely)
        case TimeColumn():
            first = np.datetime_as_string(column.values[known[0]], unit="s") + "Z"
            return Feature(name=column.name, kind=FeatureKind.TIME, required=required, example=str(first))
        case TextColumn():
            top = commonest(column)[:MOST_SHOWN]
            return Feature(
                name=column.name, kind=FeatureKind.CATEGORICAL, required=required, categories=top, example=top[0]
            )


def commonest(column: TextColumn) -> tuple[str, ...]:
    """The labels that occur, the most frequent first; of equally frequent ones the earlier in the alphabet."""
    counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.labels))
    seen = [(-int(count), label) for count, label in zip(counts, column.labels, strict=True) if count]
    return tuple(label for _, label in sorted(seen))


def _refuse_unknown(train: Table, wanted: Wanted) -> None:
    unknown = sorted({*wanted.features, *wanted.exclude} - set(train.names))
    if unknown:
        raise UntrainableData(
            f"there is no column {', '.join(unknown)[:300]}; there are {', '.join(train.names)[:1000]}"
        )
    clash = sorted({wanted.target, wanted.holdout} & set(wanted.features), key=str)
    if clash:
        raise UntrainableData(f"{clash[0]!r} is the target or the holdout, so it can't be a feature too")


def _reason_against(column: Column, wanted: Wanted) -> str | None:
    if column.name in wanted.exclude:
        return "excluded by the request"
    if wanted.features and column.name not in wanted.features:
        return "not among the features asked for"
    present = int((~column.missing).sum())
    if present == 0:
        return "empty in every training row"
    return _emptiness_aside(column, present, asked_for=column.name in wanted.features)


def _emptiness_aside(column: Column, present: int, *, asked_for: bool) -> str | None:
    distinct = _distinct(column)
    if distinct == 1 and present == len(column.missing):
        return "the same in every training row"
    if not asked_for and _names_its_row(column, distinct, present):
        return f"an identifier: {distinct} different values in {present} rows"
    return None


def _distinct(column: Column) -> int:
    match column:
        case TextColumn():
            return len(np.unique(column.codes[~column.missing]))
        case NumberColumn() | FlagColumn() | TimeColumn():
            return len(np.unique(column.values[~column.missing]))


def _names_its_row(column: Column, distinct: int, present: int) -> bool:
    if present < FEWEST_FOR_ID:
        return False
    if isinstance(column, TextColumn):
        return distinct > present * ID_SHARE
    if not isinstance(column, NumberColumn) or not column.integral or distinct < present:
        return False
    numbers = column.values[~column.missing]
    counts_up = float(numbers.max() - numbers.min()) < distinct / ID_SHARE * 2
    return counts_up or column.name.lower() == "id" or column.name.lower().endswith("_id")
