"""The reference's pages on settings and errors, made from the code. Pure: gives text, writes nothing."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

import datalab
from datalab.catalog import SERVICES
from datalab.contracts.errors import PlatformError
from datalab.kernel.config.environment import Environment
from datalab.kernel.config.secret_files import FILE, is_secret
from datalab.kernel.config.settings import PlatformSettings
from datalab.kernel.config.storage import StorageSettings
from datalab.kernel.config.worker import WorkerSettings
from datalab.kernel.http.problems import STATUS

NOTE = "<!-- Made from the code by `make reference`; changes here are lost. -->\n"
_DEFINES_ERROR = re.compile(r"^    code, title\b", re.MULTILINE)
_BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}


def settings_page() -> str:
    """Every environment variable: meaning, default, bounds.

    Raises:
        LookupError: A setting has no description.
    """
    parts = [
        f"{NOTE}\n# Settings\n",
        (
            "Every setting is an environment variable. What isn't set has its default; a value out of bounds keeps the "
            "process from starting, and the message names the variable.\n\n"
            "A secret is given as its variable or as a file: where two names stand, the second one holds the path of a "
            "file whose content is the value; a newline at its end doesn't belong to it. Both at once, or a file that "
            "can't be read, keep the process from starting.\n"
        ),
        settings_section("Every process", PlatformSettings),
        settings_section("Tables and files", StorageSettings),
        settings_section("Workers of jobs", WorkerSettings),
    ]
    parts += [settings_section(f"The {name} service", _settings_of(name)) for name in SERVICES]
    return "\n".join(parts)


def errors_page() -> str:
    """Every code that a problem may have: status, title, meaning."""
    _load_errors()
    rows = [
        f"| `{code}` | {STATUS[kind.category].value} | {kind.title} | {_first_line(kind)} |"
        for code, kind in sorted(PlatformError.by_code.items())
        if kind.__module__.startswith("datalab.")
    ]
    head = (
        f"{NOTE}\n# Errors\n\n"
        "Every refusal is a problem document (RFC 9457, `application/problem+json`). Its `code` tells what happened and "
        "never changes its meaning; `detail` says where, what was wrong and what would be right; `errors` lists each "
        "finding about the input. The Python client raises the class of the code.\n\n"
        "| code | status | title | meaning |\n|---|---|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


def settings_section(title: str, settings: type[Environment]) -> str:
    """One class of settings as a section. Raises LookupError when a field has no docstring."""
    meanings = described(settings)
    missing = [name for name in settings.model_fields if name not in meanings]
    if missing:
        raise LookupError(f"{settings.__name__}: a docstring is missing under {', '.join(missing)}")
    rows = [_row(field, meanings[name]) for name, field in settings.model_fields.items()]
    head = "| variable | meaning | default | bounds |\n|---|---|---|---|"
    return f"## {title}\n\n{inspect.getdoc(settings)}\n\n{head}\n" + "\n".join(rows) + "\n"


def described(settings: type[BaseModel]) -> dict[str, str]:
    """What the settings' docstrings say of each field, by the field's name."""
    body = ast.parse(inspect.getsource(settings)).body[0]
    if not isinstance(body, ast.ClassDef):
        raise TypeError(settings)
    return dict(_documented(body.body))


def _documented(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for field, following in pairwise(body):
        if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
            continue
        if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            yield field.target.id, inspect.cleandoc(str(following.value.value))


def _settings_of(service: str) -> type[Environment]:
    module = importlib.import_module(f"{SERVICES[service].package}.settings")
    found = [kind for kind in vars(module).values() if _is_own(kind, module)]
    return found[0]


def _is_own(kind: object, module: ModuleType) -> bool:
    return isinstance(kind, type) and issubclass(kind, Environment) and kind.__module__ == module.__name__


def _row(field: FieldInfo, meaning: str) -> str:
    variable = f"`{field.validation_alias}`"
    names = f"{variable} or `{field.validation_alias}{FILE}`" if is_secret(field) else variable
    cells = (names, meaning, _default(field), ", ".join(_bounds(field)))
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def _default(field: FieldInfo) -> str:
    if field.default is None or isinstance(field.default, SecretStr):
        return "–"
    return f"`{field.default}`"


def _bounds(field: FieldInfo) -> Iterable[str]:
    for one in _constraints(field.metadata):
        for name, words in _BOUNDS.items():
            bound = getattr(one, name, None)
            if bound is not None:
                yield f"{words} {bound:,}"
        pattern = getattr(one, "pattern", None)
        if pattern is not None:
            yield f"`{pattern}`"


def _constraints(metadata: Iterable[Any]) -> Iterator[Any]:
    for one in metadata:
        yield from one if isinstance(one, list | tuple) else (one,)  # pyright: ignore[reportUnknownVariableType] - any


def _load_errors() -> None:
    """Import every module that defines errors, and no other: they are known by code once their modules are."""
    package = Path(datalab.__file__).parent
    for path in sorted(package.rglob("*.py")):
        if _DEFINES_ERROR.search(path.read_text(encoding="utf-8")):
            importlib.import_module(".".join(("datalab", *path.relative_to(package).with_suffix("").parts)))


def _first_line(kind: type[PlatformError]) -> str:
    text = inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0]
    return " ".join(text.split()).replace("|", "\\|")
