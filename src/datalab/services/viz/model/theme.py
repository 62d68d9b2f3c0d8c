"""How a chart looks unless its spec says otherwise: a Vega-Lite ``config`` made of the platform's tokens."""

from typing import Any, cast

from datalab.contracts.viz import Spec
from datalab.services.viz.model.tokens import FONT, THEMES, Tokens

Config = dict[str, Any]


def with_theme(spec: Spec, theme: str) -> Spec:
    """The spec with the theme's ``config`` under its own, which wins."""
    own = spec.get("config")
    config = merged(config_of(THEMES[theme]), cast("Config", own) if isinstance(own, dict) else {})
    return {**spec, "config": cast("Spec", config)}


def merged(under: Config, over: Config) -> Config:
    """Both; where they differ, ``over``, object by object."""
    result = dict(under)
    for key, value in over.items():
        below = result.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            result[key] = merged(cast("Config", below), cast("Config", value))
        else:
            result[key] = value
    return result


def config_of(tokens: Tokens) -> Config:
    """The theme as Vega-Lite's ``config``."""
    return {
        "background": tokens.surface,
        "font": FONT,
        "padding": 12,
        "view": {"stroke": None, "continuousWidth": 480, "continuousHeight": 280, "discreteWidth": {"step": 28}},
        "range": {
            "category": list(tokens.categories),
            "ordinal": list(tokens.ramp),
            "ramp": list(tokens.ramp),
            "heatmap": list(tokens.ramp),
            "diverging": list(tokens.diverging),
        },
        **_guides(tokens),
        **_marks(tokens),
    }


def _guides(tokens: Tokens) -> Config:
    titles = {"titleColor": tokens.second, "titleFontSize": 12, "titleFontWeight": "normal"}
    labels = {"labelColor": tokens.third, "labelFontSize": 11}
    return {
        "title": {
            "color": tokens.text,
            "fontSize": 14,
            "fontWeight": 600,
            "anchor": "start",
            "frame": "group",
            "offset": 14,
            "subtitleColor": tokens.second,
            "subtitleFontSize": 12,
            "subtitlePadding": 4,
        },
        "axis": {
            **titles,
            **labels,
            "domain": False,
            "ticks": False,
            "gridColor": tokens.line,
            "domainColor": tokens.line_strong,
            "tickColor": tokens.line_strong,
            "labelPadding": 8,
            "titlePadding": 10,
        },
        "axisX": {"grid": False, "domain": True, "labelOverlap": True},
        "legend": {
            **titles,
            "labelColor": tokens.second,
            "labelFontSize": 12,
            "orient": "top",
            "symbolType": "circle",
            "symbolSize": 70,
            "symbolStrokeWidth": 0,
            "columnPadding": 14,
            "offset": 12,
            "gradientThickness": 8,
        },
        "header": {**titles, "labelColor": tokens.second, "labelFontSize": 12},
    }


def _marks(tokens: Tokens) -> Config:
    return {
        "mark": {"color": tokens.accent},
        "bar": {"cornerRadiusEnd": 2, "discreteBandSize": {"band": 0.7}},
        "line": {"strokeWidth": 2, "strokeJoin": "round", "strokeCap": "round"},
        "trail": {"color": tokens.accent},
        "area": {"fillOpacity": 0.25, "line": True},
        "point": {"filled": True, "size": 36, "opacity": 0.6},
        "circle": {"size": 36, "opacity": 0.6},
        "rect": {"cornerRadius": 2, "stroke": tokens.surface, "strokeWidth": 2},
        "arc": {"stroke": tokens.surface, "strokeWidth": 2},
        "rule": {"color": tokens.line_strong},
        "text": {"color": tokens.text, "fontSize": 12},
        "boxplot": {"median": {"color": tokens.surface}, "rule": {"color": tokens.third}},
        "geoshape": {"stroke": tokens.surface, "strokeWidth": 0.5},
    }
