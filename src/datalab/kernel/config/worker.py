"""Settings of workers of jobs."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from datalab.kernel.config.environment import Environment


class WorkerSettings(Environment):
    """How others see whether a worker, which has no port to ask, is alive. Holds no secret, so that probes need none."""

    heartbeat: Annotated[Path | None, Field(validation_alias="DATALAB_WORKER_HEARTBEAT")] = None
    """A file of its own that a worker touches every few seconds, for `datalab worker-health`; none unless given."""
