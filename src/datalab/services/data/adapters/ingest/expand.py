# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyarrow ships no types; they end in this module.
"""Compressed uploads, recognised by their first bytes, not by what they say of themselves."""

from pathlib import Path

from datalab.contracts.data import DataFormat, UnreadableData
from datalab.contracts.errors import TooLarge

COMPRESSIONS = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_BINARY = {b"PAR1": DataFormat.PARQUET, b"ARROW1": DataFormat.ARROW}
_ARCHIVES = {b"PK\x03\x04": "a ZIP archive or an Excel workbook", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"Rar!": "RAR"}
_TEXTS = frozenset({DataFormat.CSV, DataFormat.TSV, DataFormat.JSON, DataFormat.NDJSON})
_PIECE = 2**20
_SMALL_PIECE = 2**12
_LOOKED_AT = 2**16


def expanded(source: Path, max_bytes: int, *, whole: bool = True) -> Path:
    """The file itself, or beside it its content when it is compressed with gzip or zstd.

    Unless it is ``whole``, as much as comes out before the cut.

    Raises:
        UnreadableData: Empty, cut off or damaged, or compressed in another way.
        TooLarge: More than ``max_bytes`` come out of it.
    """
    head = first_bytes(source)
    if not head:
        raise UnreadableData("the upload is empty")
    for magic, what in _ARCHIVES.items():
        if head.startswith(magic):
            raise UnreadableData(f"this is {what}; upload the data itself, plain or compressed with gzip or zstd")
    compression = next((name for magic, name in COMPRESSIONS.items() if head.startswith(magic)), None)
    if compression is None:
        return source
    target = source.with_name("expanded")
    try:
        _decompress(source, compression, target, max_bytes, _PIECE if whole else _SMALL_PIECE)
    except UnreadableData:
        if whole:
            raise
    if not target.stat().st_size:
        raise UnreadableData(f"the upload is empty once its {compression} compression is undone")
    return target


def check_kind(source: Path, format: DataFormat) -> None:
    """Refuse bytes that are plainly of another format than stated.

    Raises:
        UnreadableData: It names both formats.
    """
    head = first_bytes(source)
    is_ = next((kind for magic, kind in _BINARY.items() if head.startswith(magic)), None)
    if is_ is not None and is_ is not format:
        raise UnreadableData(f"the bytes are {is_}, but the upload says {format}; state format={is_}")
    if format is DataFormat.PARQUET and is_ is None:
        raise UnreadableData("this is no Parquet: its first four bytes aren't PAR1")
    if format in _TEXTS and b"\x00" in head:
        offset = head.index(b"\x00")
        raise UnreadableData(f"byte {offset} is NUL: {format} is text in UTF-8, this is binary or in another encoding")


def first_bytes(source: Path) -> bytes:
    """Enough to recognise a format by."""
    with source.open("rb") as file:
        return file.read(_LOOKED_AT)


def _decompress(source: Path, compression: str, target: Path, max_bytes: int, piece_bytes: int) -> None:
    import pyarrow as pa

    size = 0
    try:
        with pa.CompressedInputStream(pa.OSFile(str(source)), compression) as stream, target.open("wb") as file:
            while piece := stream.read(piece_bytes):
                size += len(piece)
                if size > max_bytes:
                    raise TooLarge(f"more than {max_bytes:,} bytes come out of the {compression} compression")
                file.write(piece)
    except (OSError, pa.ArrowInvalid) as error:
        raise UnreadableData(f"the {compression} compression is cut off or damaged after {size:,} bytes") from error
