"""Filters as a path's parameters write them."""

from collections.abc import Sequence

from datalab.contracts.data import Where
from datalab.contracts.errors import FieldError, InvalidInput

_SHOWN = 100
_LONGEST = 10_000


def filters_in(where: Sequence[str]) -> Where:
    """The filters in texts such as ``origin=eq.JFK``.

    Raises:
        InvalidInput: One isn't a column, an equals sign, and a condition.
    """
    return tuple(_filter(text) for text in where)


def _filter(text: str) -> tuple[str, str]:
    column, sign, condition = text.partition("=")
    if not column or not sign or len(text) > _LONGEST:
        what = "is written column=operator.value, as in origin=eq.JFK"
        raise InvalidInput(f"where: {what}", errors=(FieldError(where="where", what=what, got=text[:_SHOWN]),))
    return column, condition
