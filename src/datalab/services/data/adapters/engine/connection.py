"""The engine's databases in memory: bounded, and without ways to fetch extensions or reach Python's objects."""

import duckdb
from duckdb import DuckDBPyConnection

from datalab.services.data.model.statement import EngineLimits


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
    connection.execute("SET TimeZone = 'UTC'")
    return connection
