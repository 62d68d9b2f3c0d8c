# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyarrow ships no types; they end in this module.
"""Answers as Arrow IPC streams and Parquet files."""

from collections.abc import Iterator
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import ipc

from datalab.contracts.data import SqlRefused
from datalab.services.data.model.statement import AnswerTail, Encoding

BATCH_ROWS = 16_384
GROUP_ROWS = 122_880


class ByteSink(Protocol):
    """Takes bytes in order."""

    def send(self, data: bytes | bytearray | memoryview) -> None:
        """Take these."""
        ...


class _SinkFile:
    """The sink as a file that pyarrow writes to."""

    closed = False

    def __init__(self, sink: ByteSink) -> None:
        self._sink = sink

    def write(self, data: Any) -> int:
        view = memoryview(data)
        self._sink.send(view)
        return view.nbytes

    def flush(self) -> None:
        """Nothing is held back."""

    def writable(self) -> bool:
        return True

    def close(self) -> None:
        """The sink outlives the file."""


def write_columnar(reader: Any, encoding: Encoding, max_rows: int, sink: ByteSink) -> AnswerTail:
    """Write at most ``max_rows`` of the record batches.

    Raises:
        SqlRefused: A column's type has no place in the format.
    """
    tail = _Count(max_rows)
    try:
        with pa.PythonFile(_SinkFile(sink), "w") as file, _writer(reader.schema, encoding, file) as writer:
            for batch in tail.cut(reader):
                writer.write_batch(batch)
    except pa.ArrowNotImplementedError as error:
        raise SqlRefused(
            f"the answer can't be written as {encoding}: {error}; cast the column to another type"
        ) from error
    return AnswerTail(row_count=tail.rows, truncated=tail.truncated)


def _writer(schema: Any, encoding: Encoding, file: Any) -> Any:
    if encoding is Encoding.ARROW:
        return ipc.new_stream(file, schema)
    return pq.ParquetWriter(file, schema, compression="zstd")


class _Count:
    def __init__(self, limit: int) -> None:
        self.rows = 0
        self.truncated = False
        self._limit = limit

    def cut(self, batches: Any) -> Iterator[Any]:
        for batch in batches:
            room = self._limit - self.rows
            if batch.num_rows > room:
                self.rows, self.truncated = self._limit, True
                if room:
                    yield batch.slice(0, room)
                return
            self.rows += batch.num_rows
            if batch.num_rows:
                yield batch
