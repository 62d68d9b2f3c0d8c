"""The kinds of job that this service knows itself."""

from typing import Final, cast

from datalab.contracts.errors import DeadlineExceeded
from datalab.contracts.jobs import JobContext, JobKind, JobResult, PythonJob, parse_spec
from datalab.kernel.pool.confine import Confinement, offered_confinement
from datalab.kernel.pool.errors import WorkerDied
from datalab.kernel.pool.pool import Pool
from datalab.kernel.pool.profile import Profile
from datalab.services.compute.actions import KindRefused
from datalab.services.compute.model.python import PythonFailed

QUEUE: Final = "compute"
PROFILE: Final = "python"
CHILD: Final = "datalab.services.compute.adapters.python_child"


def python_profile(*, memory_bytes: int, file_bytes: int, concurrency: int) -> Profile:
    """The kind of process that runs users' code: no folder but its own, no network, one job and then its end.

    ``file_bytes``: most bytes in one file that it writes.
    """
    return Profile(
        PROFILE,
        preload=(CHILD,),
        memory_bytes=memory_bytes,
        file_bytes=file_bytes,
        max_tasks=1,
        concurrency=concurrency,
    )


def python_refusal(offered: Confinement) -> str | None:
    """Why users' code isn't run on a host that can confine it no better than this; ``None`` where it is."""
    if offered.files and offered.network and offered.processes:
        return None
    return f"this host can't confine users' code ({'; '.join(offered.missing)})"


def compute_job_kinds(pool: Pool) -> tuple[JobKind, ...]:
    """The kind ``python``: code in a confined process of its own."""

    async def run(context: JobContext) -> JobResult:
        refusal = python_refusal(offered_confinement())
        if refusal is not None:
            raise KindRefused("python", refusal)
        spec = cast("PythonJob", parse_spec(kind, context.job.spec))
        try:
            return await pool.call(
                PROFILE,
                f"{CHILD}:run",
                {"code": spec.code},
                timeout_s=spec.timeout_s,
                queue_s=context.job.timeout_s,
                on_log=context.log,
                on_progress=context.progress,
            )
        except WorkerDied as error:
            raise PythonFailed(f"the code ended its process: {error.detail}") from error
        except DeadlineExceeded as error:
            raise DeadlineExceeded(f"the code took longer than spec.timeout_s, {spec.timeout_s:g} s") from error

    kind = JobKind("python", QUEUE, PythonJob, run)
    return (kind,)
