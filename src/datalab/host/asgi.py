"""ASGI targets: ``uvicorn datalab.host.asgi:gateway`` and its like. Nothing is opened before the server starts them."""

from contextlib import AbstractAsyncContextManager
from functools import partial

from starlette.types import ASGIApp

from datalab.host.lazy_app import LazyApp
from datalab.kernel.config.settings import PlatformSettings
from datalab.kernel.http.stopping import Stopping


def _service(name: str, stopping: Stopping) -> AbstractAsyncContextManager[ASGIApp]:
    from datalab.host.one_service import open_service

    return open_service(PlatformSettings(), name, stopping)


def _platform(stopping: Stopping) -> AbstractAsyncContextManager[ASGIApp]:
    from datalab.host.one_process import open_platform

    return open_platform(PlatformSettings(), stopping)


gateway = LazyApp(partial(_service, "gateway"))
data = LazyApp(partial(_service, "data"))
ai = LazyApp(partial(_service, "ai"))
compute = LazyApp(partial(_service, "compute"))
viz = LazyApp(partial(_service, "viz"))
platform = LazyApp(_platform)
