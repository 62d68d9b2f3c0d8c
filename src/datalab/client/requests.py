"""Making contracts from what people pass."""

from enum import StrEnum
from typing import Any, TypeVar

from pydantic import ValidationError

from datalab.contracts.errors import FieldError, InvalidInput
from datalab.contracts.model import Contract

M = TypeVar("M", bound=Contract)
C = TypeVar("C", bound=StrEnum)
_SHOWN = 200


def made(model: type[M], **given: Any) -> M:
    """The contract of what was given.

    Raises:
        InvalidInput: Something in it can't be; each finding is named.
    """
    try:
        return model(**given)
    except ValidationError as error:
        findings = tuple(
            FieldError(
                where=".".join(str(part) for part in one["loc"]) or "arguments",
                what=one["msg"],
                got=repr(one["input"])[:_SHOWN],
            )
            for one in error.errors(include_url=False)
        )
        raise InvalidInput(f"{findings[0].where}: {findings[0].what}", errors=findings) from error


def choice(kind: type[C], text: str) -> C:
    """The member of that name.

    Raises:
        InvalidInput: There is none; those that are, are named.
    """
    try:
        return kind(text)
    except ValueError as error:
        raise InvalidInput(f"{text!r} is none of " + ", ".join(kind)) from error
