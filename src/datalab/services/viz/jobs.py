"""The kinds of job that this service knows."""

from typing import cast

from datalab.contracts.errors import InvalidInput
from datalab.contracts.identity import ApiFor
from datalab.contracts.jobs import JobContext, JobHandler, JobKind, JobResult, RenderJob, parse_spec
from datalab.contracts.viz import ImageFormat, VizApi

QUEUE = "viz"


def viz_job_kinds(viz: ApiFor[VizApi]) -> tuple[JobKind, ...]:
    """The kind ``render``: a saved chart drawn, so that its image is there when it is asked for."""
    return (JobKind("render", QUEUE, RenderJob, _render_handler(viz)),)


def _render_handler(viz: ApiFor[VizApi]) -> JobHandler:
    async def render(context: JobContext) -> JobResult:
        kind = JobKind("render", QUEUE, RenderJob, render)
        wanted = cast("RenderJob", parse_spec(kind, context.job.spec))
        await context.progress(0.1, f"drawing {wanted.chart}")
        drawn = await viz(context.caller).render_chart(wanted.chart, _format_of(wanted))
        await context.log(f"{wanted.chart} as {wanted.format}: {len(drawn.content):,} bytes")
        return {"chart": wanted.chart, "format": wanted.format, "etag": drawn.etag, "bytes": len(drawn.content)}

    return render


def _format_of(wanted: RenderJob) -> ImageFormat:
    try:
        return ImageFormat(wanted.format)
    except ValueError as error:
        formats = ", ".join(ImageFormat)
        raise InvalidInput(f"spec.format: {wanted.format[:80]!r} is no format; formats are {formats}") from error
