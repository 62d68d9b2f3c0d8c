"""What the guard refuses, and that it says where."""

from typing import Any

import pytest
from tests.services.viz.specs import BARS, LINE, bars

from datalab.contracts.viz import SpecRefused
from datalab.services.viz.model.guard import check_spec


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


def child(**view: Any) -> dict[str, Any]:
    return {"data": {"values": [{"a": 1}]}, "hconcat": [{"mark": "point"}, {"mark": "point", **view}]}


PNG = "file:///etc/passwd"
WEB = "http://127.0.0.1:1/x"

EVIL: dict[str, tuple[dict[str, Any], str]] = {
    "data from the web": (bars(data={"url": WEB}), "spec.data.url"),
    "data from the disk": (bars(data={"url": PNG}), "spec.data.url"),
    "data of a layer": ({"layer": [bars(data={"url": WEB})]}, "spec.layer[0].data.url"),
    "data of a concatenated view": (child(data={"url": WEB}), "spec.hconcat[1].data.url"),
    "data of a repeated view": (
        {"repeat": ["a"], "spec": {"mark": "bar", "data": {"url": WEB}}},
        "spec.spec.data.url",
    ),
    "data of a lookup": (
        bars(transform=[{"lookup": "a", "from": {"data": {"url": WEB}, "key": "a", "fields": ["b"]}}]),
        "spec.transform[0].from.data.url",
    ),
    "unknown part of data": (bars(data={"values": [], "async": True}), "spec.data.async"),
    "data that is text": (bars(data="http://x"), "spec.data"),
    "image mark": (bars(mark="image"), "spec.mark"),
    "image mark as an object": (bars(mark={"type": "image", "url": PNG}), "spec.mark.url"),
    "image mark in a layer": ({"layer": [{"mark": "image"}], "data": {"values": []}}, "spec.layer[0].mark"),
    "url channel": (bars(encoding={"url": {"field": "a"}}), "spec.encoding.url"),
    "href channel": (bars(encoding={"href": {"value": "javascript:alert(1)"}}), "spec.encoding.href"),
    "href of a mark": (bars(mark={"type": "bar", "href": WEB}), "spec.mark.href"),
    "href in a configuration": (bars(config={"bar": {"href": WEB}}), "spec.config.bar.href"),
    "embed options": (bars(usermeta={"embedOptions": {"loader": {"baseURL": WEB}}}), "spec.usermeta"),
    "loader": (bars(config={"loader": {"baseURL": WEB}}), "spec.config.loader"),
    "colour from an address": (bars(mark={"type": "bar", "color": f"url({WEB})"}), "spec.mark.color"),
    "script address in a title": (bars(title="javascript:alert(1)"), "spec.title"),
    "unknown mark": (bars(mark="brr"), "spec.mark"),
    "mark without a type": (bars(mark={"color": "red"}), "spec.mark.type"),
    "mark that is a number": (bars(mark=3), "spec.mark.type"),
    "no mark at all": ({"data": {"values": []}}, "spec"),
    "canvas of 60,000 pixels": (bars(width=60_000, height=60_000), "spec.width"),
    "negative height": (bars(height=-1), "spec.height"),
    "width of words": (bars(width="wide"), "spec.width"),
    "great step": (bars(width={"step": 10_000}), "spec.width"),
    "width in the configuration": (bars(config={"view": {"continuousWidth": 1e9}}), "spec.config.view.continuousWidth"),
    "sequence of a thousand millions": (bars(data={"sequence": {"start": 0, "stop": 1e9}}), "spec.data.sequence"),
    "sequence of tiny steps": (bars(data={"sequence": {"start": 0, "stop": 1, "step": 1e-9}}), "spec.data.sequence"),
    "sequence that stands": (bars(data={"sequence": {"start": 0, "stop": 1, "step": 0}}), "spec.data.sequence"),
    "fine graticule": (bars(data={"graticule": {"step": [0.001, 0.001]}}), "spec.data.graticule.step"),
    "precise graticule": (bars(data={"graticule": {"precision": 1e-9}}), "spec.data.graticule.precision"),
    "imputed sequence": (
        bars(encoding={"y": {"field": "a", "impute": {"keyvals": {"stop": 1e9}}}}),
        "spec.encoding.y.impute.keyvals.sequence",
    ),
    "a million bins": (bars(encoding={"x": {"bin": {"maxbins": 1_000_000}}}), "spec.encoding.x.bin.maxbins"),
    "a million ticks": (bars(encoding={"x": {"axis": {"tickCount": 1e6}}}), "spec.encoding.x.axis.tickCount"),
    "fine density": (bars(transform=[{"density": "a", "steps": 1e9}]), "spec.transform[0].steps"),
    "too many rows": (bars(data={"values": [{"a": 1}] * 5001}), "spec.data.values"),
    "too many rows of text": (bars(data={"values": "a\n" * 5002, "format": {"type": "csv"}}), "spec.data.values"),
    "too many named rows": (bars(datasets={"d": [1] * 5001}), "spec.datasets.d"),
    "deep nesting": (bars(description=nested(60)), "spec.description"),
    "deep nesting in rows": (bars(data={"values": nested(60)}), "spec.data"),
    "integer beyond 64 bits": (bars(data={"values": [{"a": 2**70}]}), "spec.data"),
    "long expression": (bars(transform=[{"filter": "datum.a + " * 500 + "1"}]), "spec.transform[0].filter"),
    "bracketed expression": (bars(transform=[{"calculate": "(" * 99 + ")" * 99}]), "spec.transform[0].calculate"),
    "long text": (bars(title="x" * 5000), "spec.title"),
    "many views": ({"layer": [{"mark": "point"}] * 101, "data": {"values": []}}, "spec.layer[99]"),
    "many repeats": ({"repeat": {"row": ["a"] * 9, "column": ["b"] * 9}, "spec": {"mark": "bar"}}, "spec.repeat"),
    "repeat of text": ({"repeat": "a", "spec": {"mark": "bar"}}, "spec.repeat"),
    "Vega itself": (bars(**{"$schema": "https://vega.github.io/schema/vega/v5.json"}), "spec.$schema"),
    "Vega-Lite 2": (bars(**{"$schema": "https://vega.github.io/schema/vega-lite/v2.json"}), "spec.$schema"),
    "Vega-Lite 99": (bars(**{"$schema": "https://vega.github.io/schema/vega-lite/v99.json"}), "spec.$schema"),
    "schema from elsewhere": (bars(**{"$schema": WEB}), "spec.$schema"),
}


@pytest.mark.parametrize("name", EVIL)
def test_evil_spec_is_refused_with_its_place(name: str) -> None:
    spec, where = EVIL[name]

    with pytest.raises(SpecRefused) as refusal:
        check_spec(spec)

    assert where in [error.where for error in refusal.value.errors]
    assert refusal.value.detail.startswith("spec")


@pytest.mark.parametrize(
    "spec",
    [
        BARS,
        {**LINE, "data": {"name": "rows"}},
        bars(**{"$schema": "https://vega.github.io/schema/vega-lite/v5.json"}),
        bars(**{"$schema": "https://vega.github.io/schema/vega-lite/v6.1.0.json"}),
        bars(data={"values": [{"url": "http://x", "href": "y", "image": "image"}]}),
        bars(data={"sequence": {"start": 0, "stop": 100, "as": "x"}}),
        bars(data={"graticule": True}, mark="geoshape"),
        bars(width="container", height={"step": 20}),
        bars(mark={"type": "bar", "cornerRadius": 4}, title="Data: file sizes"),
        bars(params=[{"name": "brush", "select": {"type": "interval", "mark": {"fill": "red"}}}]),
        bars(config={"mark": {"color": "red"}, "view": {"stroke": None}}),
        {"facet": {"field": "a"}, "spec": {"mark": "bar"}, "data": {"values": []}},
    ],
)
def test_honest_spec_passes(spec: dict[str, Any]) -> None:
    check_spec(spec)


def test_every_fault_is_told() -> None:
    with pytest.raises(SpecRefused) as refusal:
        check_spec(bars(mark="brr", width=1e9, data={"url": "x"}))

    assert {error.where for error in refusal.value.errors} == {"spec.mark", "spec.width", "spec.data.url"}
    assert "(and 2 more)" in refusal.value.detail
