"""A request's body on its way through, and whether its sender is still there."""

import asyncio
from collections.abc import AsyncGenerator, Iterable

from starlette.types import Receive

from datalab.services.gateway.adapters.headers import Header


class SenderGone(Exception):
    """The client hung up before the whole body had come."""


class RequestBody:
    """Read once, piece by piece, as fast as the reader asks."""

    def __init__(self, receive: Receive, headers: Iterable[Header]) -> None:
        self._receive = receive
        self._whole = asyncio.Event()
        names = {name: value for name, value in headers if name in (b"content-length", b"transfer-encoding")}
        self.expected = b"transfer-encoding" in names or names.get(b"content-length", b"0") != b"0"
        self.begun = False
        if not self.expected:
            self._whole.set()

    @property
    def whole(self) -> bool:
        """Whether all of it has been read."""
        return self._whole.is_set()

    async def pieces(self) -> AsyncGenerator[bytes]:
        """The body. Raises SenderGone."""
        self.begun = True
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise SenderGone
            more = message.get("more_body", False)
            if not more:
                self._whole.set()
            if piece := message.get("body", b""):
                yield piece

    async def sender_gone(self) -> None:
        """Return when the client has hung up after sending the whole body."""
        await self._whole.wait()
        while (await self._receive())["type"] != "http.disconnect":
            continue
