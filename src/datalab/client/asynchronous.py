"""The client of a platform."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from pydantic import SecretStr

from datalab.client.ai import AiClient
from datalab.client.arrow import ArrowStreamable, read_stream, rows_of
from datalab.client.compute import ComputeClient
from datalab.client.data import DataClient
from datalab.client.endpoints import Endpoints, token_from_environment, url_from_environment
from datalab.client.gateway import GatewayClient
from datalab.client.renewal import Renewal
from datalab.client.requests import choice, made
from datalab.client.results import Table
from datalab.client.session import Session
from datalab.client.sources import Source, encoded
from datalab.client.transport import OnBehalf, Origin, Transport
from datalab.client.viz import VizClient
from datalab.client.waiting import ended
from datalab.contracts.ai import Prediction, PredictRequest, Task, TrainRequest
from datalab.contracts.columns import ColumnChoice
from datalab.contracts.data import DataFormat, Dataset, QueryRequest, Upload, UploadMode
from datalab.contracts.gateway import Token
from datalab.contracts.identity import Caller
from datalab.contracts.jobs import Job, JobEvent, JobSubmission
from datalab.contracts.viz import ImageFormat, Rendering, RenderRequest

MANY_ROWS = 1_000_000


class AsyncClient:
    """A platform, seen by one caller.

    ``data``, ``ai``, ``compute``, ``viz`` and ``gateway`` are the services' whole interfaces; the methods here are the
    everyday verbs over them. Use it as an asynchronous context manager, or close it. Its methods raise
    :class:`~datalab.contracts.errors.PlatformError`: what the service said, or Unavailable when it can't be reached.
    """

    def __init__(self, url: str | None = None, token: str | None = None) -> None:
        """A client of the platform at ``url`` (``DATALAB_URL``) for the holder of ``token`` (``DATALAB_TOKEN``).

        Raises:
            InvalidInput: ``url`` is no http(s) address.
        """
        endpoints = Endpoints(url or url_from_environment())
        origin = Origin(token or token_from_environment())
        self._bind(Transport(Session(), endpoints, origin), shared=False)

    @classmethod
    def for_caller(cls, caller: Caller, session: Session, endpoints: Endpoints) -> Self:
        """The client by which one service asks another in a caller's name.

        It costs a few objects and no connection: ``session`` is shared and outlives it.
        """
        client = cls.__new__(cls)
        client._bind(Transport(session, endpoints, OnBehalf(caller)), shared=True)  # noqa: SLF001 - its own maker
        return client

    def _bind(self, transport: Transport, *, shared: bool) -> None:
        self._transport = transport
        self._shared = shared
        self.data = DataClient(transport)
        self.ai = AiClient(transport)
        self.compute = ComputeClient(transport)
        self.viz = VizClient(transport)
        self.gateway = GatewayClient(transport)

    @property
    def url(self) -> str:
        """The platform's address."""
        return self._transport.endpoints.gateway

    @property
    def token(self) -> str | None:
        """The credential that is sent."""
        return (self._transport.renewing or self._transport.origin).token

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections, unless they are shared."""
        if not self._shared:
            await self._transport.session.close()

    async def sign_in(self, name: str, password: str | SecretStr) -> Token:
        """Get an access token for an account and use it from now on, and the next one before it expires.

        Raises:
            InvalidCredentials: Name or password is wrong.
        """
        secret = password if isinstance(password, SecretStr) else SecretStr(password)
        session, endpoints = self._transport.session, self._transport.endpoints
        token = await GatewayClient(Transport(session, endpoints, Origin())).exchange_password(name, secret)
        self._transport.renewing = Renewal(token, session, endpoints)
        return token

    async def query(
        self,
        sql: str,
        params: Sequence[Any] | Mapping[str, Any] | None = None,
        *,
        max_rows: int = MANY_ROWS,
        timeout_s: float = 30,
    ) -> Table:
        """The answer to a SQL query; ``truncated`` when it had more than ``max_rows``."""
        request = made(
            QueryRequest,
            sql=sql,
            params=params,
            format=DataFormat.ARROW,
            # One more than asked for tells whether there was more.
            max_rows=max_rows + 1,
            timeout_s=timeout_s,
        )
        async with self.data.query_stream(request) as stream:
            content = b"".join([piece async for piece in stream])
        table = await asyncio.to_thread(read_stream, content)
        return Table(table.slice(0, max_rows), truncated=table.num_rows > max_rows)

    async def upload(
        self,
        name: str,
        source: Source,
        *,
        mode: UploadMode | str = UploadMode.CREATE,
        format: DataFormat | str | None = None,
        key: Sequence[str] = (),
        description: str | None = None,
        columns: Sequence[ColumnChoice | Mapping[str, str]] = (),
    ) -> Dataset:
        """Publish a file, bytes or a frame (pandas, Polars, Arrow) as the next version of a dataset.

        ``columns``: those to keep, such as ``{"source": "Dep Time", "name": "dep_time", "type": "TIMESTAMP"}``.
        """
        content = encoded(source, None if format is None else choice(DataFormat, format))
        upload = made(
            Upload,
            mode=mode,
            format=content.format,
            key=tuple(key),
            description=description,
            columns=tuple(columns),
        )
        return await self.data.upload(name, upload, content.body)

    async def train(
        self,
        model: str,
        *,
        target: str,
        dataset: str | None = None,
        sql: str | None = None,
        task: Task | str | None = None,
        features: Sequence[str] = (),
        exclude: Sequence[str] = (),
        holdout: str | None = None,
        alias: str | None = None,
        seed: int = 0,
    ) -> Job:
        """Submit the training of a model on a dataset or a query's answer; :meth:`wait` for the job's result."""
        request = made(
            TrainRequest,
            target=target,
            dataset=dataset,
            sql=sql,
            task=task,
            features=tuple(features),
            exclude=tuple(exclude),
            holdout=holdout,
            alias=alias,
            seed=seed,
        )
        return await self.ai.train(model, request)

    async def predict(
        self,
        model: str,
        rows: Sequence[Mapping[str, Any]] | ArrowStreamable,
        *,
        version: int | None = None,
        alias: str | None = None,
    ) -> Prediction:
        """Predictions for rows (dicts or a frame), by the version or alias named, else ``champion``, else the latest."""
        found = rows_of(rows) if isinstance(rows, ArrowStreamable) else [dict(row) for row in rows]
        return await self.ai.predict(model, made(PredictRequest, rows=found, version=version, alias=alias))

    async def chart(
        self,
        spec: Mapping[str, Any],
        *,
        sql: str | None = None,
        dataset: str | None = None,
        format: ImageFormat | str = ImageFormat.PNG,
        scale: float = 1,
    ) -> Rendering:
        """Draw a Vega-Lite spec over the rows of a query or a dataset; ``content`` holds the image."""
        request = made(RenderRequest, spec=dict(spec), sql=sql, dataset=dataset, scale=scale)
        return await self.viz.render(request, choice(ImageFormat, format))

    async def submit(
        self, kind: str, spec: Mapping[str, Any], *, depends_on: Sequence[Job | str] = (), **options: Any
    ) -> Job:
        """Queue a job. ``depends_on``: those to wait for; ``options``: the other fields of a submission."""
        earlier = tuple(_id(job) for job in depends_on)
        return await self.compute.submit(made(JobSubmission, kind=kind, spec=dict(spec), depends_on=earlier, **options))

    async def wait(
        self,
        job: Job | str,
        *,
        timeout_s: float | None = None,
        on_event: Callable[[JobEvent], None] | None = None,
    ) -> Job:
        """The job once it has succeeded; ``on_event`` is told of its progress and logs meanwhile.

        Raises:
            JobFailed: It ended in another way.
            DeadlineExceeded: It hadn't ended after ``timeout_s``; it goes on.
        """
        return await ended(self.compute, _id(job), timeout_s, on_event)

    def follow(self, job: Job | str, after: int = 0) -> AsyncIterator[JobEvent]:
        """The job's progress and logs as they happen, until it has ended."""
        return self.compute.events(_id(job), after)


def _id(job: Job | str) -> str:
    return job if isinstance(job, str) else job.id
