"""Specs that tests draw."""

from typing import Any

LINE: dict[str, Any] = {
    "title": "Late arrivals",
    "description": "Share of late arrivals by month and airport",
    "mark": "line",
    "encoding": {
        "x": {"field": "month", "type": "ordinal", "title": "Month of departure"},
        "y": {"field": "late", "type": "quantitative", "title": "Late, percent"},
        "color": {"field": "origin", "type": "nominal", "title": None},
    },
}

BARS: dict[str, Any] = {
    "mark": "bar",
    "data": {"values": [{"airline": "Mesa", "late": 26}, {"airline": "JetBlue", "late": 21}]},
    "encoding": {
        "y": {"field": "airline", "type": "nominal", "title": "Airline"},
        "x": {"field": "late", "type": "quantitative", "title": "Late, percent"},
    },
}


def bars(**over: Any) -> dict[str, Any]:
    """The bar chart with some parts replaced."""
    return {**BARS, **over}
