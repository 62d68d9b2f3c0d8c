"""Columns, how an upload's become a dataset's, and how those of two versions differ."""

from typing import Annotated

from pydantic import Field

from datalab.contracts.model import Contract


class Column(Contract):
    """A column: its name and its SQL type."""

    name: str
    type: str


class ColumnChoice(Contract):
    """A column of an upload that is kept: its name there, and, when they shall differ, its name and type in the dataset."""

    source: Annotated[str, Field(min_length=1, max_length=255)]
    name: Annotated[str, Field(max_length=255)] | None = None
    type: Annotated[str, Field(max_length=64)] | None = None


class RetypedColumn(Contract):
    """A column with another type; ``widened`` when the new one holds every value of the old one."""

    name: str
    before: str
    after: str
    widened: bool


class SchemaChange(Contract):
    """How columns differ from those before."""

    added: tuple[Column, ...]
    removed: tuple[Column, ...]
    retyped: tuple[RetypedColumn, ...]
