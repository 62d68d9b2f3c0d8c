"""The service's paths."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response

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
from datalab.contracts.identity import Caller, Role
from datalab.contracts.jobs import Job
from datalab.contracts.model import Page, PageRequest
from datalab.kernel.auth.require import CurrentCaller, requires
from datalab.kernel.http.hanging_up import while_on_the_line

READ, WRITE = "ai:read", "ai:write"
Version = Annotated[int, Path(ge=1)]
Paging = Annotated[PageRequest, Query()]
IdempotencyKey = Annotated[str | None, Header(max_length=255)]


def router_over(ai: Callable[[Caller], AiApi]) -> APIRouter:
    """The paths, each calling one action of its caller's."""
    router = APIRouter(prefix="/api/v1/ai", tags=["ai"])
    _add_models(router, ai)
    _add_aliases(router, ai)
    _add_work(router, ai)
    return router


def _add_models(router: APIRouter, ai: Callable[[Caller], AiApi]) -> None:
    @router.get("/models", **requires(Role.VIEWER, READ))
    async def list_models(caller: CurrentCaller, page: Paging) -> Page[Model]:
        """Models by name."""
        return await ai(caller).list_models(page)

    @router.get("/models/{name}", **requires(Role.VIEWER, READ))
    async def get_model(caller: CurrentCaller, name: str) -> Model:
        """One model."""
        return await ai(caller).get_model(name)

    @router.delete("/models/{name}", status_code=204, **requires(Role.EDITOR, WRITE))
    async def delete_model(caller: CurrentCaller, name: str) -> None:
        """Take a model with its versions away."""
        await ai(caller).delete_model(name)

    @router.get("/models/{name}/versions", **requires(Role.VIEWER, READ))
    async def list_model_versions(caller: CurrentCaller, name: str, page: Paging) -> Page[ModelVersion]:
        """A model's versions, newest first."""
        return await ai(caller).list_model_versions(name, page)

    @router.get("/models/{name}/versions/{version}", **requires(Role.VIEWER, READ))
    async def get_model_version(caller: CurrentCaller, name: str, version: Version) -> ModelVersion:
        """One version with its card."""
        return await ai(caller).get_model_version(name, version)

    _ = list_models, get_model, delete_model, list_model_versions, get_model_version


def _add_aliases(router: APIRouter, ai: Callable[[Caller], AiApi]) -> None:
    @router.get("/models/{name}/aliases", **requires(Role.VIEWER, READ))
    async def list_aliases(caller: CurrentCaller, name: str) -> Page[Alias]:
        """A model's aliases."""
        return await ai(caller).list_aliases(name)

    @router.put("/models/{name}/aliases/{alias}", **requires(Role.EDITOR, WRITE))
    async def set_alias(caller: CurrentCaller, name: str, alias: str, target: AliasTarget) -> Alias:
        """Point an alias at a version."""
        return await ai(caller).set_alias(name, alias, target)

    @router.delete("/models/{name}/aliases/{alias}", status_code=204, **requires(Role.EDITOR, WRITE))
    async def delete_alias(caller: CurrentCaller, name: str, alias: str) -> None:
        """Take an alias away."""
        await ai(caller).delete_alias(name, alias)

    _ = list_aliases, set_alias, delete_alias


def _add_work(router: APIRouter, ai: Callable[[Caller], AiApi]) -> None:
    @router.post("/models/{name}/train", status_code=202, **requires(Role.EDITOR, WRITE))
    async def train(
        caller: CurrentCaller,
        name: str,
        request: TrainRequest,
        response: Response,
        idempotency_key: IdempotencyKey = None,
    ) -> Job:
        """Train as a job; its result names the version."""
        job = await ai(caller).train(name, request, idempotency_key)
        response.headers["Location"] = f"/api/v1/compute/jobs/{job.id}"
        return job

    @router.post("/models/{name}/predict", response_model=Prediction, **requires(Role.VIEWER, READ))
    async def predict(line: Request, caller: CurrentCaller, name: str, request: PredictRequest) -> Response:
        """Predict for the rows: by version or alias, else by ``champion``, else by the latest version."""
        async with while_on_the_line(line):
            said = await ai(caller).predict(name, request)
        return Response(said.model_dump_json(), media_type="application/json")

    _ = train, predict
