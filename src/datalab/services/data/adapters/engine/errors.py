"""The engine's errors in words for the caller, without the paths of files."""

import json
import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from datalab.contracts.data import SqlRefused
from datalab.contracts.errors import InternalError, MemoryLimitExceeded
from datalab.kernel.full_disk import has_no_room, is_full, storage_full
from datalab.services.data.model.sql_place import refused_at
from datalab.services.data.model.table_view import TableView

_FILE = re.compile(r"""['"]?/[^\s'"]*['"]?""")
_SPILLED = ("max_temp_directory_size", "temp_directory", "offload")
_SHOWN = 2000


@contextmanager
def engine_errors(views: Sequence[TableView] = (), sql: str = "") -> Generator[None]:
    """Raise :class:`SqlRefused` for what the statement ``sql`` did wrong, with the place; memory errors pass as they are.

    Raises:
        SqlRefused: The engine can't run the statement.
        MemoryLimitExceeded: Temporary files grew past their bound.
        StorageFull: There is no room for temporary files.
        InternalError: A file of a dataset can't be read, or the engine itself failed.
    """
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        if found_no_room(error):
            raise storage_full("the disk of temporary files") from error
        raise MemoryError from error
    except duckdb.PermissionException as error:
        raise SqlRefused("statements reach datasets only, no files, networks or settings") from error
    except (duckdb.IOException, duckdb.InternalException, duckdb.FatalException) as error:
        if is_full(error):
            raise storage_full("the disk of temporary files") from error
        if any(word in str(error) for word in _SPILLED):
            raise MemoryLimitExceeded("the statement needs more temporary space than it is given") from error
        raise InternalError("a table's files can't be read; the log has the cause under this request id") from error
    except duckdb.Error as error:
        raise _refused(str(error), views, sql) from error


def found_no_room(error: duckdb.OutOfMemoryException) -> bool:
    """Whether it was a full disk, and no limit, on which the engine could not spill: its words are the same."""
    return "failed to offload" in str(error) and has_no_room(Path.cwd())


def _refused(message: str, views: Sequence[TableView], sql: str) -> SqlRefused:
    kind, _, rest = message.partition(": ")
    try:
        told = json.loads(rest)
        plain = worded(f"{kind}: {told['exception_message']}", views)
    except (ValueError, TypeError, KeyError):
        return SqlRefused(worded(message, views))
    if not sql or "location" not in told:
        return SqlRefused(plain)
    start, length = json.loads(told["location"])
    return refused_at(sql, plain, int(start), int(length))


def worded(message: str, views: Sequence[TableView] = ()) -> str:
    """The engine's message, with every path replaced by the name of its dataset or left out."""
    text = message
    for view in views:
        for file in view.files:
            text = text.replace(file, view.table)
    return _FILE.sub("a file", text).strip()[:_SHOWN]
