"""What can be uploaded: files, bytes and frames, each as a stream of bytes in a format."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from datalab.client.arrow import ArrowStreamable, parquet_file
from datalab.contracts.data import DataFormat
from datalab.contracts.errors import InvalidInput

Source = str | Path | bytes | ArrowStreamable
_PIECE = 2**18
_COMPRESSED = frozenset({".gz", ".zst", ".zstd"})
_PARQUET_MAGIC = b"PAR1"
_BY_SUFFIX = {f".{one.value}": one for one in DataFormat} | {
    ".jsonl": DataFormat.NDJSON,
    ".pq": DataFormat.PARQUET,
    ".arrows": DataFormat.ARROW,
}


@dataclass(frozen=True, slots=True)
class Encoded:
    """Bytes to come and how they are encoded."""

    format: DataFormat
    body: AsyncIterator[bytes]


def encoded(source: Source, format: DataFormat | None = None) -> Encoded:
    """The source as bytes; a frame becomes Parquet. Bytes are taken for CSV unless they begin as Parquet does.

    Raises:
        InvalidInput: The file's format can't be told, or there is no such file.
    """
    if isinstance(source, bytes):
        return Encoded(format or _format_by_content(source), _of_bytes(source))
    if isinstance(source, str | Path):
        path = Path(source)
        if not path.is_file():
            raise InvalidInput(f"there is no file {str(path)!r}")
        return Encoded(format or format_of(path), _of_path(path))
    return Encoded(DataFormat.PARQUET, _of_frame(source))


def format_of(path: Path) -> DataFormat:
    """The format by the file's name, below a ``.gz`` or ``.zst``.

    Raises:
        InvalidInput: It ends in none that is known.
    """
    bare = path.with_suffix("") if path.suffix.lower() in _COMPRESSED else path
    found = _BY_SUFFIX.get(bare.suffix.lower())
    if found is None:
        raise InvalidInput(
            f"{path.name}: can't tell its format by its name; say format, one of " + ", ".join(DataFormat)
        )
    return found


def _format_by_content(content: bytes) -> DataFormat:
    return DataFormat.PARQUET if content.startswith(_PARQUET_MAGIC) else DataFormat.CSV


async def _of_bytes(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), _PIECE):
        yield content[start : start + _PIECE]


async def _of_path(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        async for piece in _pieces(file):
            yield piece


async def _of_frame(frame: ArrowStreamable) -> AsyncIterator[bytes]:
    with closing(await asyncio.to_thread(parquet_file, frame)) as file:
        async for piece in _pieces(file):
            yield piece


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    while piece := await asyncio.to_thread(file.read, _PIECE):
        yield piece
