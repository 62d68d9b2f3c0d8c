"""Going through a spec place by place, however deep it is, without recursion."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from datalab.contracts.errors import FieldError

ROOT = "spec"
DATA_KEYS = frozenset({"data", "datasets"})
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Place:
    """A value in the spec, the key it is under (the nearest one, for items of lists), and the path to it."""

    path: str
    key: str
    value: Any

    def fault(self, what: str) -> FieldError:
        """What is wrong here."""
        return FieldError(where=self.path, what=what, got=repr(self.value)[:_SHOWN])


def as_object(value: Any) -> dict[str, Any]:
    """The value where it is an object, else an empty one."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """The value where it is a list, else an empty one."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def places(spec: Any) -> Iterator[Place]:
    """Every value of the spec in order, parents first; data is named, but its rows are not gone through."""
    waiting = [Place(ROOT, "", spec)]
    while waiting:
        place = waiting.pop()
        yield place
        if place.key not in DATA_KEYS:
            waiting.extend(reversed(list(children(place))))


def children(place: Place) -> Iterator[Place]:
    """What lies directly in a place."""
    for key, value in as_object(place.value).items():
        yield Place(f"{place.path}.{key[:_SHOWN]}", key, value)
    for index, value in enumerate(as_list(place.value)):
        yield Place(f"{place.path}[{index}]", place.key, value)


def views(spec: Any) -> Iterator[Place]:
    """The spec itself and every view composed into it, by layers, concatenation, facets and repeats."""
    waiting = [Place(ROOT, "", spec)]
    while waiting:
        place = waiting.pop()
        if not isinstance(place.value, dict):
            continue
        yield place
        waiting.extend(reversed(list(_inner(place))))


def _inner(place: Place) -> Iterator[Place]:
    for child in children(place):
        if child.key == "spec":
            yield child
        elif child.key in ("layer", "hconcat", "vconcat", "concat"):
            yield from children(child)
