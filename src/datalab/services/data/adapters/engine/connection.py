"""The engine's databases in memory: bounded, and without ways to fetch extensions or reach Python's objects."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import duckdb
from duckdb import DuckDBPyConnection

from datalab.services.data.model.statement import EngineLimits

_kept: Final[dict[EngineLimits, DuckDBPyConnection]] = {}


def in_memory(limits: EngineLimits) -> DuckDBPyConnection:
    """An empty database within ``limits``; what doesn't fit into memory spills into the folder ``spill``."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": str(limits.threads),
            "memory_limit": f"{limits.memory_bytes}B",
            "max_temp_directory_size": f"{limits.spill_bytes}B",
            "temp_directory": "spill",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "python_enable_replacements": "false",
        },
    )
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    return connection


@contextmanager
def session(limits: EngineLimits) -> Generator[DuckDBPyConnection]:
    """A session of a database that is kept for the next, since to open one takes longer than a small file does.

    For statements of ours alone, which make nothing but what is temporary; after an error the database is given up.
    """
    database = _kept.pop(limits, None) or in_memory(limits)
    try:
        with database.cursor() as connection:
            yield connection
    except BaseException:
        database.close()
        raise
    _kept[limits] = database
