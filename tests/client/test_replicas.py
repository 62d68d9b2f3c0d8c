"""A name in an address stands for replicas that come and go: calls that may be made again find those that are there."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from datalab.client.call import Call
from datalab.client.endpoints import Endpoints
from datalab.client.session import Session
from datalab.client.transport import Origin, Transport
from datalab.contracts.errors import Unavailable
from datalab.kernel.testing.ports import free_port

FIRST, SECOND = "127.0.0.2", "127.0.0.3"
pytestmark = pytest.mark.allow_hosts(["127.0.0.1", FIRST, SECOND])


class Names(AbstractResolver):
    """A resolver that knows what a test tells it."""

    def __init__(self, *addresses: str) -> None:
        self.now: Sequence[str] = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=6, flags=0)
            for address in self.now
        ]

    async def close(self) -> None:
        return


class Replicas:
    """Servers on one port of several addresses that answer with their address."""

    def __init__(self) -> None:
        self.port = free_port()
        self._servers: dict[str, asyncio.Server] = {}
        self._writers: dict[str, set[asyncio.StreamWriter]] = {}

    async def start(self, address: str) -> None:
        writers = self._writers[address] = set()

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writers.add(writer)
            try:
                while True:
                    await reader.readuntil(b"\r\n\r\n")
                    body = address.encode()
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            except (asyncio.IncompleteReadError, ConnectionError):
                writer.close()

        self._servers[address] = await asyncio.start_server(talk, address, self.port)

    async def stop(self, address: str) -> None:
        server = self._servers.pop(address)
        server.close()
        for writer in self._writers.pop(address):
            writer.close()
            await asyncio.gather(writer.wait_closed(), return_exceptions=True)
        await server.wait_closed()

    async def close(self) -> None:
        for address in list(self._servers):
            await self.stop(address)


@pytest.fixture
async def replicas() -> AsyncIterator[Replicas]:
    made = Replicas()
    yield made
    await made.close()


@pytest.fixture
def names() -> Names:
    return Names()


@pytest.fixture
async def transport(replicas: Replicas, names: Names) -> AsyncIterator[Transport]:
    session = Session(names)
    yield Transport(session, Endpoints(f"http://gateway:{replicas.port}"), Origin())
    await session.close()


async def answers(transport: Transport, method: str) -> str:
    return (await transport.read(Call("gateway", method, "/"))).decode()


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_replica_that_refuses_is_passed_over(
    method: str, replicas: Replicas, names: Names, transport: Transport
):
    await replicas.start(SECOND)
    names.now = [FIRST, SECOND]
    assert [await answers(transport, method) for _ in range(3)] == [SECOND] * 3


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_replicas_that_all_moved_are_found_at_once(
    method: str, replicas: Replicas, names: Names, transport: Transport
):
    await replicas.start(FIRST)
    names.now = [FIRST]
    assert await answers(transport, "GET") == FIRST
    await replicas.stop(FIRST)
    await replicas.start(SECOND)
    names.now = [SECOND]
    assert await answers(transport, method) == SECOND


async def test_without_any_replica_the_name_is_told(replicas: Replicas, names: Names, transport: Transport):
    names.now = [FIRST]
    with pytest.raises(Unavailable, match="http://gateway:"):
        await answers(transport, "GET")
