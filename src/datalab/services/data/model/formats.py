"""Formats by media type, file name and first bytes."""

from collections.abc import Mapping

from datalab.contracts.data import DataFormat
from datalab.contracts.errors import InvalidInput, NotAcceptable, UnsupportedFormat

MEDIA_TYPES: Mapping[DataFormat, str] = {
    DataFormat.JSON: "application/json",
    DataFormat.NDJSON: "application/x-ndjson",
    DataFormat.CSV: "text/csv",
    DataFormat.TSV: "text/tab-separated-values",
    DataFormat.ARROW: "application/vnd.apache.arrow.stream",
    DataFormat.PARQUET: "application/vnd.apache.parquet",
}
_ALSO: Mapping[str, DataFormat] = {
    "application/jsonl": DataFormat.NDJSON,
    "application/ndjson": DataFormat.NDJSON,
    "application/x-jsonlines": DataFormat.NDJSON,
    "application/x-parquet": DataFormat.PARQUET,
    "application/parquet": DataFormat.PARQUET,
    "application/vnd.apache.arrow.file": DataFormat.ARROW,
    "application/csv": DataFormat.CSV,
    "text/x-csv": DataFormat.CSV,
    "text/tsv": DataFormat.TSV,
    "text/json": DataFormat.JSON,
}
TYPED = frozenset({DataFormat.PARQUET, DataFormat.ARROW})
"""Formats whose files state the types of their columns."""
BY_MEDIA_TYPE = {**{media: one for one, media in MEDIA_TYPES.items()}, **_ALSO}
SILENT = frozenset(
    {"", "*/*", "application/octet-stream", "application/gzip", "application/x-gzip", "application/zstd", "text/plain"}
)
"""Media types that say nothing of the format."""
_EXTENSIONS: Mapping[str, DataFormat] = {
    **{one.value: one for one in DataFormat},
    "arrows": DataFormat.ARROW,
    "feather": DataFormat.ARROW,
    "ipc": DataFormat.ARROW,
    "jsonl": DataFormat.NDJSON,
    "pq": DataFormat.PARQUET,
    "tab": DataFormat.TSV,
}
_COMPRESSED = (".gz", ".zst", ".zstd")
_LISTED = ", ".join(DataFormat)


def named_format(text: str) -> DataFormat:
    """The format of that name. Raises InvalidInput."""
    try:
        return DataFormat(text.lower())
    except ValueError as error:
        raise InvalidInput(f"format: {text[:80]!r} is none of {_LISTED}") from error


def format_of_file(name: str) -> DataFormat | None:
    """The format that a file's name tells, below a ``.gz`` or ``.zst``."""
    bare = name.lower()
    for ending in _COMPRESSED:
        bare = bare.removesuffix(ending)
    return _EXTENSIONS.get(bare.rpartition(".")[2]) if "." in bare else None


def format_of_content(media_type: str) -> DataFormat | None:
    """The format that a ``Content-Type`` tells; none when it says nothing.

    Raises:
        UnsupportedFormat: It tells one that isn't read here.
    """
    bare = media_type.partition(";")[0].strip().lower()
    if bare in SILENT:
        return None
    if bare not in BY_MEDIA_TYPE:
        raise UnsupportedFormat(f"Content-Type {bare[:80]!r} isn't read here; upload one of {_LISTED}")
    return BY_MEDIA_TYPE[bare]


def format_of_bytes(head: bytes) -> DataFormat:
    """A guess from the first bytes, for uploads that say nothing of themselves."""
    if head.startswith(b"PAR1"):
        return DataFormat.PARQUET
    if head.startswith((b"ARROW1", b"\xff\xff\xff\xff")):
        return DataFormat.ARROW
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return {b"[": DataFormat.JSON, b"{": DataFormat.NDJSON}.get(start, DataFormat.CSV)


def acceptable_format(accept: str, default: DataFormat = DataFormat.JSON) -> DataFormat:
    """The first format, by preference, that an ``Accept`` header allows.

    Raises:
        NotAcceptable: It allows none of ours.
    """
    if not accept.strip():
        return default
    for media in _by_preference(accept):
        if media in {"*/*", "application/*"}:
            return default
        if media == "text/*":
            return DataFormat.CSV
        if media in BY_MEDIA_TYPE:
            return BY_MEDIA_TYPE[media]
    raise NotAcceptable(f"Accept: none of the formats is possible; there are {', '.join(MEDIA_TYPES.values())}")


def _by_preference(accept: str) -> list[str]:
    weighed: list[tuple[float, int, str]] = []
    for position, part in enumerate(accept.split(",")):
        media, *parameters = (one.strip().lower() for one in part.split(";"))
        quality = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        weighed.append((-_number(quality), position, media))
    return [media for weight, _, media in sorted(weighed) if weight < 0]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
