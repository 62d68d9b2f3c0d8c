"""The job kind ``render``."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.services.viz.conftest import Service
from tests.services.viz.specs import LINE

from datalab.contracts.errors import InvalidInput
from datalab.contracts.identity import Caller
from datalab.contracts.jobs import Job, JobState
from datalab.contracts.viz import ChartDraft, ChartNotFound, ImageFormat
from datalab.kernel.testing.identity import caller
from datalab.services.viz.app import job_kinds

pytestmark = pytest.mark.asyncio(loop_scope="module")


def job(**spec: Any) -> Job:
    return Job(
        id="1",
        kind="render",
        queue="viz",
        spec=spec,
        state=JobState.RUNNING,
        progress=0,
        progress_message=None,
        result=None,
        error=None,
        attempt=1,
        retries=0,
        priority=0,
        depends_on=(),
        tags=(),
        owner="ada",
        timeout_s=60,
        run_at=None,
        deadline=None,
        created_at=datetime.now(UTC),
        started_at=None,
        finished_at=None,
    )


@dataclass
class Attempt:
    """A running job as its handler sees it."""

    job: Job
    caller: Caller = field(default_factory=caller)
    scratch: Path = Path()
    lines: list[str] = field(default_factory=list)

    async def progress(self, fraction: float, message: str = "") -> None:
        self.lines.append(message)

    async def log(self, line: str) -> None:
        self.lines.append(line)


async def test_rendered_chart_is_warm(service: Service) -> None:
    await service.api().put_chart("late", ChartDraft(spec=LINE, sql="SELECT late"))
    (kind,) = job_kinds(service.dependencies)
    assert (kind.name, kind.queue) == ("render", "viz")

    result = await kind.handler(Attempt(job(chart="late", format="svg")))

    drawn = await service.api().render_chart("late", ImageFormat.SVG)
    assert drawn.cached
    assert result == {"chart": "late", "format": "svg", "etag": drawn.etag, "bytes": len(drawn.content)}


async def test_unknown_chart_fails_the_job(service: Service) -> None:
    (kind,) = job_kinds(service.dependencies)
    with pytest.raises(ChartNotFound):
        await kind.handler(Attempt(job(chart="nope")))


async def test_unknown_format_fails_the_job(service: Service) -> None:
    (kind,) = job_kinds(service.dependencies)
    with pytest.raises(InvalidInput, match="formats are png, svg, html, json"):
        await kind.handler(Attempt(job(chart="late", format="gif")))
