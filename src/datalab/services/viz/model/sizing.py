"""Giving a chart the size of the place where it is shown."""

from dataclasses import dataclass
from typing import Any, cast

from datalab.contracts.viz import Spec
from datalab.services.viz.model.theme import merged
from datalab.services.viz.model.walk import as_object

_FACETS = frozenset({"row", "column", "facet"})


@dataclass(frozen=True, slots=True)
class Size:
    """Pixels, before any scaling."""

    width: int
    height: int


def resizable(spec: Spec) -> bool:
    """Whether the chart is one view whose size can be set as a whole; composed ones have their own."""
    single = "mark" in spec or "layer" in spec
    return single and not _FACETS & as_object(spec.get("encoding")).keys()


def fitted(spec: Spec, size: Size) -> Spec:
    """The chart for a card of the page: its title and background, which the card has, left out, its size the card's.

    A composed chart keeps its size.
    """
    bare = {key: value for key, value in spec.items() if key not in ("title", "background")}
    config = merged(as_object(spec.get("config")), {"background": None, "padding": 2})
    shown = cast("dict[str, Any]", {**bare, "config": config, "background": None, "padding": 2})
    if not resizable(spec):
        return shown
    return {**shown, "width": size.width, "height": size.height, "autosize": {"type": "fit", "contains": "padding"}}


def shown_title(spec: Spec) -> str:
    """The title inside the spec as one line, empty when it has none."""
    title: Any = spec.get("title")
    text: Any = as_object(title).get("text", title)
    if isinstance(text, list):
        return " ".join(map(str, cast("list[Any]", text)))
    return text if isinstance(text, str) else ""
