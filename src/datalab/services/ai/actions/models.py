"""The AI service for one caller."""

from datalab.contracts.ai import (
    Alias,
    AliasTarget,
    Model,
    ModelVersion,
    Prediction,
    PredictRequest,
    TrainJob,
    TrainRequest,
    UntrainableData,
)
from datalab.contracts.errors import FieldError, InvalidInput
from datalab.contracts.identity import Caller
from datalab.contracts.jobs import Job, JobSubmission
from datalab.contracts.model import Page, PageRequest
from datalab.kernel.failpoint import reach
from datalab.services.ai.actions.dependencies import ActionDependencies
from datalab.services.ai.model.naming import check_alias, check_model_name

TRAIN = "train"


class AiActions:
    """Implements :class:`datalab.contracts.ai.AiApi`."""

    def __init__(self, dependencies: ActionDependencies, caller: Caller) -> None:
        self._its = dependencies
        self._caller = caller

    async def list_models(self, page: PageRequest) -> Page[Model]:
        """Models by name."""
        return await self._its.registry.list_models(page)

    async def get_model(self, name: str) -> Model:
        """One model."""
        return await self._its.registry.get_model(check_model_name(name))

    async def delete_model(self, name: str) -> None:
        """Take a model with its versions away. Files are deleted once nobody can find them any more."""
        files = await self._its.registry.delete_model(check_model_name(name))
        reach("ai.delete.after_commit")
        await self._its.files.delete(files)

    async def list_model_versions(self, name: str, page: PageRequest) -> Page[ModelVersion]:
        """A model's versions, newest first."""
        return await self._its.registry.list_versions(check_model_name(name), page)

    async def get_model_version(self, name: str, version: int) -> ModelVersion:
        """One version with its card."""
        return await self._its.registry.get_version(check_model_name(name), version)

    async def list_aliases(self, name: str) -> Page[Alias]:
        """A model's aliases."""
        return Page(items=await self._its.registry.list_aliases(check_model_name(name)), next_cursor=None)

    async def set_alias(self, name: str, alias: str, target: AliasTarget) -> Alias:
        """Point an alias at a version."""
        return await self._its.registry.set_alias(check_model_name(name), check_alias(alias), target.version)

    async def delete_alias(self, name: str, alias: str) -> None:
        """Take an alias away."""
        await self._its.registry.delete_alias(check_model_name(name), check_alias(alias))

    async def train(self, name: str, request: TrainRequest, idempotency_key: str | None = None) -> Job:
        """Submit the training as a job, once what can be known at once is known to be right."""
        job = TrainJob(model=check_model_name(name), **request.model_dump())
        if request.dataset is not None:
            await self._refuse_unknown_columns(request, request.dataset)
        submission = JobSubmission(kind=TRAIN, spec=job.model_dump(mode="json", exclude_defaults=True))
        return await self._its.compute(self._caller).submit(submission, idempotency_key)

    async def predict(self, name: str, request: PredictRequest) -> Prediction:
        """Predict for the rows."""
        if request.version is not None and request.alias is not None:
            raise InvalidInput("give either version or alias, not both")
        if request.alias is not None:
            check_alias(request.alias, "body.alias")
        located = await self._its.registry.locate(check_model_name(name), request.version, request.alias)
        outcome = await self._its.predictor.predict(located.id, request.rows)
        return Prediction(
            predictions=outcome.predictions,
            probabilities=outcome.probabilities,
            classes=outcome.classes,
            model=name,
            model_version=located.version,
            batch_wait_ms=outcome.batch_wait_ms,
            cached=False,
        )

    async def _refuse_unknown_columns(self, request: TrainRequest, dataset: str) -> None:
        known = [column.name for column in (await self._its.data(self._caller).get_dataset(dataset)).columns]
        named = {
            "target": (request.target,),
            "features": request.features,
            "exclude": request.exclude,
            "holdout": (request.holdout,) if request.holdout is not None else (),
        }
        what = f"no column of {dataset}; it has {', '.join(known)[:1000]}"
        errors = [
            FieldError(where=f"body.{field}", what=what, got=repr(column[:80]))
            for field, columns in named.items()
            for column in columns
            if column not in known
        ]
        if errors:
            raise UntrainableData(f"{errors[0].where}: {errors[0].got} is {errors[0].what}", errors=errors)
