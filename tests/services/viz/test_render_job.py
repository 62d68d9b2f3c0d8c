"""The job kind ``render``."""

from typing import Any

import pytest
from tests.services.viz.conftest import Service
from tests.services.viz.specs import LINE

from datalab.contracts.errors import InvalidInput
from datalab.contracts.viz import ChartDraft, ChartNotFound, ImageFormat
from datalab.kernel.testing.jobs import RecordedAttempt, running_job
from datalab.services.viz.app import job_kinds

pytestmark = pytest.mark.asyncio(loop_scope="module")


def attempt(**spec: Any) -> RecordedAttempt:
    return RecordedAttempt(running_job("render", "viz", spec))


async def test_rendered_chart_is_warm(service: Service) -> None:
    await service.api().put_chart("late", ChartDraft(spec=LINE, sql="SELECT late"))
    (kind,) = job_kinds(service.dependencies)
    assert (kind.name, kind.queue) == ("render", "viz")

    result = await kind.handler(attempt(chart="late", format="svg"))

    drawn = await service.api().render_chart("late", ImageFormat.SVG)
    assert drawn.cached
    assert result == {"chart": "late", "format": "svg", "etag": drawn.etag, "bytes": len(drawn.content)}


async def test_unknown_chart_fails_the_job(service: Service) -> None:
    (kind,) = job_kinds(service.dependencies)
    with pytest.raises(ChartNotFound):
        await kind.handler(attempt(chart="nope"))


async def test_unknown_format_fails_the_job(service: Service) -> None:
    (kind,) = job_kinds(service.dependencies)
    with pytest.raises(InvalidInput, match="formats are png, svg, html, json"):
        await kind.handler(attempt(chart="late", format="gif"))
