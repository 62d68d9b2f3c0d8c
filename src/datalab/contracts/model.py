"""The base of every contract."""

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")

VersionNumber = Annotated[int, Field(ge=0, le=2**53)]
"""A dataset's version; the first is 0. Bounded where JSON's readers stop being exact (JavaScript's numbers are doubles)."""


class Contract(BaseModel):
    """A frozen value that crosses a boundary. Unknown fields are refused: a misspelt option must not be ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null", protected_namespaces=())


class Page(Contract, Generic[T]):
    """One page of a list.

    ``next_cursor`` is opaque: give it back to get the next page; ``None`` on the last one.
    """

    items: tuple[T, ...]
    next_cursor: str | None


class PageRequest(Contract):
    """Which page of a list: at most ``limit`` items after ``cursor``."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    cursor: Annotated[str, Field(max_length=512)] | None = None
