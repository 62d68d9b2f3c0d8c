"""Rows of a prediction request, checked and turned into numbers without any library."""

from array import array
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from pydantic import JsonValue

from datalab.contracts.errors import FieldError, InvalidInput
from datalab.services.ai.model.inputs import (
    BooleanInput,
    CategoryInput,
    InputSchema,
    Numbers,
    NumericInput,
    TimeInput,
    TimePart,
    Vector,
)

MOST_ERRORS = 20
_SHOWN = 80


class _Refused(Exception):
    """What a value should have been."""


class RowEncoder:
    """Turns rows into float32 numbers, one row after the other; made once for a loaded version."""

    def __init__(self, schema: InputSchema) -> None:
        self.width = schema.width
        self._names = frozenset(one.name for one in schema.inputs)
        self._known = ", ".join(one.name for one in schema.inputs)
        self._encoders = tuple((one.name, _encoder(one)) for one in schema.inputs)

    def encode(self, rows: Sequence[Mapping[str, JsonValue]], first: int = 0) -> Numbers:
        """The rows' numbers, row by row. ``first`` is the number of the first row, for errors.

        Raises:
            InvalidInput: Unknown features, missing ones that are required, values of a wrong type; names up to 20.
        """
        numbers: list[float] = []
        errors: list[FieldError] = []
        for index, row in enumerate(rows, first):
            try:
                if not self._names.issuperset(row):
                    raise _Refused  # noqa: TRY301 - the slow path below finds all that is wrong
                for name, encode in self._encoders:
                    numbers += encode(row.get(name))
            except (_Refused, OverflowError):
                errors += self._explain(index, row)
                if len(errors) >= MOST_ERRORS:
                    break
        if errors:
            raise _invalid(errors[:MOST_ERRORS])
        return array("f", numbers)

    def _explain(self, index: int, row: Mapping[str, JsonValue]) -> list[FieldError]:
        unknown = [
            FieldError(
                where=f"rows[{index}].{name[:_SHOWN]}", what=f"is no feature of this model; it knows {self._known}"
            )
            for name in row
            if name not in self._names
        ]
        return unknown + [error for name, encode in self._encoders for error in _tried(index, name, encode, row)]


Encode = Callable[[Any], Sequence[float]]


def _tried(index: int, name: str, encode: Encode, row: Mapping[str, JsonValue]) -> list[FieldError]:
    where = f"rows[{index}].{name}"
    try:
        encode(row.get(name))
    except _Refused as refusal:
        return [FieldError(where=where, what=str(refusal), got=repr(row[name])[:_SHOWN] if name in row else "nothing")]
    except OverflowError:
        return [FieldError(where=where, what="must be a number of at most 64 bits", got="a longer one")]
    return []


def _invalid(errors: Sequence[FieldError]) -> InvalidInput:
    one = errors[0]
    got = f", got {one.got}" if one.got is not None else ""
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return InvalidInput(f"{one.where} {one.what}{got}{more}", errors=errors)


def _encoder(one: NumericInput | BooleanInput | TimeInput | CategoryInput) -> Encode:
    match one:
        case NumericInput():
            return _numeric(one)
        case BooleanInput():
            return _boolean(one)
        case TimeInput():
            return _time(one)
        case CategoryInput():
            return _category(one)


def _numeric(one: NumericInput) -> Encode:
    apply, flag = one.scale.apply, () if one.required else (0.0,)
    missing = _missing(one.required, (0.0, 1.0))

    def encode(value: Any) -> Sequence[float]:
        if value is None:
            return missing()
        if not isinstance(value, int | float) or isinstance(value, bool) or not isfinite(value):
            raise _Refused("must be a finite number")
        return (apply(float(value)), *flag)

    return encode


def _boolean(one: BooleanInput) -> Encode:
    values = {True: (1.0,), False: (0.0,)} if one.required else {True: (1.0, 0.0), False: (0.0, 0.0)}
    missing = _missing(one.required, (0.0, 1.0))

    def encode(value: Any) -> Sequence[float]:
        if value is None:
            return missing()
        if not isinstance(value, bool):
            raise _Refused("must be true or false")
        return values[value]

    return encode


def _time(one: TimeInput) -> Encode:
    flag = () if one.required else (0.0,)
    missing = _missing(one.required, (*(0.0 for _ in one.parts), 1.0))

    def encode(value: Any) -> Sequence[float]:
        if value is None:
            return missing()
        moment = _moment(value)
        return (*(part.scale.apply(_part(part, moment)) for part in one.parts), *flag)

    return encode


def _category(one: CategoryInput) -> Encode:
    vectors, other = one.vectors, one.other
    missing = _missing(one.required, one.missing)

    def encode(value: Any) -> Sequence[float]:
        if value is None:
            return missing()
        if not isinstance(value, str):
            raise _Refused("must be text")
        return vectors.get(value, other)

    return encode


def _missing(required: bool, vector: Vector) -> Callable[[], Vector]:
    def refuse() -> Vector:
        raise _Refused("is required: the model has never seen it missing")

    return refuse if required else lambda: vector


def _moment(value: Any) -> datetime:
    if not isinstance(value, str):
        raise _Refused("must be a time such as 2013-01-31T17:20:00Z")
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise _Refused("must be a time such as 2013-01-31T17:20:00Z") from None


def _part(part: TimePart, moment: datetime) -> float:
    match part.part:
        case "hour":
            return (moment.hour * 60 + moment.minute) / 60
        case "weekday":
            return float(moment.weekday())
        case "year" | "month":
            return float(getattr(moment, part.part))
