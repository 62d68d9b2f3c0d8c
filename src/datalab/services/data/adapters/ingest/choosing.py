"""Keeping the columns that the uploader chose, under the names and types that were chosen."""

from collections.abc import Sequence

from duckdb import DuckDBPyConnection

from datalab.contracts.columns import Column, ColumnChoice
from datalab.contracts.errors import FieldError, InvalidInput
from datalab.services.data.adapters.ingest.casting import Cast, refuse_misfits, selected
from datalab.services.data.adapters.ingest.fitting import Fields, described

_LISTED = 1_000


def chosen(connection: DuckDBPyConnection, relation: str, choices: Sequence[ColumnChoice]) -> str:
    """SQL for the chosen columns.

    Raises:
        InvalidInput: The upload has no such column.
        UnreadableData: A value doesn't fit the type that was chosen; it names row and column.
    """
    casts = chosen_casts(described(connection, relation), choices)
    refuse_misfits(connection, relation, casts)
    return selected(casts, relation)


def chosen_casts(fields: Fields, choices: Sequence[ColumnChoice]) -> list[Cast]:
    """The chosen columns, in order. Raises InvalidInput for one that isn't there."""
    known = {name.casefold(): (name, str(kind)) for name, kind in fields}
    casts: list[Cast] = []
    for place, choice in enumerate(choices):
        found = known.get(choice.source.casefold())
        if found is None:
            what = f"the upload has no column {choice.source!r}; it has {_listed(fields)}"
            error = FieldError(where=f"columns[{place}].source", what=what, got=choice.source)
            raise InvalidInput(f"{error.where}: {what}", errors=(error,))
        name, kind = found
        casts.append(Cast(name, kind, Column(name=choice.name or choice.source, type=choice.type or kind)))
    return casts


def _listed(fields: Fields) -> str:
    return ", ".join(name for name, _ in fields)[:_LISTED]
