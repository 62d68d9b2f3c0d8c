"""The visualization service's own variables."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from datalab.kernel.config.environment import Environment


class VizSettings(Environment):
    """How charts are drawn and kept; times in seconds, sizes in bytes."""

    render_timeout_s: Annotated[float, Field(validation_alias="DATALAB_VIZ_RENDER_TIMEOUT_S", gt=0, le=600)] = 10
    """How long one chart may be drawn before its process is killed."""

    render_memory_bytes: Annotated[int, Field(validation_alias="DATALAB_VIZ_RENDER_MEMORY_BYTES", ge=512 * 2**20)] = (
        1536 * 2**20
    )
    """How much memory a drawing process may ask for; it asks for about 600 MB before it draws anything."""

    render_processes: Annotated[int, Field(validation_alias="DATALAB_VIZ_RENDER_PROCESSES", ge=1, le=64)] = 2
    """Drawing processes at most, hence charts drawn at once."""

    query_timeout_s: Annotated[float, Field(validation_alias="DATALAB_VIZ_QUERY_TIMEOUT_S", gt=0, le=3600)] = 30
    """How long the query behind a chart may run."""

    cache_path: Annotated[Path | None, Field(validation_alias="DATALAB_VIZ_CACHE_PATH")] = None
    """Where drawn images are kept; ``cache/viz`` under the home when not set. Several instances may share it."""

    cache_bytes: Annotated[int, Field(validation_alias="DATALAB_VIZ_CACHE_BYTES", ge=0)] = 512 * 2**20
    """How much is kept there, about; the longest unused goes first."""
