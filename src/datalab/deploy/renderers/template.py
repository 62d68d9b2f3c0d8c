"""Texts that are no data format, from the templates beside the renderers."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

_ENVIRONMENT = Environment(
    loader=PackageLoader("datalab.deploy.renderers"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,  # noqa: S701 - what comes out is configuration; what goes in was checked by its schema
)


def filled(template: str, **values: Any) -> str:
    """The template with the values in their places.

    Raises:
        jinja2.UndefinedError: The template names a value that isn't given.
    """
    return _ENVIRONMENT.get_template(template).render(**values)
