"""A query's answer, kept as Arrow and turned into what is wanted."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from datalab.client.arrow import ArrowTable, missing_library


@dataclass(frozen=True, slots=True)
class Table:
    """Rows and columns with their types.

    ``arrow`` is a ``pyarrow.Table``. ``truncated``: the answer had more rows than were asked for.
    """

    arrow: ArrowTable
    truncated: bool = False

    @property
    def columns(self) -> list[str]:
        """The columns' names."""
        return list(self.arrow.column_names)

    def __len__(self) -> int:
        return self.arrow.num_rows

    def to_dicts(self) -> list[dict[str, Any]]:
        """A dict a row."""
        return self.arrow.to_pylist()

    def to_pandas(self) -> Any:
        """A pandas DataFrame. Raises UnsupportedFormat when pandas is not installed."""
        try:
            return self.arrow.to_pandas()
        except ImportError as error:
            raise missing_library("pandas") from error

    def to_polars(self) -> Any:
        """A Polars DataFrame. Raises UnsupportedFormat when Polars is not installed."""
        try:
            polars = import_module("polars")
        except ImportError as error:
            raise missing_library("polars") from error
        return polars.from_arrow(self.arrow)
