"""How one service reaches another: its own actions in the same process, or the client over HTTP."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from datalab.client.asynchronous import AsyncClient
from datalab.client.endpoints import Endpoints
from datalab.client.session import Session
from datalab.contracts.compute import ComputeApi
from datalab.contracts.data import DataApi
from datalab.contracts.identity import ApiFor, Caller
from datalab.host.rights import Rights
from datalab.host.round_trip import in_process
from datalab.host.traced_calls import traced
from datalab.kernel.config.settings import PlatformSettings

T = TypeVar("T")
CALLED = ("data", "compute")
"""The services that others call."""


def near(service: str, api: Callable[[Caller], T]) -> ApiFor[T]:
    """The service of this process, called by value, with the rights that its routes would ask for."""
    rights = Rights(service)
    return lambda caller: in_process(traced(service, api(caller)), partial(rights.check, caller))


class Far:
    """Services of other processes, over shared connections."""

    def __init__(self, settings: PlatformSettings, session: Session) -> None:
        self._session = session
        urls = {name: settings.service_urls(name) for name in (*CALLED, "gateway")}
        self._endpoints = Endpoints(settings.service_urls("gateway")[0], urls)

    def data(self, caller: Caller) -> DataApi:
        """The data service for one caller."""
        return self._client(caller).data

    def compute(self, caller: Caller) -> ComputeApi:
        """The compute service for one caller."""
        return self._client(caller).compute

    def _client(self, caller: Caller) -> AsyncClient:
        return AsyncClient.for_caller(caller, self._session, self._endpoints)
