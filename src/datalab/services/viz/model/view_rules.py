"""What holds of one view: its mark, its size and how often it is repeated."""

import math
from collections.abc import Iterator
from typing import Any

from datalab.contracts.errors import FieldError
from datalab.services.viz.model.walk import Place, as_object

COMPOSITIONS = frozenset({"mark", "layer", "facet", "hconcat", "vconcat", "concat", "repeat"})
MARKS = (
    "arc area bar boxplot circle errorband errorbar geoshape line point rect rule square text tick trail".split()  # noqa: SIM905 # reads better
)
MAX_STEP = 200
MAX_REPEATS = 64


def view_faults(view: Place) -> Iterator[FieldError]:
    """What is wrong with this view itself, the views inside it aside."""
    parts: dict[str, Any] = view.value
    if "mark" in parts:
        yield from _mark_faults(Place(f"{view.path}.mark", "mark", parts["mark"]))
    for side in ("width", "height"):
        if side in parts:
            yield from _side_faults(Place(f"{view.path}.{side}", side, parts[side]))
    if "repeat" in parts:
        yield from _repeat_faults(Place(f"{view.path}.repeat", "repeat", parts["repeat"]))


def _mark_faults(place: Place) -> Iterator[FieldError]:
    named = place
    if not isinstance(place.value, str):
        named = Place(f"{place.path}.type", "type", as_object(place.value).get("type"))
    if named.value == "image":
        return
    if named.value not in MARKS:
        yield named.fault(f"is no mark; marks are {', '.join(MARKS)}")


def _side_faults(place: Place) -> Iterator[FieldError]:
    value = place.value
    if isinstance(value, dict):
        step = as_object(place.value).get("step")
        if not isinstance(step, int | float) or not 0 < step <= MAX_STEP:
            yield place.fault(f'a size by step is {{"step": pixels}}, more than 0 and at most {MAX_STEP}')
    elif isinstance(value, bool) or not (value == "container" or isinstance(value, int | float)):
        yield place.fault(f'{place.key} is a number of pixels, {{"step": pixels}} or "container"')


def _repeat_faults(place: Place) -> Iterator[FieldError]:
    lists = list(as_object(place.value).values()) or [place.value]
    if not all(isinstance(one, list) for one in lists):
        yield place.fault("repeat is a list of fields, or one each for row, column and layer")
    elif math.prod(len(one) for one in lists) > MAX_REPEATS:
        yield place.fault(f"repeat makes more than {MAX_REPEATS} views")
