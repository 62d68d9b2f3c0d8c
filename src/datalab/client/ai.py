"""The AI service over HTTP."""

from datalab.client.call import FIRST_PAGE, Call, body_of, once, page_params, segment
from datalab.client.transport import Transport
from datalab.contracts.ai import (
    Alias,
    AliasTarget,
    Model,
    ModelVersion,
    Prediction,
    PredictRequest,
    TrainRequest,
)
from datalab.contracts.ids import new_id
from datalab.contracts.jobs import Job
from datalab.contracts.model import Page, PageRequest

_MODELS = "/api/v1/ai/models"


class AiClient:
    """:class:`~datalab.contracts.ai.AiApi` over HTTP."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def list_models(self, page: PageRequest = FIRST_PAGE) -> Page[Model]:
        """Models by name."""
        return await self._transport.fetch(Call("ai", "GET", _MODELS, params=page_params(page)), Page[Model])

    async def get_model(self, name: str) -> Model:
        """One model. Raises ModelNotFound."""
        return await self._transport.fetch(Call("ai", "GET", _path(name)), Model)

    async def delete_model(self, name: str) -> None:
        """Take a model with its versions away."""
        await self._transport.read(Call("ai", "DELETE", _path(name)))

    async def list_model_versions(
        self,
        name: str,
        page: PageRequest = FIRST_PAGE,
    ) -> Page[ModelVersion]:
        """A model's versions, newest first."""
        call = Call("ai", "GET", f"{_path(name)}/versions", params=page_params(page))
        return await self._transport.fetch(call, Page[ModelVersion])

    async def get_model_version(self, name: str, version: int) -> ModelVersion:
        """One version with its card."""
        return await self._transport.fetch(Call("ai", "GET", f"{_path(name)}/versions/{version}"), ModelVersion)

    async def list_aliases(self, name: str) -> Page[Alias]:
        """A model's aliases."""
        return await self._transport.fetch(Call("ai", "GET", f"{_path(name)}/aliases"), Page[Alias])

    async def set_alias(self, name: str, alias: str, target: AliasTarget) -> Alias:
        """Point an alias at a version."""
        path = f"{_path(name)}/aliases/{segment(alias)}"
        return await self._transport.fetch(Call("ai", "PUT", path, json=body_of(target), repeatable=True), Alias)

    async def delete_alias(self, name: str, alias: str) -> None:
        """Take an alias away."""
        await self._transport.read(Call("ai", "DELETE", f"{_path(name)}/aliases/{segment(alias)}"))

    async def train(self, name: str, request: TrainRequest, idempotency_key: str | None = None) -> Job:
        """Submit the training as a job; its result names the version."""
        call = Call(
            "ai",
            "POST",
            f"{_path(name)}/train",
            json=body_of(request),
            headers=once(idempotency_key or new_id()),
            repeatable=True,
        )
        return await self._transport.fetch(call, Job)

    async def predict(self, name: str, request: PredictRequest) -> Prediction:
        """Predict for the rows."""
        call = Call("ai", "POST", f"{_path(name)}/predict", json=body_of(request), repeatable=True)
        return await self._transport.fetch(call, Prediction)


def _path(name: str) -> str:
    return f"{_MODELS}/{segment(name)}"
