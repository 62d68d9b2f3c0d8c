"""Kind ``train``, run by workers of the queue ``ai``."""

from typing import cast

from datalab.catalog import AI
from datalab.contracts.ai import TrainJob
from datalab.contracts.jobs import JobContext, JobKind, JobResult, parse_spec
from datalab.services.ai.actions.dependencies import ActionDependencies
from datalab.services.ai.actions.models import TRAIN
from datalab.services.ai.actions.training import train_model


def kinds_over(its: ActionDependencies) -> tuple[JobKind, ...]:
    """The service's kinds of jobs."""

    async def train(context: JobContext) -> JobResult:
        return await train_model(its, context, cast("TrainJob", parse_spec(kind, context.job.spec)))

    kind = JobKind(TRAIN, AI.name, TrainJob, train)
    return (kind,)
