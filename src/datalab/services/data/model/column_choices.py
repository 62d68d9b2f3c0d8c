"""Which columns of an upload are kept, under which names and types."""

import json
import re
from collections.abc import Sequence
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError

from datalab.contracts.columns import Column, ColumnChoice
from datalab.contracts.errors import FieldError, InvalidInput
from datalab.services.data.model.column_names import MAX_COLUMNS

TYPES = (
    "BOOLEAN",
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "FLOAT",
    "DOUBLE",
    "DECIMAL(18,3)",
    "VARCHAR",
    "DATE",
    "TIMESTAMP",
    "TIMESTAMP WITH TIME ZONE",
)
"""Types that may be chosen; a decimal's precision (at most 38) and scale are the caller's."""
_SAME = {"TEXT": "VARCHAR", "STRING": "VARCHAR", "INT": "INTEGER", "TIMESTAMPTZ": "TIMESTAMP WITH TIME ZONE"}
_DECIMAL = re.compile(r"DECIMAL\((\d{1,2}),(\d{1,2})\)")
_MAX_PRECISION = 38
_CHOICES = TypeAdapter(list[ColumnChoice])
_WRITTEN = 'write [{"source": "Dep Time", "name": "dep_time", "type": "TIMESTAMP"}, {"source": "id"}]'
_SHOWN = 80


def read_choices(text: str) -> tuple[ColumnChoice, ...]:
    """The choices in a query parameter or a form's field.

    Raises:
        InvalidInput: No JSON, or not a list of choices; it names the column.
    """
    try:
        given: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refused("columns", f"is no JSON; {_WRITTEN}", text) from error
    if not isinstance(given, list) or not given:
        raise _refused("columns", f"is a list with at least one column; {_WRITTEN}", text)
    if len(cast("list[Any]", given)) > MAX_COLUMNS:
        raise InvalidInput(f"columns: at most {MAX_COLUMNS:,} columns are possible")
    try:
        return tuple(_CHOICES.validate_python(given))
    except ValidationError as error:
        first = error.errors()[0]
        place, *inside = first["loc"]
        where = ".".join((f"columns[{place}]", *map(str, inside)))
        raise _refused(where, f"{first['msg'].lower()}; {_WRITTEN}", json.dumps(first["input"])) from error


def check_choices(choices: Sequence[ColumnChoice]) -> tuple[ColumnChoice, ...]:
    """The choices with their types as the engine spells them.

    Raises:
        InvalidInput: A type that isn't known, a name that can't be, a name or a source that is there twice.
    """
    sources: dict[str, int] = {}
    names: dict[str, int] = {}
    for place, choice in enumerate(choices):
        _once(choice.source, sources, place, "source")
        name = choice.source if choice.name is None else choice.name
        if not name.strip() or not name.isprintable():
            raise _refused(f"columns[{place}].name", "is empty or has control characters", name)
        _once(name, names, place, "name")
    return tuple(
        choice if choice.type is None else choice.model_copy(update={"type": _known_type(choice, place)})
        for place, choice in enumerate(choices)
    )


def pins(choices: Sequence[ColumnChoice], dataset: Sequence[Column]) -> tuple[Column, ...]:
    """The type that each column of the upload must have for its choice, or for the dataset's column that it becomes."""
    kinds = {column.name.casefold(): column.type for column in dataset}
    if not choices:
        return tuple(dataset)
    wanted = ((choice, choice.type or kinds.get((choice.name or choice.source).casefold())) for choice in choices)
    return tuple(Column(name=choice.source, type=kind) for choice, kind in wanted if kind is not None)


def _known_type(choice: ColumnChoice, place: int) -> str:
    plain = " ".join(str(choice.type).upper().split()).replace(", ", ",")
    kind = _SAME.get(plain, plain)
    decimal = _DECIMAL.fullmatch(kind)
    if decimal is not None:
        precision, scale = map(int, decimal.groups())
        if 1 <= precision <= _MAX_PRECISION and scale <= precision:
            return kind
    elif kind in TYPES:
        return kind
    what = f"{str(choice.type)[:_SHOWN]!r} is no type for column {choice.source!r}; there are {', '.join(TYPES)}"
    raise _refused(f"columns[{place}].type", what, str(choice.type))


def _once(name: str, seen: dict[str, int], place: int, field: str) -> None:
    first = seen.setdefault(name.casefold(), place)
    if first != place:
        raise _refused(f"columns[{place}].{field}", f"{name[:_SHOWN]!r} is columns[{first}].{field} already", name)


def _refused(where: str, what: str, got: str) -> InvalidInput:
    return InvalidInput(f"{where}: {what}", errors=(FieldError(where=where, what=what, got=got[:_SHOWN]),))
