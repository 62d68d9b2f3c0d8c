"""What is said when settings can't be read: which variable and why, never what it holds."""

from collections.abc import Iterable, Iterator

from pydantic import ValidationError

from datalab.contracts.errors import FieldError, InvalidInput


class InvalidSettings(InvalidInput):
    """Variables have values that can't be used; each of ``errors`` names one as ``where``."""

    def __init__(self, errors: Iterable[FieldError]) -> None:
        found = tuple(errors)
        super().__init__("; ".join(f"{one.where}: {one.what}" for one in found), errors=found)


def without_values(error: ValidationError) -> Iterator[FieldError]:
    """What pydantic found, without what was given: it may be a secret in the wrong place."""
    for one in error.errors(include_input=False, include_url=False, include_context=False):
        yield FieldError(where=".".join(str(part) for part in one["loc"]) or error.title, what=one["msg"])
