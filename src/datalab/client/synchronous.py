"""The synchronous face of the client.

Nothing is done here: each name takes an asynchronous method and waits for it, with the method's own signature.
"""

import weakref
from collections.abc import AsyncIterator, Iterable
from types import TracebackType
from typing import Self

from datalab.client.ai import AiClient
from datalab.client.asynchronous import AsyncClient
from datalab.client.compute import ComputeClient
from datalab.client.data import DataClient
from datalab.client.face import Face, blocking, iterating, streaming
from datalab.client.gateway import GatewayClient
from datalab.client.loop_thread import LoopThread
from datalab.client.viz import VizClient
from datalab.contracts.data import Dataset, DryRun, Upload
from datalab.contracts.previews import UploadPreview


class DataFace(Face[DataClient]):
    """The data service."""

    list_datasets = blocking(DataClient.list_datasets)
    get_dataset = blocking(DataClient.get_dataset)
    describe_dataset = blocking(DataClient.describe_dataset)
    delete_dataset = blocking(DataClient.delete_dataset)
    list_deleted = blocking(DataClient.list_deleted)
    undelete = blocking(DataClient.undelete)
    list_versions = blocking(DataClient.list_versions)
    diff = blocking(DataClient.diff)
    profile = blocking(DataClient.profile)
    restore = blocking(DataClient.restore)
    query = blocking(DataClient.query)
    query_stream = streaming(DataClient.query_stream)
    rows_stream = streaming(DataClient.rows_stream)
    list_queries = blocking(DataClient.list_queries)
    query_status = blocking(DataClient.query_status)
    cancel_query = blocking(DataClient.cancel_query)

    def upload(self, name: str, upload: Upload, body: Iterable[bytes]) -> Dataset:
        """Publish the bytes as a new version and give the dataset as it then is. All or nothing."""
        return self.loop.run(self.asynchronous.upload(name, upload, _asynchronous(body)))

    def preview_upload(self, name: str, upload: DryRun, body: Iterable[bytes]) -> UploadPreview:
        """What the upload would make; nothing is stored."""
        return self.loop.run(self.asynchronous.preview_upload(name, upload, _asynchronous(body)))


class AiFace(Face[AiClient]):
    """The AI service."""

    list_models = blocking(AiClient.list_models)
    get_model = blocking(AiClient.get_model)
    delete_model = blocking(AiClient.delete_model)
    list_model_versions = blocking(AiClient.list_model_versions)
    get_model_version = blocking(AiClient.get_model_version)
    list_aliases = blocking(AiClient.list_aliases)
    set_alias = blocking(AiClient.set_alias)
    delete_alias = blocking(AiClient.delete_alias)
    train = blocking(AiClient.train)
    predict = blocking(AiClient.predict)


class ComputeFace(Face[ComputeClient]):
    """The compute service."""

    submit = blocking(ComputeClient.submit)
    list_jobs = blocking(ComputeClient.list_jobs)
    get_job = blocking(ComputeClient.get_job)
    cancel = blocking(ComputeClient.cancel)
    retry = blocking(ComputeClient.retry)
    events = iterating(ComputeClient.events)
    logs = blocking(ComputeClient.logs)


class VizFace(Face[VizClient]):
    """The visualization service."""

    render = blocking(VizClient.render)
    list_charts = blocking(VizClient.list_charts)
    get_chart = blocking(VizClient.get_chart)
    put_chart = blocking(VizClient.put_chart)
    delete_chart = blocking(VizClient.delete_chart)
    render_chart = blocking(VizClient.render_chart)
    list_dashboards = blocking(VizClient.list_dashboards)
    get_dashboard = blocking(VizClient.get_dashboard)
    put_dashboard = blocking(VizClient.put_dashboard)
    delete_dashboard = blocking(VizClient.delete_dashboard)
    render_dashboard = blocking(VizClient.render_dashboard)


class GatewayFace(Face[GatewayClient]):
    """The gateway."""

    exchange_password = blocking(GatewayClient.exchange_password)
    set_up = blocking(GatewayClient.set_up)
    me = blocking(GatewayClient.me)
    list_users = blocking(GatewayClient.list_users)
    create_user = blocking(GatewayClient.create_user)
    change_user = blocking(GatewayClient.change_user)
    delete_user = blocking(GatewayClient.delete_user)
    change_password = blocking(GatewayClient.change_password)
    log_out = blocking(GatewayClient.log_out)
    list_sessions = blocking(GatewayClient.list_sessions)
    end_session = blocking(GatewayClient.end_session)
    list_api_keys = blocking(GatewayClient.list_api_keys)
    create_api_key = blocking(GatewayClient.create_api_key)
    delete_api_key = blocking(GatewayClient.delete_api_key)
    list_services = blocking(GatewayClient.list_services)
    list_audit = blocking(GatewayClient.list_audit)


class Client(Face[AsyncClient]):
    """A platform, seen by one caller; the same verbs as :class:`~datalab.client.asynchronous.AsyncClient`, waited for.

    Use it as a context manager, or close it; a forgotten one is closed when it is collected or the program ends.
    """

    def __init__(self, url: str | None = None, token: str | None = None) -> None:
        """A client of the platform at ``url`` (``DATALAB_URL``) for the holder of ``token`` (``DATALAB_TOKEN``).

        Raises:
            InvalidInput: ``url`` is no http(s) address.
        """
        client = AsyncClient(url, token)
        loop = LoopThread()
        super().__init__(client, loop)
        self._finish = weakref.finalize(self, _close, client, loop)
        self.data = DataFace(client.data, loop)
        self.ai = AiFace(client.ai, loop)
        self.compute = ComputeFace(client.compute, loop)
        self.viz = VizFace(client.viz, loop)
        self.gateway = GatewayFace(client.gateway, loop)

    sign_in = blocking(AsyncClient.sign_in)
    query = blocking(AsyncClient.query)
    upload = blocking(AsyncClient.upload)
    train = blocking(AsyncClient.train)
    predict = blocking(AsyncClient.predict)
    chart = blocking(AsyncClient.chart)
    submit = blocking(AsyncClient.submit)
    wait = blocking(AsyncClient.wait)
    follow = iterating(AsyncClient.follow)

    @property
    def url(self) -> str:
        """The platform's address."""
        return self.asynchronous.url

    @property
    def token(self) -> str | None:
        """The credential that is sent."""
        return self.asynchronous.token

    def close(self) -> None:
        """Close the connections and end the loop's thread."""
        self._finish()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _close(client: AsyncClient, loop: LoopThread) -> None:
    loop.stop(client.close())


async def _asynchronous(items: Iterable[bytes]) -> AsyncIterator[bytes]:
    for item in items:
        yield item
