"""Where in a statement something is wrong."""

from datalab.contracts.data import SqlRefused
from datalab.contracts.errors import FieldError, TextPlace

_SHOWN = 200


def place_in(sql: str, start: int, length: int = 0) -> TextPlace:
    """The place of some bytes of the statement's UTF-8, which is how the engine counts."""
    content = sql.encode()
    before = content[: max(start, 0)].decode(errors="ignore")
    inside = content[max(start, 0) : max(start, 0) + length].decode(errors="ignore")
    return TextPlace(
        line=before.count("\n") + 1,
        column=len(before) - (before.rfind("\n") + 1) + 1,
        offset=len(before),
        length=len(inside),
    )


def misplaced(sql: str, what: str, start: int, length: int = 0) -> FieldError:
    """What is wrong with those bytes."""
    place = place_in(sql, start, length)
    got = sql[place.offset : place.offset + place.length][:_SHOWN] or None
    return FieldError(where=f"sql, line {place.line}, column {place.column}", what=what, got=got, place=place)


def refused_at(sql: str, what: str, start: int, length: int = 0) -> SqlRefused:
    """The statement's refusal for those bytes, with the place in words too."""
    error = misplaced(sql, what, start, length)
    place = error.place
    told = what if place is None else f"{what} (at line {place.line}, column {place.column})"
    return SqlRefused(told, errors=(error,))
