"""The data service's own variables."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from datalab.kernel.config.environment import Environment

MIB = 2**20


class DataSettings(Environment):
    """Where tables and uploads are, and what statements and uploads may use; sizes in bytes or MiB, times in seconds."""

    home: Annotated[Path, Field(validation_alias="DATALAB_HOME")] = Path(".datalab")
    """The same folder as every service uses."""
    tables_path: Annotated[Path | None, Field(validation_alias="DATALAB_DATA_TABLES")] = None
    """Folder of the Delta tables, unless they are in an object store; ``data/tables`` under the home unless given."""
    spool_path: Annotated[Path | None, Field(validation_alias="DATALAB_DATA_SPOOL")] = None
    """Folder of uploads under way, on the same file system as the tables; ``data/uploads`` under the home unless given."""

    upload_max_bytes: Annotated[int, Field(validation_alias="DATALAB_DATA_UPLOAD_MAX_BYTES", ge=1)] = 10 * 2**30
    """Most bytes in one upload as it is sent."""
    expanded_max_bytes: Annotated[int, Field(validation_alias="DATALAB_DATA_EXPANDED_MAX_BYTES", ge=1)] = 40 * 2**30
    """What may come out of a compressed upload."""
    ingest_timeout_s: Annotated[float, Field(validation_alias="DATALAB_DATA_INGEST_TIMEOUT_S", gt=0)] = 3600
    """How long one upload may be parsed."""
    ingest_memory_mib: Annotated[int, Field(validation_alias="DATALAB_DATA_INGEST_MEMORY_MIB", ge=256)] = 1024
    """Memory of one parse."""
    ingest_workers: Annotated[int, Field(validation_alias="DATALAB_DATA_INGEST_WORKERS", ge=1, le=64)] = 2
    """Uploads parsed at once."""

    query_memory_mib: Annotated[int, Field(validation_alias="DATALAB_DATA_QUERY_MEMORY_MIB", ge=256)] = 1024
    """Memory of one statement."""
    query_workers: Annotated[int, Field(validation_alias="DATALAB_DATA_QUERY_WORKERS", ge=1, le=64)] = 4
    """Statements run at once."""
    query_threads: Annotated[int, Field(validation_alias="DATALAB_DATA_QUERY_THREADS", ge=1, le=64)] = 2
    """Threads of one statement."""
    spill_mib: Annotated[int, Field(validation_alias="DATALAB_DATA_SPILL_MIB", ge=16)] = 4096
    """Temporary files of one statement or parse."""
    cache_mib: Annotated[int, Field(validation_alias="DATALAB_DATA_CACHE_MIB", ge=0)] = 32
    """Answers remembered by one process."""

    queries_kept_s: Annotated[float, Field(validation_alias="DATALAB_DATA_QUERIES_KEPT_S", ge=60)] = 2_592_000
    """How long queries are remembered."""
    queries_kept: Annotated[int, Field(validation_alias="DATALAB_DATA_QUERIES_KEPT", ge=1)] = 1_000
    """How many queries of each account are remembered."""
    deleted_kept_s: Annotated[float, Field(validation_alias="DATALAB_DATA_DELETED_KEPT_S", ge=0)] = 604_800
    """How long a deleted dataset can be brought back; then its files go too."""
    orphan_kept_s: Annotated[float, Field(validation_alias="DATALAB_DATA_ORPHAN_KEPT_S", ge=60)] = 86_400
    """How long a folder that no dataset has stays."""
    reconcile_s: Annotated[float, Field(validation_alias="DATALAB_DATA_RECONCILE_S", ge=1)] = 60
    """How often is cleared up after processes that died."""

    @property
    def tables_folder(self) -> Path:
        """Where the Delta tables are."""
        return (self.tables_path or self.home / "data" / "tables").absolute()

    @property
    def commits_folder(self) -> Path:
        """Where commits to tables in an object store are made ready."""
        return (self.home / "data" / "commits").absolute()

    @property
    def spool_folder(self) -> Path:
        """Where uploads wait."""
        return (self.spool_path or self.home / "data" / "uploads").absolute()
