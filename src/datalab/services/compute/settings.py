"""The compute service's own variables."""

from typing import Annotated

from pydantic import Field

from datalab.kernel.config.environment import Environment


class ComputeSettings(Environment):
    """How jobs are run; times in seconds."""

    slots: Annotated[int, Field(validation_alias="DATALAB_COMPUTE_SLOTS", ge=1, le=1024)] = 4
    """Jobs that one worker process runs at once."""

    lease_s: Annotated[float, Field(validation_alias="DATALAB_COMPUTE_LEASE_S", ge=1, le=600)] = 10
    """How long a job stays a worker's that says nothing; after that it is run anew."""

    poll_s: Annotated[float, Field(validation_alias="DATALAB_COMPUTE_POLL_S", gt=0, le=60)] = 0.5
    """How often the job table is looked at unasked."""

    drain_s: Annotated[float, Field(validation_alias="DATALAB_COMPUTE_DRAIN_S", ge=0, le=3600)] = 20
    """How long running jobs may go on when their worker is told to stop; then others run them anew."""

    heartbeat_s: Annotated[float, Field(validation_alias="DATALAB_COMPUTE_HEARTBEAT_S", gt=0, le=300)] = 15
    """How often a stream of events says that it is alive."""

    jobs_days: Annotated[float, Field(validation_alias="DATALAB_COMPUTE_JOBS_DAYS", gt=0)] = 90
    """Days that a job is kept once it has ended, with its result and its log."""

    keys_days: Annotated[float, Field(validation_alias="DATALAB_COMPUTE_KEYS_DAYS", gt=0)] = 7
    """Days that an `Idempotency-Key` is known, at most as long as its job."""

    python_memory_bytes: Annotated[int, Field(validation_alias="DATALAB_COMPUTE_PYTHON_MEMORY_BYTES", ge=2**27)] = 2**31
    """Memory that a ``python`` job may have."""

    python_file_bytes: Annotated[int, Field(validation_alias="DATALAB_COMPUTE_PYTHON_FILE_BYTES", ge=0)] = 2**28
    """Most bytes in one file that a ``python`` job writes into its folder."""
