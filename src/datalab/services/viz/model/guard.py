"""What a spec may not ask for. Everything that is wrong is told at once, each with the place in the spec."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

from datalab.contracts.errors import FieldError
from datalab.contracts.viz import Spec, SpecRefused
from datalab.services.viz.model.inline_data import data_faults
from datalab.services.viz.model.limits import (
    MAX_BRACKETS,
    MAX_DEPTH,
    MAX_EXPRESSION,
    MAX_FAULTS,
    MAX_INTEGER,
    MAX_NODES,
    MAX_TEXT,
    MAX_VIEWS,
    NUMBERS,
)
from datalab.services.viz.model.versions import schema_fault
from datalab.services.viz.model.view_rules import COMPOSITIONS, view_faults
from datalab.services.viz.model.walk import DATA_KEYS, ROOT, Place, as_list, as_object, places, views

_REFUSED_KEYS = {
    "url": "nothing is loaded from an address; data comes from 'dataset', 'sql' or data.values, and images aren't drawn",
    "href": "charts hold no links",
    "usermeta": "options for other programs aren't taken; leave it out",
    "loader": "charts load nothing, so there is no loader to set",
    "baseURL": "charts load nothing, so there is no loader to set",
}
_EXPRESSIONS = frozenset({"calculate", "filter", "test", "expr", "signal", "labelExpr", "update", "init"})
_ADDRESS = re.compile(r"\burl\s*\(|^\s*(javascript:|file:/|data:\w+/)", re.IGNORECASE)


def check_spec(spec: Spec) -> None:
    """Let a spec pass that is bounded and loads nothing.

    Raises:
        SpecRefused: With a finding for each thing wrong: where it is, what it is and what would be right.
    """
    faults = list(itertools.islice(_faults(spec), MAX_FAULTS))
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise SpecRefused(f"{faults[0].where}: {faults[0].what}{more}", errors=faults)


def _faults(spec: Spec) -> Iterator[FieldError]:
    shape = _shape_fault(spec)
    if shape is not None:
        yield shape
        return
    version = schema_fault(spec)
    if version is not None:
        yield Place(f"{ROOT}.$schema", "$schema", spec["$schema"]).fault(version)
    if not COMPOSITIONS & spec.keys():
        yield FieldError(where=ROOT, what=f"a chart has one of {', '.join(sorted(COMPOSITIONS))}")
    for number, view in enumerate(views(spec)):
        if number >= MAX_VIEWS:
            yield FieldError(where=view.path, what=f"more than {MAX_VIEWS} views in one chart")
            break
        yield from view_faults(view)
    for place in places(spec):
        yield from _place_faults(place)


def _shape_fault(spec: Spec) -> FieldError | None:
    """Too deep or too large, rows included. Names no more than the part of the spec, to be quick over many rows."""
    waiting: list[tuple[Any, int, str]] = [(value, 1, f"{ROOT}.{key[:80]}") for key, value in spec.items()]
    for count in itertools.count(1):
        if not waiting:
            return None
        value, depth, part = waiting.pop()
        if depth > MAX_DEPTH:
            return FieldError(where=part, what=f"nested deeper than {MAX_DEPTH} levels")
        if count > MAX_NODES:
            return FieldError(where=part, what=f"more than {MAX_NODES:,} values in the spec: aggregate first")
        if isinstance(value, int) and abs(value) > MAX_INTEGER:
            return FieldError(where=part, what="an integer is beyond 64 bits: give it as a number with a fraction")
        inner = as_list(value) or as_object(value).values()
        waiting.extend((one, depth + 1, part) for one in inner)
    return None


def _place_faults(place: Place) -> Iterator[FieldError]:
    if place.key in DATA_KEYS:
        yield from data_faults(place)
    elif place.key in _REFUSED_KEYS:
        yield place.fault(_REFUSED_KEYS[place.key])
    elif isinstance(place.value, str):
        yield from _text_faults(place, place.value)
    elif isinstance(place.value, int | float) and place.key in NUMBERS:
        least, most = NUMBERS[place.key]
        if not least <= place.value <= most:
            yield place.fault(f"{place.key} is between {least:,g} and {most:,g}")
    elif place.key == "keyvals" and as_object(place.value):
        yield from data_faults(Place(place.path, "data", {"sequence": as_object(place.value)}))


def _text_faults(place: Place, text: str) -> Iterator[FieldError]:
    if text == "image" and place.key in ("mark", "type"):
        yield place.fault("images aren't drawn: they are loaded from an address")
    elif _ADDRESS.search(text) and place.key != "description":
        yield place.fault("nothing is loaded from an address, in colours and patterns neither")
    elif place.key in _EXPRESSIONS and len(text) > MAX_EXPRESSION:
        yield place.fault(f"an expression has at most {MAX_EXPRESSION:,} characters; compute it in SQL")
    elif len(text) > MAX_TEXT:
        yield place.fault(f"a text has at most {MAX_TEXT:,} characters")
    elif place.key in _EXPRESSIONS and _bracket_depth(text) > MAX_BRACKETS:
        yield place.fault(f"an expression nests brackets at most {MAX_BRACKETS} deep")


def _bracket_depth(text: str) -> int:
    steps = (1 if sign in "([{" else -1 if sign in ")]}" else 0 for sign in text)
    return max(itertools.accumulate(steps), default=0)
