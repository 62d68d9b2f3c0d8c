"""Narrowing: of a dataset that has the column only the rows that fit are read."""

from collections.abc import Sequence

from datalab.contracts.data import Column, Filter
from datalab.contracts.errors import FieldError, InvalidInput
from datalab.services.data.model.filters import GROUPS, Conditions
from datalab.services.data.model.table_view import TableView


def check_filters(filters: Sequence[Filter]) -> None:
    """Let filters pass that are of one column each. Raises InvalidInput."""
    for key, _ in filters:
        if key.removeprefix("not.") in GROUPS:
            what = "is a group; here each condition is of one column"
            raise InvalidInput(f"where: {key} {what}", errors=(FieldError(where="where", what=what, got=key),))


def narrowed(view: TableView, columns: Sequence[Column], filters: Sequence[Filter]) -> TableView:
    """The view with the filters on those of its columns that they name.

    Raises:
        InvalidInput: An unknown operator, or a value that the column can't have.
    """
    place = f"where {view.namespace}.{view.table}"
    conditions = Conditions(columns, lambda number: f"getvariable('{place} {number}')")
    named = columns_of(columns, filters)
    made = tuple(conditions.of_pair(column, text) for column, text in filters if column in named)
    variables = tuple((f"{place} {number}", value) for number, value in enumerate(conditions.values))
    return view.model_copy(update={"conditions": made, "variables": variables})


def columns_of(columns: Sequence[Column], filters: Sequence[Filter]) -> tuple[str, ...]:
    """Those columns that the filters name, as they write them."""
    there = {column.name.casefold() for column in columns}
    return tuple(dict.fromkeys(column for column, _ in filters if column.casefold() in there))
