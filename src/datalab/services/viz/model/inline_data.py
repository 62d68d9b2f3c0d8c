"""What may stand under ``data`` and ``datasets`` in a spec: rows and small generators, never an address."""

from collections.abc import Iterator
from typing import cast

from datalab.contracts.errors import FieldError
from datalab.services.viz.model.limits import MAX_ROWS
from datalab.services.viz.model.walk import Place, as_list, as_object, children

_KEYS = frozenset({"name", "values", "format", "sequence", "graticule", "sphere"})
_LEAST_DEGREES = 1.0
_LEAST_PRECISION = 0.1


def data_faults(place: Place) -> Iterator[FieldError]:
    """What is wrong with a ``data`` or ``datasets`` of the spec."""
    if place.key == "datasets":
        for rows in children(place):
            yield from _row_faults(rows)
    elif isinstance(place.value, dict):
        for part in children(place):
            yield from _part_faults(part)
    elif place.value is not None:
        yield place.fault('data is an object such as {"values": […]}')


def _part_faults(part: Place) -> Iterator[FieldError]:
    if part.key == "url":
        yield part.fault("data can't be loaded from an address; name it by 'dataset' or 'sql', or give data.values")
    elif part.key not in _KEYS:
        yield part.fault(f"data has no {part.key[:40]!r}; it has {', '.join(sorted(_KEYS))}")
    elif part.key == "values":
        yield from _row_faults(part)
    elif part.key == "sequence":
        yield from _sequence_faults(part)
    elif part.key == "graticule":
        yield from _graticule_faults(part)


def _row_faults(rows: Place) -> Iterator[FieldError]:
    count = rows.value.count("\n") if isinstance(rows.value, str) else len(as_list(rows.value))
    if count > MAX_ROWS:
        what = f"{count:,} rows, more than the {MAX_ROWS:,} that a chart takes: aggregate or bin first"
        yield FieldError(where=rows.path, what=what)


def _sequence_faults(place: Place) -> Iterator[FieldError]:
    given = as_object(place.value)
    numbers = given.get("start", 0), given.get("stop"), given.get("step", 1)
    if not all(isinstance(number, int | float) for number in numbers) or not numbers[2]:
        yield place.fault('a sequence is {"start", "stop", "step"} in numbers, the step not 0')
        return
    start, stop, step = (float(cast("float", number)) for number in numbers)
    if (stop - start) / step > MAX_ROWS:
        yield place.fault(f"a sequence has at most {MAX_ROWS:,} values: make the step greater")


def _graticule_faults(place: Place) -> Iterator[FieldError]:
    for part in children(place):
        numbers = as_list(part.value) or [part.value]
        least = _LEAST_PRECISION if part.key == "precision" else _LEAST_DEGREES
        bounded = part.key.startswith("step") or part.key == "precision"
        if bounded and not all(isinstance(number, int | float) and number >= least for number in numbers):
            yield part.fault(f"{part.key} of a graticule is at least {least:g} degrees")
