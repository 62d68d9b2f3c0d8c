"""Sending calls: connections, credentials, retries, timeouts and errors, for all of the API."""

import asyncio
import os
import random
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol, TypeVar

import aiohttp
from yarl import URL

from datalab.client.call import Call
from datalab.client.endpoints import Endpoints
from datalab.client.problems import error_of, may_pass, parsed
from datalab.client.session import Session, patience
from datalab.contracts.errors import DeadlineExceeded, PlatformError, RateLimited, Unauthenticated, Unavailable
from datalab.contracts.identity import Caller
from datalab.contracts.ids import new_id
from datalab.contracts.model import Contract
from datalab.kernel.traces.context import TRACEPARENT, current_traceparent
from datalab.kernel.traces.spans import SpanKind, begin

_ATTEMPTS = 3
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 5.0
M = TypeVar("M", bound=Contract)


@dataclass(frozen=True, slots=True)
class Origin:
    """In whose name and on which request's behalf calls are made."""

    token: str | None = None
    request_id: str | None = None
    traceparent: str | None = None

    def headers(self) -> dict[str, str]:
        """What is sent with each call."""
        headers = {"X-Request-ID": self.request_id or new_id()}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        if self.traceparent is not None:
            headers["traceparent"] = self.traceparent
        return headers


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """The same for a caller whose token may be renewed meanwhile: each call is sent with the one of that moment."""

    caller: Caller

    @property
    def token(self) -> str:
        """The present access token."""
        return self.caller.token.get_secret_value()

    def headers(self) -> dict[str, str]:
        """What is sent with each call."""
        return Origin(self.token, self.caller.request_id, self.caller.traceparent).headers()


class Renewing(Protocol):
    """An origin that gets itself a new token when it needs one."""

    @property
    def token(self) -> str:
        """The present access token."""
        ...

    def headers(self) -> dict[str, str]:
        """What is sent with each call."""
        ...

    async def before_call(self) -> None:
        """Get a new token when the present one is about to expire. Raises InvalidCredentials."""
        ...

    async def after_refusal(self, refused: str) -> bool:
        """Whether there is another token than the one that was refused. Raises InvalidCredentials."""
        ...


class Answer:
    """An answer whose head is here and whose body is still to come."""

    def __init__(self, response: aiohttp.ClientResponse, url: str) -> None:
        self._response = response
        self._url = url

    @property
    def status(self) -> int:
        """The status, one of success."""
        return self._response.status

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers; case doesn't matter."""
        return self._response.headers

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The body in pieces. Raises Unavailable when it breaks off, DeadlineExceeded when it stalls."""
        received = 0
        try:
            async for piece in self._response.content.iter_any():
                received += len(piece)
                yield piece
        except aiohttp.ClientError as error:
            raise Unavailable(f"the answer of {self._url} broke off after {received:,} bytes") from error
        except TimeoutError as error:
            raise DeadlineExceeded(f"the answer of {self._url} stalled after {received:,} bytes") from error


class Transport:
    """Makes calls for one origin over a shared session."""

    def __init__(self, session: Session, endpoints: Endpoints, origin: Origin | OnBehalf) -> None:
        self.session = session
        self.endpoints = endpoints
        self.origin = origin
        self.renewing: Renewing | None = None

    async def fetch(self, call: Call, model: type[M]) -> M:
        """The answer as a contract."""
        return parsed(model, await self.read(call), self.endpoints.gateway)

    async def read(self, call: Call) -> bytes:
        """The answer's whole body."""
        return (await self.whole(call))[0]

    async def whole(self, call: Call) -> tuple[bytes, Mapping[str, str]]:
        """The answer's whole body and its headers; a repeatable call is made again when the answer breaks off."""
        attempt = 1
        while True:
            async with self.stream(call) as answer:
                try:
                    return b"".join([piece async for piece in answer]), answer.headers
                except Unavailable:
                    if not call.may_repeat or attempt == _ATTEMPTS:
                        raise
            await asyncio.sleep(_pause(attempt))
            attempt += 1

    @asynccontextmanager
    async def stream(self, call: Call) -> AsyncGenerator[Answer]:
        """The answer as it arrives; leaving early closes the connection, which tells the server to stop.

        Raises:
            PlatformError: Whatever the service raised.
            Unavailable: It can't be reached, or the connection broke before the answer began.
            DeadlineExceeded: It gave no answer in time.
        """
        asked = begin(f"{call.method} {call.service}", {"http.request.method": call.method}, kind=SpanKind.CLIENT)
        with asked.lasting():
            with asked.active():
                response, url = await self._send_renewed(call)
            asked.note({"http.response.status_code": response.status, "server.address": URL(url).authority})
            try:
                yield Answer(response, url)
            finally:
                # An answer read to its end has given its connection back already; otherwise this ends the connection.
                response.close()

    async def _send_renewed(self, call: Call) -> tuple[aiohttp.ClientResponse, str]:
        if self.renewing is None:
            return await self._send(call)
        await self.renewing.before_call()
        sent = self.renewing.token
        try:
            return await self._send(call)
        except Unauthenticated:
            # A body that comes in pieces can't be sent a second time.
            if call.body is not None or not await self.renewing.after_refusal(sent):
                raise
            return await self._send(call)

    async def _send(self, call: Call) -> tuple[aiohttp.ClientResponse, str]:
        attempt = 1
        while True:
            url = self.endpoints.next(call.service)
            try:
                return await self._send_once(call, url), url
            except _NotSent as error:
                self.session.look_up_again()
                if call.body is not None or attempt == _ATTEMPTS:
                    raise error.as_unavailable() from error
                pause_s = _pause(attempt)
            except PlatformError as error:
                if attempt == _ATTEMPTS or not _worth_repeating(call, error):
                    raise
                pause_s = error.retry_after_s or _pause(attempt)
            await asyncio.sleep(pause_s)
            attempt += 1

    async def _send_once(self, call: Call, url: str) -> aiohttp.ClientResponse:
        headers = (self.renewing or self.origin).headers() | {"Accept": "application/json"} | dict(call.headers)
        traceparent = current_traceparent()
        if traceparent is not None:
            headers[TRACEPARENT] = traceparent
        if call.json is not None:
            headers.setdefault("Content-Type", "application/json")
        try:
            response = await self.session.client.request(
                call.method,
                URL(url + call.target, encoded=True),
                headers=headers,
                data=call.json if call.body is None else call.body,
                timeout=patience(call.timeout_s),
                allow_redirects=False,
            )
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise _NotSent(url, error) from error
        except TimeoutError as error:
            raise DeadlineExceeded(f"{url} gave no answer within {call.timeout_s:g} s") from error
        except aiohttp.ClientError as error:
            raise Unavailable(f"the connection to {url} broke before an answer came: {_reason(error)}") from error
        if response.status < 300:  # noqa: PLR2004 - statuses of success end there
            return response
        raise await _refusal(response, url)


class _NotSent(Exception):
    """Nothing of the call has reached the server."""

    def __init__(self, url: str, error: Exception) -> None:
        super().__init__(url)
        self._text = f"can't reach {url}: {_reason(error)}"

    def as_unavailable(self) -> Unavailable:
        """What callers see."""
        return Unavailable(self._text)


def _worth_repeating(call: Call, error: PlatformError) -> bool:
    """A refused call may be repeated when the wait is short; one that may have been done only when that does no harm."""
    if not may_pass(error) or (error.retry_after_s or 0) > _LONGEST_PAUSE_S or call.body is not None:
        return False
    return call.may_repeat or isinstance(error, RateLimited)


def _pause(attempt: int) -> float:
    return _FIRST_PAUSE_S * 3 ** (attempt - 1) * random.uniform(0.7, 1.3)  # noqa: S311 - spreads retries, hides nothing


async def _refusal(response: aiohttp.ClientResponse, url: str) -> PlatformError:
    """What the service raised; the rest of a body that it doesn't want is not sent."""
    wire = response.connection.transport if response.connection is not None else None
    async with response:
        error = error_of(response.status, await _body_of(response), response.headers, url)
    if wire is not None and wire.is_closing():
        # What waits to be written would keep the connection, and its socket, until the service has read it.
        wire.abort()
    return error


async def _body_of(response: aiohttp.ClientResponse) -> bytes:
    try:
        return await response.read()
    except (aiohttp.ClientError, TimeoutError):
        return b""


def _reason(error: Exception) -> str:
    number = getattr(getattr(error, "os_error", None), "errno", None)
    return os.strerror(number) if isinstance(number, int) and number > 0 else str(error) or type(error).__name__
