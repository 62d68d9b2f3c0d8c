"""The connections that calls share."""

import asyncio

import aiohttp
from aiohttp.abc import AbstractResolver

_CONNECT_S = 5.0
# Servers keep an idle connection for five seconds (uvicorn's default): let go of it before they do, or a call may be
# written into a connection that is just being closed.
_KEEP_IDLE_S = 4.0
# Replicas behind a name come and go.
_BELIEVED_S = 3


class Session:
    """A pool of kept-alive connections; made within the event loop at the first call, shared by many clients.

    aiohttp and not httpx: a tenth of the CPU a call as a forwarder, with streams both ways and back-pressure.
    """

    def __init__(self, resolver: AbstractResolver | None = None) -> None:
        self._resolver = resolver
        self._client: aiohttp.ClientSession | None = None

    @property
    def client(self) -> aiohttp.ClientSession:
        """The open pool."""
        if self._client is None or self._client.closed:
            self._client = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0, keepalive_timeout=_KEEP_IDLE_S, ttl_dns_cache=_BELIEVED_S, resolver=self._resolver
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                read_bufsize=2**18,
            )
        return self._client

    def look_up_again(self) -> None:
        """Believe no address any more: what a name led to isn't there."""
        if self._client is not None and isinstance(self._client.connector, aiohttp.TCPConnector):
            self._client.connector.clear_dns_cache()

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()
            # Transports close in the loop's next turn.
            await asyncio.sleep(0)


def patience(read_s: float) -> aiohttp.ClientTimeout:
    """At most five seconds to connect and ``read_s`` for the next bytes; an answer as a whole may take as long as it likes."""
    return aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_S, sock_read=read_s)
