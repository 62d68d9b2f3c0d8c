"""Noting a database's writes for the trace of failpoints."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from datalab.kernel.failpoint import TRACE, wrote

_WRITES = ("INSERT", "UPDATE", "DELETE", "WITH")


def trace_writes(engine: AsyncEngine) -> None:
    """Note each statement that writes, if a trace is asked for."""
    if TRACE is not None:
        event.listen(engine.sync_engine, "after_cursor_execute", _after)


def _after(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
    if statement.lstrip().upper().startswith(_WRITES):
        wrote(statement)
