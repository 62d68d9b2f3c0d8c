"""Handing requests on to a service in other processes."""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus

import aiohttp
import orjson
from multidict import CIMultiDict
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from yarl import URL

from datalab.contracts.errors import PlatformError, Unavailable
from datalab.contracts.gateway import OutcomeUnknown
from datalab.kernel.http.context import REQUEST_ID
from datalab.kernel.http.methods import IDEMPOTENT
from datalab.kernel.http.problems import MEDIA_TYPE, problem_of, problem_response
from datalab.kernel.telemetry.logs import get_logger
from datalab.services.gateway.adapters.heartbeats import Heartbeats
from datalab.services.gateway.adapters.onward import HOP_BY_HOP, headers_onward, named_by_connection, target_of
from datalab.services.gateway.adapters.request_body import RequestBody
from datalab.services.gateway.adapters.socket_carrier import carry
from datalab.services.gateway.adapters.whereabouts import Whereabouts
from datalab.services.gateway.ports import Resolver

CONNECT_TIMEOUT_S = 3.0
KEEP_ALIVE_S = 4.0
"""Less than uvicorn's 5 s, so that a connection isn't used in the moment in which the service closes it."""
BUFFER_BYTES = 64 * 1024
_NOT_RETURNED = HOP_BY_HOP | {b"date", b"server"}
_HANGING_RETRY_S = 5
_EVENT_STREAM = "text/event-stream"
_AUTOMATIC = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")
_log = get_logger(__name__)

_NoConnection = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class _Hangs(OutcomeUnknown):
    """An instance was reached and answers nothing any more."""


class Forwarder:
    """An ASGI app that asks the instances of a service in turn, streaming both ways.

    Nothing is held but :data:`BUFFER_BYTES`: a slow reader slows its writer. A client that hangs up ends the request
    at the service; a service that breaks off or hangs in mid-answer breaks off the client's connection too.
    """

    def __init__(
        self,
        service: str,
        urls: Sequence[str],
        heartbeats: Heartbeats | None = None,
        resolver: Resolver | None = None,
    ) -> None:
        self.service = service
        self.where = Whereabouts(urls, resolver)
        self._heartbeats = heartbeats or Heartbeats()
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        await self._heartbeats.close()
        await self.where.close()
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or carry one WebSocket."""
        if scope["type"] == "websocket":
            await carry(self.service, self.where, scope, receive, send)
            return
        body = RequestBody(receive, scope["headers"])
        answering = asyncio.create_task(self._answer(scope, body, receive, send), name="forward")
        leaving = asyncio.create_task(body.sender_gone(), name="sender")
        try:
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            if not answering.done():
                answering.cancel()
            results = await asyncio.gather(answering, leaving, return_exceptions=True)
        if isinstance(results[0], Exception):
            raise results[0]

    async def _answer(self, scope: Scope, body: RequestBody, receive: Receive, send: Send) -> None:
        try:
            url, response = await self._ask(scope, body)
        except PlatformError as error:
            _log.warning("not forwarded", service=self.service, reason=error.detail, request_id=scope[REQUEST_ID])
            await _problem(error, scope[REQUEST_ID])(scope, receive, send)
            return
        try:
            async with self._heartbeats.watched(url, self.where.headers(url)):
                await _relay(response, send)
        except (aiohttp.ClientError, OSError) as error:
            # The answer is left without an end, upon which the server cuts the client's connection.
            _log.warning("a service broke off", service=self.service, url=url, reason=repr(error))
            response.close()
            return
        except asyncio.CancelledError:
            # The client has hung up, or this server drains: its reader goes on elsewhere after a clean end.
            response.close()
            if response.content_type == _EVENT_STREAM:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            raise
        except BaseException:
            response.close()
            raise
        if body.whole:
            response.release()
        else:
            response.close()

    async def _ask(self, scope: Scope, body: RequestBody) -> tuple[str, aiohttp.ClientResponse]:
        """The first answer that an instance begins.

        Raises:
            Unavailable: None was reached, or what it was asked may be asked again.
            OutcomeUnknown: It was reached and broke off or hangs, so perhaps what was asked has been done.
        """
        urls = (await self.where.here()).in_turn()
        answered = await self._first_of([*urls, urls[0]], scope, body)
        if answered is None:
            answered = await self._first_of(await self.where.elsewhere(urls), scope, body)
        if answered is None:
            raise Unavailable(
                f"the {self.service} service can't be reached now; try again in a moment", retry_after_s=1
            )
        return answered

    async def _first_of(
        self, urls: Sequence[str], scope: Scope, body: RequestBody
    ) -> tuple[str, aiohttp.ClientResponse] | None:
        broken, hanging = 0, set[str]()
        for url in urls:
            if url in hanging:
                continue
            try:
                async with self._heartbeats.watched(url, self.where.headers(url)):
                    response = await self._send(url, scope, body)
            except _NoConnection as error:
                self.where.failed(url)
                _log.warning("an instance can't be reached", service=self.service, url=url, reason=str(error))
                continue
            except TimeoutError:
                self.where.failed(url)
                hanging.add(url)
                _log.warning("an instance hangs", service=self.service, url=url)
                self._check_repeatable_elsewhere(scope, body)
                continue
            except (aiohttp.ClientError, OSError) as error:
                self.where.failed(url)
                broken += 1
                _log.warning("an instance broke off", service=self.service, url=url, reason=repr(error))
                self._check_repeatable(scope, body, broken)
                continue
            self.where.instances.worked(url)
            return url, response
        return None

    def _check_repeatable(self, scope: Scope, body: RequestBody, broken: int) -> None:
        if scope["method"] not in IDEMPOTENT:
            raise OutcomeUnknown(
                f"the {self.service} service broke off before it answered, so this may or may not have been done"
            )
        if body.begun or broken > 1:
            raise Unavailable(f"the {self.service} service broke off before it answered", retry_after_s=1)

    def _check_repeatable_elsewhere(self, scope: Scope, body: RequestBody) -> None:
        if scope["method"] not in IDEMPOTENT:
            raise _Hangs(f"the {self.service} service hangs, so this may or may not have been done")
        if body.begun:
            raise Unavailable(f"the {self.service} service hangs", retry_after_s=_HANGING_RETRY_S)

    async def _send(self, url: str, scope: Scope, body: RequestBody) -> aiohttp.ClientResponse:
        return await self._pool().request(
            scope["method"],
            URL(url + target_of(scope), encoded=True),
            headers=CIMultiDict([*headers_onward(scope), *self.where.headers(url).items()]),
            data=body.pieces() if body.expected else None,
            allow_redirects=False,
            skip_auto_headers=_AUTOMATIC,
        )

    def _pool(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_S),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT_S),
                auto_decompress=False,
                read_bufsize=BUFFER_BYTES,
                max_line_size=BUFFER_BYTES,
                max_field_size=BUFFER_BYTES,
            )
            # aiohttp would ask the same instance again by itself, beside the one retry that is ours.
            self._session._retry_connection = False  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        return self._session


async def _relay(response: aiohttp.ClientResponse, send: Send) -> None:
    dropped = _NOT_RETURNED | named_by_connection(response.raw_headers)
    headers = [(name.lower(), value) for name, value in response.raw_headers if name.lower() not in dropped]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    while piece := await response.content.readany():
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _problem(error: PlatformError, request_id: str) -> Response:
    if not isinstance(error, OutcomeUnknown):
        return problem_response(error, request_id)
    status = HTTPStatus.GATEWAY_TIMEOUT if isinstance(error, _Hangs) else HTTPStatus.BAD_GATEWAY
    problem = problem_of(error, request_id).model_copy(update={"status": status.value})
    body = orjson.dumps(problem.model_dump(mode="json", exclude_none=True))
    return Response(body, status_code=problem.status, media_type=MEDIA_TYPE)
