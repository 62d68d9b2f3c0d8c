"""Attempts at jobs as handlers see them, in tests of the handlers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pydantic import JsonValue

from datalab.contracts.identity import Caller
from datalab.contracts.ids import new_id
from datalab.contracts.jobs import Job, JobState
from datalab.kernel.testing.identity import caller


def running_job(kind: str, queue: str, spec: Mapping[str, JsonValue], id: str | None = None) -> Job:
    """A job as it is while it runs for the first time."""
    now = datetime.now(UTC)
    return Job(
        id=id or new_id(),
        kind=kind,
        queue=queue,
        spec=dict(spec),
        state=JobState.RUNNING,
        progress=0,
        progress_message=None,
        result=None,
        error=None,
        attempt=1,
        retries=2,
        priority=0,
        depends_on=(),
        tags=(),
        owner="user-ada",
        timeout_s=100,
        run_at=None,
        deadline=None,
        created_at=now,
        started_at=now,
        finished_at=None,
    )


@dataclass
class RecordedAttempt:
    """A :class:`datalab.contracts.jobs.JobContext` that keeps what it is told: log ``lines``, ``fractions`` of the work."""

    job: Job
    caller: Caller = field(default_factory=caller)
    scratch: Path = Path()
    lines: list[str] = field(default_factory=list[str])
    fractions: list[float] = field(default_factory=list[float])

    async def progress(self, fraction: float, message: str = "") -> None:  # noqa: ARG002 - the contract's
        """Keep the fraction."""
        self.fractions.append(fraction)

    async def log(self, line: str) -> None:
        """Keep the line."""
        self.lines.append(line)
