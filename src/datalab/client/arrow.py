"""Arrow in and out, loaded when first needed: a client that uses no tables needs no Arrow."""

import tempfile
from collections.abc import Sequence
from typing import IO, Any, Protocol, Self, cast, runtime_checkable

from datalab.contracts.errors import InternalError, UnsupportedFormat

_IN_MEMORY = 16 * 2**20


@runtime_checkable
class ArrowStreamable(Protocol):
    """Whatever gives Arrow data: pandas and Polars frames, Arrow tables and readers, DuckDB relations."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """A capsule that holds an Arrow stream."""
        ...


class ArrowTable(Protocol):
    """What is used of a ``pyarrow.Table``; pyarrow ships no types."""

    @property
    def num_rows(self) -> int:
        """How many rows."""
        ...

    @property
    def column_names(self) -> Sequence[str]:
        """The columns' names."""
        ...

    def slice(self, offset: int, length: int) -> Self:
        """Some of the rows."""
        ...

    def to_pylist(self) -> list[dict[str, Any]]:
        """A dict a row."""
        ...

    def to_pandas(self) -> Any:
        """A pandas DataFrame."""
        ...


def read_stream(encoded: bytes) -> ArrowTable:
    """The table in an Arrow stream.

    Raises:
        InternalError: It is none.
    """
    ipc, lib = _ipc(), _pyarrow()
    try:
        return cast("ArrowTable", ipc.open_stream(encoded).read_all())
    except lib.ArrowInvalid as error:
        raise InternalError(f"the answer is no whole Arrow stream: {error}") from error


def parquet_file(frame: ArrowStreamable) -> IO[bytes]:
    """The frame as a Parquet file, in memory while it is small."""
    lib = _pyarrow()
    import pyarrow.parquet as pq

    reader = lib.RecordBatchReader.from_stream(frame)
    file = cast("IO[bytes]", tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - the caller closes it
    with pq.ParquetWriter(file, reader.schema, compression="zstd") as writer:  # pyright: ignore[reportUnknownMemberType]
        for batch in reader:
            writer.write_batch(batch)  # pyright: ignore[reportUnknownMemberType]
    file.seek(0)
    return file


def rows_of(frame: ArrowStreamable) -> list[dict[str, Any]]:
    """A dict a row."""
    return cast("list[dict[str, Any]]", _pyarrow().RecordBatchReader.from_stream(frame).read_all().to_pylist())


def missing_library(name: str) -> UnsupportedFormat:
    """The error for a library that isn't installed."""
    return UnsupportedFormat(f"this needs {name}: pip install {name} (or 'datalab-stack[client]' for Arrow)")


def _pyarrow() -> Any:
    try:
        import pyarrow as pa
    except ImportError as error:
        raise missing_library("pyarrow") from error
    return pa


def _ipc() -> Any:
    _pyarrow()
    from pyarrow import ipc

    return ipc
