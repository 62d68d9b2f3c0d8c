"""Uploads parsed as a worker parses them, without the process around."""

from pathlib import Path

import duckdb

from datalab.contracts.data import Column, DataFormat
from datalab.services.data.adapters.ingest.parse import run
from datalab.services.data.model.ingest import Ingested, IngestRequest
from datalab.services.data.model.statement import EngineLimits

LIMITS = EngineLimits(memory_bytes=512 * 2**20, spill_bytes=2**30, threads=2)
EXPANDED_MAX = 4_000_000


class Silence:
    """A channel to nobody."""

    def progress(self, fraction: float, message: str = "") -> None:
        """Pass over it."""


class Parsed:
    """What came of an upload."""

    def __init__(self, ingested: Ingested, target: Path) -> None:
        self.ingested = ingested
        self.types = {column.name: column.type for column in ingested.columns}
        self.rows = duckdb.execute(f"FROM '{target}'").fetchall()


def parse(
    folder: Path,
    content: bytes | str,
    format: DataFormat = DataFormat.CSV,
    *,
    columns: dict[str, str] | None = None,
    key: tuple[str, ...] = (),
    base: tuple[str, ...] = (),
) -> Parsed:
    """The upload as a Parquet file."""
    source, target = folder / "body", folder / "result.parquet"
    source.write_bytes(content if isinstance(content, bytes) else content.encode())
    pinned = None if columns is None else tuple(Column(name=name, type=kind) for name, kind in columns.items())
    request = IngestRequest(
        source=str(source),
        format=format,
        target=str(target),
        columns=pinned,
        choices=(),
        key=key,
        base=base,
        expanded_max_bytes=EXPANDED_MAX,
        limits=LIMITS,
    )
    made = run(request.model_dump(mode="json"), Silence())  # pyright: ignore[reportArgumentType]
    return Parsed(Ingested.model_validate(made), target)
