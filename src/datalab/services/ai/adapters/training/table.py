"""Columns out of an Arrow file, as numpy arrays: the only module of training that knows Arrow."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from datalab.contracts.ai import UntrainableData

arrow: Any = pa
compute: Any = pc

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class NumberColumn:
    """Numbers, NaN where missing. ``integral``: the type holds whole numbers only."""

    name: str
    values: Floats
    integral: bool

    def take(self, rows: Rows) -> "NumberColumn":
        """The same column at these rows."""
        return replace(self, values=self.values[rows])

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Where there is no value."""
        return np.isnan(self.values)


@dataclass(frozen=True)
class FlagColumn:
    """1 for true, 0 for false, NaN where missing."""

    name: str
    values: Floats

    def take(self, rows: Rows) -> "FlagColumn":
        """The same column at these rows."""
        return replace(self, values=self.values[rows])

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Where there is no value."""
        return np.isnan(self.values)


@dataclass(frozen=True)
class TimeColumn:
    """Moments in UTC, NaT where missing."""

    name: str
    values: NDArray[np.datetime64]

    def take(self, rows: Rows) -> "TimeColumn":
        """The same column at these rows."""
        return replace(self, values=self.values[rows])

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Where there is no value."""
        return np.isnat(self.values)


@dataclass(frozen=True)
class TextColumn:
    """Codes into ``labels``, -1 where missing."""

    name: str
    codes: NDArray[np.int64]
    labels: tuple[str, ...]

    def take(self, rows: Rows) -> "TextColumn":
        """The same column at these rows, with all labels."""
        return replace(self, codes=self.codes[rows])

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Where there is no value."""
        return self.codes < 0


Column = NumberColumn | FlagColumn | TimeColumn | TextColumn


@dataclass(frozen=True)
class Table:
    """What was read: usable columns by name in their order, and the types of those that can't be used."""

    rows: int
    columns: dict[str, Column]
    unusable: dict[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """All columns' names."""
        return (*self.columns, *self.unusable)

    def take(self, rows: Rows) -> "Table":
        """The same columns at these rows."""
        taken = {name: column.take(rows) for name, column in self.columns.items()}
        return replace(self, rows=len(rows), columns=taken)


def read_table(path: Path) -> Table:
    """The Arrow IPC stream in the file.

    Raises:
        UntrainableData: It isn't one, or two columns share a name.
    """
    try:
        with arrow.memory_map(str(path)) as source, arrow.ipc.open_stream(source) as reader:
            table: Any = reader.read_all()
    except (arrow.ArrowInvalid, OSError) as error:
        raise UntrainableData(f"the data can't be read as an Arrow stream: {error}") from error
    names: list[str] = table.column_names
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UntrainableData(f"the columns {', '.join(twice)} are there twice; give each its own name")
    columns: dict[str, Column] = {}
    unusable: dict[str, str] = {}
    for name in names:
        column = _column(name, table.column(name))
        if column is None:
            unusable[name] = str(table.schema.field(name).type)
        else:
            columns[name] = column
    return Table(table.num_rows, columns, unusable)


def _column(name: str, values: Any) -> Column | None:
    kind, types = values.type, arrow.types
    column: Column | None = None
    if types.is_dictionary(kind):
        column = _column(name, compute.cast(values, kind.value_type))
    elif types.is_null(kind):
        column = NumberColumn(name, np.full(len(values), np.nan), integral=True)
    elif types.is_boolean(kind):
        column = FlagColumn(name, _floats(compute.cast(values, arrow.int8())))
    elif types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
        column = NumberColumn(name, _floats(values), types.is_integer(kind))
    elif types.is_timestamp(kind) or types.is_date(kind):
        column = TimeColumn(name, _moments(values))
    elif types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        column = _text(name, values)
    return column


def _floats(values: Any) -> Floats:
    numbers: Floats = np.array(compute.cast(values, arrow.float64(), safe=False).to_numpy(), dtype=np.float64)
    numbers[~np.isfinite(numbers)] = np.nan
    return numbers


def _moments(values: Any) -> NDArray[np.datetime64]:
    moments = compute.cast(values, arrow.timestamp("us", tz=getattr(values.type, "tz", None)), safe=False)
    return np.asarray(moments.to_numpy(), dtype="datetime64[us]")


def _text(name: str, values: Any) -> TextColumn:
    encoded = compute.cast(values, arrow.large_string()).combine_chunks().dictionary_encode()
    codes = np.asarray(compute.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False), dtype=np.int64)
    return TextColumn(name, codes, tuple(encoded.dictionary.to_pylist()))
