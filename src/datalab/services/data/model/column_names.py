"""Which names columns may have."""

from collections.abc import Sequence

from datalab.contracts.data import UnreadableData
from datalab.contracts.errors import FieldError

MAX_COLUMNS = 5_000
MAX_LENGTH = 255


def check_column_names(names: Sequence[str]) -> None:
    """Refuse names that a table can't have.

    Raises:
        UnreadableData: None, too many, one twice (whatever its case), an empty, an over-long one, or one with control
            characters.
    """
    if not names:
        raise UnreadableData("the data has no columns")
    if len(names) > MAX_COLUMNS:
        raise UnreadableData(f"the data has {len(names):,} columns; at most {MAX_COLUMNS:,} are possible")
    seen: dict[str, int] = {}
    for position, name in enumerate(names, 1):
        _check_name(name, position)
        first = seen.setdefault(name.casefold(), position)
        if first != position:
            raise _refused(position, f"has the name of column {first}; names must differ in more than case", name)


def _check_name(name: str, position: int) -> None:
    if not name.strip():
        raise _refused(position, "has no name", name)
    if len(name) > MAX_LENGTH:
        raise _refused(position, f"has a name of {len(name):,} characters; at most {MAX_LENGTH} are possible", name)
    if any(not character.isprintable() for character in name):
        raise _refused(position, "has a name with control characters", name)


def _refused(position: int, what: str, name: str) -> UnreadableData:
    error = FieldError(where=f"column {position}", what=what, got=repr(name[:80]))
    return UnreadableData(f"column {position} {what}: {name[:80]!r}", errors=(error,))
