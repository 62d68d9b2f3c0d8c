"""Filling templates. They lie in ``renderers/templates``; a name in one that is given no value is an error."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER = Path(__file__).parent / "renderers" / "templates"


def fill(name: str, **values: Any) -> str:
    """The template's text with these values.

    Raises:
        jinja2.UndefinedError: The template speaks of a value that isn't among them.
    """
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - no page for a browser is made here
    )
    return environment.get_template(name).render(values)
