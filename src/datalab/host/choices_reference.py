"""The reference's page on ``datalab.toml``, made from its schema. Pure: gives text, writes nothing."""

import inspect
import json
from typing import Any

from pydantic import BaseModel

from datalab.deploy.choices import Choices
from datalab.host.reference import NOTE, described

_HEAD = "| key | meaning | default | bounds |\n|---|---|---|---|"
_BOUNDS = {"minimum": "≥ {}", "maximum": "≤ {}", "pattern": "`{}`", "enum": "one of {}"}


def choices_page() -> str:
    """Every key with its meaning, default and bounds. Raises LookupError when a key has no docstring."""
    tables = {name: field for name, field in Choices.model_fields.items() if _table(field.annotation)}
    parts = [
        (
            f"{NOTE}\n# datalab.toml\n\nThe operator's choices about a deployment, read by `datalab deploy`. "
            "Every key has a default, so that an empty file is a whole one; a key that there is none of is refused.\n"
        ),
        _section("Keys", Choices, leave=set(tables)),
    ]
    parts += [_section(f"[{name}]", field.annotation) for name, field in tables.items()]
    return "\n".join(parts)


def _section(title: str, model: Any, leave: set[str] | None = None) -> str:
    meanings, properties = described(model), _properties(model)
    names = [name for name in model.model_fields if name not in (leave or set())]
    missing = [name for name in names if name not in meanings]
    if missing:
        raise LookupError(f"{model.__name__}: a docstring is missing under {', '.join(missing)}")
    rows = [_row(name, meanings[name], properties[name]) for name in names]
    return f"## {title}\n\n{inspect.getdoc(model)}\n\n{_HEAD}\n" + "\n".join(rows) + "\n"


def _row(name: str, meaning: str, schema: dict[str, Any]) -> str:
    cells = (f"`{name}`", meaning, _default(schema), ", ".join(_bounds(schema)))
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def _default(schema: dict[str, Any]) -> str:
    default = schema.get("default")
    return "–" if default in (None, {}) else f"`{json.dumps(default)}`"


def _bounds(schema: dict[str, Any]) -> list[str]:
    told = [schema, *schema.get("anyOf", ())]
    return [text.format(_listed(each[key])) for each in told for key, text in _BOUNDS.items() if key in each]


def _listed(value: object) -> object:
    return ", ".join(f"`{each}`" for each in value) if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType]


def _properties(model: type[BaseModel]) -> dict[str, dict[str, Any]]:
    schema = model.model_json_schema()
    found: dict[str, dict[str, Any]] = {}
    for name, each in schema["properties"].items():
        reference = each.get("$ref", "").removeprefix("#/$defs/")
        found[name] = {**schema["$defs"][reference], **each} if reference else each
    return found


def _table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
