"""``name=value`` arguments, the value JSON where it is JSON and text elsewhere."""

import json
from collections.abc import Iterable
from typing import Any

import typer


def parameters(given: Iterable[str]) -> dict[str, Any]:
    """The values by name."""
    return dict(_pair(text) for text in given)


def json_object(text: str, hint: str) -> dict[str, Any]:
    """A JSON object from an argument."""
    try:
        value = json.loads(text)
    except ValueError as error:
        raise typer.BadParameter(f"is no JSON: {error}", param_hint=hint) from error
    if not isinstance(value, dict):
        raise typer.BadParameter("is no JSON object", param_hint=hint)
    return value  # pyright: ignore[reportUnknownVariableType] - whatever JSON holds


def _pair(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise typer.BadParameter(f"{text!r} is not name=value", param_hint="--param")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
