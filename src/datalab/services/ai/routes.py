"""The service's paths."""

from typing import Annotated

from fastapi import Depends, Header, Path, Query, Request, Response

from datalab.contracts.ai import (
    AiApi,
    Alias,
    AliasTarget,
    Model,
    ModelVersion,
    Prediction,
    PredictRequest,
    TrainRequest,
)
from datalab.contracts.identity import Role
from datalab.contracts.jobs import Job
from datalab.contracts.model import Page, PageRequest
from datalab.kernel.auth.require import requires
from datalab.kernel.http.hanging_up import while_on_the_line
from datalab.kernel.http.routes import callers_actions, service_router

READ, WRITE = requires(Role.VIEWER, "ai:read"), requires(Role.EDITOR, "ai:write")
Actions = Annotated[AiApi, Depends(callers_actions)]
Version = Annotated[int, Path(ge=1)]
Paging = Annotated[PageRequest, Query()]
IdempotencyKey = Annotated[str | None, Header(max_length=255)]

router = service_router("/api/v1/ai", "ai")


@router.get("/models", **READ)
async def list_models(actions: Actions, page: Paging) -> Page[Model]:
    """Models by name."""
    return await actions.list_models(page)


@router.get("/models/{name}", **READ)
async def get_model(actions: Actions, name: str) -> Model:
    """One model."""
    return await actions.get_model(name)


@router.delete("/models/{name}", status_code=204, **WRITE)
async def delete_model(actions: Actions, name: str) -> None:
    """Take a model with its versions away."""
    await actions.delete_model(name)


@router.get("/models/{name}/versions", **READ)
async def list_model_versions(actions: Actions, name: str, page: Paging) -> Page[ModelVersion]:
    """A model's versions, newest first."""
    return await actions.list_model_versions(name, page)


@router.get("/models/{name}/versions/{version}", **READ)
async def get_model_version(actions: Actions, name: str, version: Version) -> ModelVersion:
    """One version with its card."""
    return await actions.get_model_version(name, version)


@router.get("/models/{name}/aliases", **READ)
async def list_aliases(actions: Actions, name: str) -> Page[Alias]:
    """A model's aliases."""
    return await actions.list_aliases(name)


@router.put("/models/{name}/aliases/{alias}", **WRITE)
async def set_alias(actions: Actions, name: str, alias: str, target: AliasTarget) -> Alias:
    """Point an alias at a version."""
    return await actions.set_alias(name, alias, target)


@router.delete("/models/{name}/aliases/{alias}", status_code=204, **WRITE)
async def delete_alias(actions: Actions, name: str, alias: str) -> None:
    """Take an alias away."""
    await actions.delete_alias(name, alias)


@router.post("/models/{name}/train", status_code=202, **WRITE)
async def train(
    actions: Actions,
    name: str,
    request: TrainRequest,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Job:
    """Train as a job; its result names the version."""
    job = await actions.train(name, request, idempotency_key)
    response.headers["Location"] = f"/api/v1/compute/jobs/{job.id}"
    return job


@router.post("/models/{name}/predict", response_model=Prediction, **READ)
async def predict(line: Request, actions: Actions, name: str, request: PredictRequest) -> Response:
    """Predict for the rows: by version or alias, else by ``champion``, else by the latest version."""
    async with while_on_the_line(line):
        said = await actions.predict(name, request)
    return Response(said.model_dump_json(), media_type="application/json")
