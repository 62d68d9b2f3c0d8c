"""Facts about components, as two sides tell them, and where they differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Facts = Mapping[str, Mapping[str, Any]]
"""Component → aspect → value, such as ``{"redis": {"memory limit": 536870912}}``."""

ABOUT_ALL = "(all)"
"""Stands for the component's name in facts about the whole."""

_NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Difference:
    """One aspect of a component that isn't as the topology says."""

    component: str
    aspect: str
    expected: Any
    found: Any

    def __str__(self) -> str:
        return f"{self.component}: {self.aspect} is {self.found!r}, the topology says {self.expected!r}"


def differences(expected: Facts, found: Facts) -> tuple[Difference, ...]:
    """Everything that differs, what is missing and what is too much included."""
    return tuple(_differences(expected, found))


def variables(environment: Mapping[str, str]) -> dict[str, str]:
    """An aspect for each variable, so that a difference names it."""
    return {f"variable {name}": value for name, value in environment.items()}


def _differences(expected: Facts, found: Facts) -> Iterable[Difference]:
    for component in sorted({*expected, *found}):
        wanted, seen = expected.get(component), found.get(component)
        if wanted is None or seen is None:
            yield Difference(component, "component", _present(wanted), _present(seen))
            continue
        for aspect in sorted({*wanted, *seen}):
            if wanted.get(aspect, _NOTHING) != seen.get(aspect, _NOTHING):
                yield Difference(component, aspect, wanted.get(aspect, _NOTHING), seen.get(aspect, _NOTHING))


def _present(facts: Mapping[str, Any] | None) -> str:
    return "there" if facts is not None else _NOTHING
