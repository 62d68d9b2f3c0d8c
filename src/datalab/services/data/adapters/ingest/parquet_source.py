"""Parquet."""

from pathlib import Path

from duckdb import DuckDBPyConnection

from datalab.services.data.adapters.ingest.sql import text
from datalab.services.data.model.column_names import check_column_names


def parquet_relation(connection: DuckDBPyConnection, source: Path) -> str:
    """SQL that reads the file.

    Raises:
        UnreadableData: It names columns badly; the engine would rename one that is there twice.
    """
    file = text(str(source))
    check_column_names(
        _top_level(connection.execute(f"SELECT name, num_children FROM parquet_schema({file})").fetchall())
    )
    return f"SELECT * FROM read_parquet({file}, hive_partitioning = false)"


def _top_level(elements: list[tuple[str, int | None]]) -> list[str]:
    """The names of the columns; the schema lists each element before its children, the root first."""
    names: list[str] = []
    open_children = 0
    for name, children in elements[1:]:
        if open_children == 0:
            names.append(name)
        else:
            open_children -= 1
        open_children += children or 0
    return names
