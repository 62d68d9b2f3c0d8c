"""Putting a query's rows into a spec."""

from collections.abc import Iterator
from typing import Any, cast

from datalab.contracts.data import Column
from datalab.contracts.errors import FieldError
from datalab.contracts.viz import Spec, SpecRefused
from datalab.services.viz.model.answer import Answer
from datalab.services.viz.model.walk import DATA_KEYS, as_list, as_object, places

_PATH_SIGNS = frozenset(".[]\\")


def check_binding(spec: Spec, *, has_source: bool) -> None:
    """Let a spec pass that has exactly one source of rows: a query's or its own.

    Raises:
        SpecRefused: It has neither, or both.
    """
    own = as_object(spec.get("data"))
    if has_source and (as_list(own.get("values")) or own.keys() - {"name", "format", "values"}):
        what = "the rows come from 'sql' or 'dataset', so leave data out of the spec, or only name it"
        raise SpecRefused(f"spec.data: {what}", errors=[FieldError(where="spec.data", what=what)])
    if not has_source and not any(place.key in DATA_KEYS for place in places(spec)):
        what = "the chart has no rows: name their source by 'dataset' or 'sql', or give them as data.values"
        raise SpecRefused(f"spec.data: {what}", errors=[FieldError(where="spec.data", what=what)])


def with_rows(spec: Spec, answer: Answer | None) -> Spec:
    """The spec over the answer's rows, under the name that it gives its data, if it does.

    Raises:
        SpecRefused: It shows a field that is no column of the answer.
    """
    if answer is None:
        return spec
    faults = list(_unknown_fields(spec, answer.columns))
    if faults:
        raise SpecRefused(f"{faults[0].where}: {faults[0].what}", errors=faults)
    rows = cast("Any", _at_midnight(spec, answer))
    name = as_object(spec.get("data")).get("name")
    if name is None:
        return {**spec, "data": {"values": rows}}
    return {**spec, "data": {"name": name}, "datasets": {**as_object(spec.get("datasets")), name: rows}}


def _unknown_fields(spec: Spec, columns: tuple[Column, ...]) -> Iterator[FieldError]:
    """Fields that nothing provides; a spec that computes fields or brings other data is left to Vega-Lite."""
    known = {column.name for column in columns}
    found = list(places({key: value for key, value in spec.items() if key != "data"}))
    if any(place.key == "transform" or place.key in DATA_KEYS for place in found):
        return
    for place in found:
        if place.key != "field" or not isinstance(place.value, str) or ".encoding." not in place.path:
            continue
        if place.value not in known and not _PATH_SIGNS & set(place.value):
            yield place.fault(f"the rows have no column {place.value[:80]!r}; they have {', '.join(sorted(known))}")


def _at_midnight(spec: Spec, answer: Answer) -> list[dict[str, Any]]:
    """Days on a time axis begin at the reader's midnight: JavaScript takes a bare day for midnight in Greenwich."""
    days = {column.name for column in answer.columns if column.type.upper() == "DATE"} & _temporal_fields(spec)
    if not days:
        return list(answer.rows)
    return [
        {name: f"{value}T00:00:00" if name in days and value is not None else value for name, value in row.items()}
        for row in answer.rows
    ]


def _temporal_fields(spec: Spec) -> set[str]:
    shown = (as_object(place.value) for place in places(spec))
    return {
        str(one["field"]) for one in shown if "field" in one and ("timeUnit" in one or one.get("type") == "temporal")
    }
