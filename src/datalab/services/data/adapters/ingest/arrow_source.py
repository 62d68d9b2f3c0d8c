# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyarrow ships no types; they end in this module.
"""Arrow IPC, as a stream or as a file."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyConnection
from pyarrow import ipc

from datalab.contracts.data import UnreadableData
from datalab.services.data.adapters.ingest.expand import first_bytes
from datalab.services.data.model.column_names import check_column_names

_FILE_MAGIC = b"ARROW1"
_PADDED_MAGIC_BYTES = 8


def arrow_relation(connection: DuckDBPyConnection, source: Path, *, whole: bool = True) -> str:
    """SQL that reads the file; unless it is ``whole``, as many batches as are there.

    Raises:
        UnreadableData: No Arrow IPC, cut off or damaged.
    """
    try:
        table = _read(source) if whole else _read_begun(source)
        table.validate(full=True)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError, EOFError) as error:
        raise UnreadableData(f"the file can't be read as Arrow IPC: {str(error)[:300]}") from error
    check_column_names(table.column_names)
    connection.register("uploaded", _plain(table))
    return "SELECT * FROM uploaded"


def _read(source: Path) -> Any:
    mapped = pa.memory_map(str(source))
    if first_bytes(source).startswith(_FILE_MAGIC):
        return ipc.open_file(mapped).read_all()
    return ipc.open_stream(mapped).read_all()


def _read_begun(source: Path) -> Any:
    """The batches before the cut; a file is a stream behind eight bytes."""
    mapped = pa.memory_map(str(source))
    if first_bytes(source).startswith(_FILE_MAGIC):
        mapped.seek(_PADDED_MAGIC_BYTES)
    reader = ipc.open_stream(mapped)
    batches: list[Any] = []
    with suppress(pa.ArrowInvalid, OSError, StopIteration):
        while True:
            batches.append(reader.read_next_batch())
    return pa.Table.from_batches(batches, reader.schema)


def _plain(table: Any) -> Any:
    """The table without view types, extension types and metadata, which the engine reads wrongly or not at all."""
    fields = [(field.name, _plain_type(field.type)) for field in table.schema]
    try:
        return table.replace_schema_metadata(None).cast(pa.schema(fields))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise UnreadableData(f"the file's types can't be read: {str(error)[:300]}") from error


def _plain_type(kind: Any) -> Any:
    if isinstance(kind, pa.BaseExtensionType):
        return _plain_type(kind.storage_type)
    if pa.types.is_string_view(kind):
        return pa.string()
    if pa.types.is_binary_view(kind):
        return pa.binary()
    if pa.types.is_float16(kind):
        return pa.float32()
    if pa.types.is_dictionary(kind):
        return _plain_type(kind.value_type)
    return kind
