"""Carrying a WebSocket on to a service in other processes."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.typing import Subprotocol
from yarl import URL

from datalab.contracts.errors import Unavailable
from datalab.kernel.http.context import REQUEST_ID
from datalab.kernel.http.problems import problem_response
from datalab.kernel.http.websocket_context import LONGEST_MESSAGE
from datalab.kernel.telemetry.logs import get_logger
from datalab.services.gateway.adapters.onward import headers_onward, target_of
from datalab.services.gateway.adapters.whereabouts import Whereabouts

CONNECT_TIMEOUT_S = 3.0
_CLOSE_TIMEOUT_S = 5.0
_QUEUED = 16
_NORMAL, _GOING_AWAY, _NO_CODE, _BROKEN_OFF, _BAD_GATEWAY = 1000, 1001, 1005, 1006, 1014
_HANDSHAKE = "sec-websocket-"
_ANSWERED = frozenset({"content-type", "retry-after", "www-authenticate", "x-request-id"})
_log = get_logger(__name__)


class _Direct(connect):
    """Follows no redirects: an access token goes to nobody whom the gateway wasn't set up to ask."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """The answer as it is."""
        return exc


async def carry(service: str, where: Whereabouts, scope: Scope, receive: Receive, send: Send) -> None:
    """Join the client with the first instance that answers; nothing is held but a few messages, so both may be slow."""
    await receive()
    try:
        far = await _reached(service, where, scope)
    except InvalidStatus as refusal:
        await _refused(refusal)(scope, receive, send)
        return
    except Unavailable as error:
        _log.warning("no WebSocket", service=service, reason=error.detail, request_id=scope[REQUEST_ID])
        await problem_response(error, scope[REQUEST_ID])(scope, receive, send)
        return
    try:
        await send({"type": "websocket.accept", "subprotocol": far.subprotocol, "headers": _accepted(far)})
        await _join(far, receive, send)
    finally:
        await far.close(_GOING_AWAY)


async def _reached(service: str, where: Whereabouts, scope: Scope) -> ClientConnection:
    urls = (await where.here()).in_turn()
    far = await _first_of(urls, service, where, scope)
    if far is None:
        far = await _first_of(await where.elsewhere(urls), service, where, scope)
    if far is None:
        raise Unavailable(f"the {service} service can't be reached now; try again in a moment", retry_after_s=1)
    return far


async def _first_of(urls: Sequence[str], service: str, where: Whereabouts, scope: Scope) -> ClientConnection | None:
    for url in urls:
        try:
            far = await _opened(url, where.given_as(url), scope)
        except InvalidStatus:
            where.instances.worked(url)
            raise
        except (OSError, TimeoutError, InvalidHandshake) as error:
            where.failed(url)
            _log.warning("an instance can't be reached", service=service, url=url, reason=repr(error))
            continue
        where.instances.worked(url)
        return far
    return None


async def _opened(url: str, given_as: str, scope: Scope) -> ClientConnection:
    headers = [(name, value) for name, value in headers_onward(scope) if not name.startswith(_HANDSHAKE)]
    address = URL(url)
    return await _Direct(
        "ws" + given_as.removeprefix("http") + target_of(scope),
        host=address.host,
        port=address.port,
        additional_headers=headers,
        subprotocols=[Subprotocol(one) for one in scope["subprotocols"]] or None,
        compression=None,
        user_agent_header=None,
        proxy=None,
        open_timeout=CONNECT_TIMEOUT_S,
        close_timeout=_CLOSE_TIMEOUT_S,
        max_size=LONGEST_MESSAGE,
        max_queue=_QUEUED,
    )


async def _join(far: ClientConnection, receive: Receive, send: Send) -> None:
    ways = [asyncio.create_task(_outward(far, receive), name="outward"), asyncio.create_task(_inward(far, send))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        results = await asyncio.gather(*ways, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


async def _outward(far: ClientConnection, receive: Receive) -> None:
    """What the client says, until it goes; then the service hears its code."""
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            await far.close(_code_onward(message), message.get("reason") or "")
            return
        try:
            await far.send(_content(message))
        except ConnectionClosed:
            # Why it closed is told the client by the other way.
            await asyncio.Event().wait()


async def _inward(far: ClientConnection, send: Send) -> None:
    """What the service says, until it goes; then the client hears its code."""
    while True:
        try:
            said = await far.recv()
        except ConnectionClosed as closed:
            await send(_close(closed))
            return
        await send({"type": "websocket.send", "text" if isinstance(said, str) else "bytes": said})


def _content(message: Mapping[str, Any]) -> str | bytes:
    text = message.get("text")
    return text if text is not None else message["bytes"]


def _close(closed: ConnectionClosed) -> dict[str, Any]:
    """How the service's end is told: by its own code, or by ours when it broke a rule, or that it broke off."""
    told = closed.rcvd if closed.rcvd is not None and closed.rcvd_then_sent is not False else closed.sent
    if told is None or told.code == _BROKEN_OFF:
        return {"type": "websocket.close", "code": _BAD_GATEWAY, "reason": "the service broke off"}
    return {"type": "websocket.close", "code": _NORMAL if told.code == _NO_CODE else told.code, "reason": told.reason}


def _code_onward(message: Mapping[str, Any]) -> int:
    """What may be sent in place of a code that only tells what happened."""
    code: int = message.get("code", _NO_CODE)
    # uvicorn tells of a connection that was lost by no code and no reason, not even an empty one.
    lost = code == _BROKEN_OFF or (code == _NO_CODE and "reason" not in message)
    return _GOING_AWAY if lost else _NORMAL if code == _NO_CODE else code


def _accepted(far: ClientConnection) -> list[tuple[bytes, bytes]]:
    given = far.response.headers.raw_items() if far.response is not None else ()
    return [(name.lower().encode(), value.encode()) for name, value in given if name.lower() in _ANSWERED]


def _refused(refusal: InvalidStatus) -> Response:
    answer = refusal.response
    headers = {name: value for name, value in answer.headers.raw_items() if name.lower() in _ANSWERED}
    return Response(bytes(answer.body), answer.status_code, headers)
