"""Values for examples: what a schema says, else what people would write."""

from collections.abc import Mapping
from typing import Any, cast

_ID = "0199f0a0-0000-7000-8000-000000000000"
BY_FOLDER = {"datasets": "flights", "models": "delays", "charts": "delays", "dashboards": "delays"}
"""What ``{name}`` is under which path."""
BY_NAME: Mapping[str, Any] = {
    "alias": "champion",
    "api_key": "dl_…",
    "code": "the code that the first start printed",
    "current": "the present password",
    "dataset": "flights",
    "from": 0,
    "format": "png",
    "key": "id",
    "kind": "sql",
    "name": "flights",
    "new": "correct horse battery staple",
    "password": "correct horse battery staple",
    "service": "data",
    "sql": "SELECT 1 AS one",
    "suffix": "csv",
    "target": "delay",
    "to": 1,
    "username": "ada",
    "version": 1,
}
_BY_FORMAT = {"date-time": "2026-01-01T00:00:00Z", "date": "2026-01-01", "uuid": _ID, "uri": "https://example.org/"}
_DEEPEST = 8

Schema = Mapping[str, Any]


def example_of(schema: Schema, components: Schema, name: str = "", depth: int = 0) -> Any:
    """A value that fits the schema: its own example, what is fixed, what people would write, or the least it asks for."""
    schema = resolved(schema, components)
    for key in ("example", "const"):
        if key in schema:
            return schema[key]
    if schema.get("examples"):
        return schema["examples"][0]
    if schema.get("enum"):
        return BY_NAME[name] if BY_NAME.get(name) in schema["enum"] else schema["enum"][0]
    if schema.get("default") is not None:
        return schema["default"]
    choices: list[Schema] = [one for one in schema.get("anyOf", schema.get("oneOf", ())) if one.get("type") != "null"]
    if choices and depth < _DEEPEST:
        return example_of(choices[0], components, name, depth + 1)
    return _of_type(schema, components, name, depth)


def resolved(schema: Schema, components: Schema) -> Schema:
    """The schema that a reference points at."""
    while "$ref" in schema:
        section, _, name = str(schema["$ref"]).removeprefix("#/components/").partition("/")
        schema = components[section][name]
    return schema


def _of_type(schema: Schema, components: Schema, name: str, depth: int) -> Any:
    kind = schema.get("type")
    if kind == "object" and depth < _DEEPEST:
        return _object(schema, components, depth)
    if kind == "array":
        items = cast("Schema", schema.get("items", {}))
        return [example_of(items, components, name, depth + 1)] * min(1, schema.get("minItems", 0))
    if kind == "string":
        return _string(schema, name)
    if kind in ("integer", "number"):
        known = BY_NAME.get(name)
        return known if isinstance(known, int) else schema.get("minimum", 1)
    return True if kind == "boolean" else {} if kind == "object" else None


def _object(schema: Schema, components: Schema, depth: int) -> dict[str, Any]:
    properties: Mapping[str, Schema] = schema.get("properties", {})
    wanted = [name for name in schema.get("required", ()) if name in properties]
    return {name: example_of(properties[name], components, name, depth + 1) for name in wanted}


def _string(schema: Schema, name: str) -> str:
    if name.endswith("_id"):
        return _ID
    known = BY_NAME.get(name)
    return known if isinstance(known, str) else _BY_FORMAT.get(schema.get("format", ""), "text")
