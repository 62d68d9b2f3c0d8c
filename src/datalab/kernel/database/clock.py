"""The database's clock, which all processes of a service share."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Double, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from datalab.kernel.database.types import UtcDateTime


class DatabaseNow(FunctionElement[datetime]):
    """See :func:`database_now`."""

    name = "database_now"
    type = UtcDateTime()
    inherit_cache = True


def database_now(plus: timedelta = timedelta()) -> DatabaseNow:
    """When the statement began, by the database's clock, in whole milliseconds of UTC, moved by ``plus``."""
    return DatabaseNow(literal(plus.total_seconds(), Double()))


@compiles(DatabaseNow, "sqlite")
def _on_sqlite(element: DatabaseNow, compiler: SQLCompiler, **options: Any) -> str:  # pyright: ignore[reportUnusedFunction]
    offset = compiler.process(element.clauses, **options)
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', ({offset}) || ' seconds')"


@compiles(DatabaseNow, "postgresql")
def _on_postgres(element: DatabaseNow, compiler: SQLCompiler, **options: Any) -> str:  # pyright: ignore[reportUnusedFunction]
    offset = compiler.process(element.clauses, **options)
    return f"date_trunc('milliseconds', statement_timestamp() + ({offset}) * interval '1 second')"
