"""A request that shows how an operation is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from datalab.services.gateway.model.example_values import BY_FOLDER, Schema, example_of, resolved

JSON = "application/json"
_CSV, _FORM = "text/csv", "application/x-www-form-urlencoded"
_CHART = {"mark": "bar", "encoding": {"x": {"field": "month"}, "y": {"field": "flights", "type": "quantitative"}}}
BODIES: Mapping[str, Any] = {
    "create_token": {"grant_type": "password", "username": "ada", "password": "correct horse battery staple"},
    "create_user": {"name": "grace", "password": "correct horse battery staple", "role": "editor"},
    "create_api_key": {"name": "reports", "role": "viewer"},
    "change_user": {"role": "editor"},
    "open_session": {"name": "ada", "password": "correct horse battery staple"},
    "run_query": {"sql": "SELECT 1 AS one"},
    "change_dataset": {"description": "Departures in 2013"},
    "train": {"dataset": "flights", "target": "delay"},
    "predict": {"rows": [{"distance": 500}]},
    "submit_job": {"kind": "sql", "spec": {"sql": "SELECT 1 AS one"}},
    "put_chart": {"spec": _CHART, "dataset": "flights"},
    "put_dashboard": {"title": "Delays", "tiles": [{"chart": "delays"}]},
    "render_chart_spec": {"spec": _CHART, "dataset": "flights"},
}
"""Bodies that say more than a schema's least does, by operation."""


@dataclass(frozen=True, slots=True)
class ExampleRequest:
    """``path`` has its parameters in place; ``values`` are these by name. ``gives_text``: so is what comes back."""

    verb: str
    path: str
    values: Mapping[str, Any]
    needs_token: bool
    gives_text: bool
    media: str | None = None
    body: Any = None


def example_request(path: str, verb: str, operation: Schema, components: Schema) -> ExampleRequest:
    """An example of calling the operation: what it must be given, and nothing else."""
    given: list[Schema] = [resolved(one, components) for one in operation.get("parameters", ())]
    wanted = [one for one in given if one.get("required")]
    values = {one["name"]: _value(path, one, components) for one in wanted if one["in"] == "path"}
    filled = path
    for name, value in values.items():
        filled = filled.replace(f"{{{name}}}", quote(str(value), safe=""))
    query = {one["name"]: _value(path, one, components) for one in wanted if one["in"] == "query"}
    media, body = _body(operation, components)
    return ExampleRequest(
        verb=verb.upper(),
        path=f"{filled}?{urlencode(query)}" if query else filled,
        values=values,
        needs_token=operation.get("security") != [],
        gives_text=_gives_text(operation),
        media=media,
        body=body,
    )


def _value(path: str, parameter: Schema, components: Schema) -> Any:
    name = parameter["name"]
    folder = path.partition(f"/{{{name}}}")[0].rpartition("/")[2]
    if parameter["in"] == "path" and name == "name" and folder in BY_FOLDER:
        return BY_FOLDER[folder]
    return example_of(parameter.get("schema", {}), components, name)


def _body(operation: Schema, components: Schema) -> tuple[str | None, Any]:
    content: Mapping[str, Schema] = resolved(operation.get("requestBody", {}), components).get("content", {})
    known = BODIES.get(operation.get("operationId", ""))
    if _CSV in content:
        return _CSV, "id,delay\n1,5\n2,7\n"
    media = JSON if JSON in content else next(iter(content), None)
    if media is None:
        return None, None
    if known is not None or media == _FORM:
        return JSON, known
    return media, example_of(content[media].get("schema", {}), components)


def _gives_text(operation: Schema) -> bool:
    answers: Mapping[str, Schema] = operation.get("responses", {})
    media = [one for status, answer in answers.items() if status.startswith("2") for one in answer.get("content", {})]
    return not media or any(one.startswith("text/") or "json" in one for one in media)
