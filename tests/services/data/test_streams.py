"""Answers over a real connection."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
import uvicorn
from tests.services.data.conftest import QUERY, Service

from datalab.kernel.testing.eventually import eventually
from datalab.services.data.app import build

pytestmark = pytest.mark.asyncio(loop_scope="module")

ENDLESS = "SELECT range AS n, repeat('x', 200) AS x FROM range(100000000)"
LATE_ERROR = """
SELECT md5(CAST(range AS VARCHAR)) AS x, CAST(CASE WHEN range = 390000 THEN 'x' ELSE '1' END AS INTEGER) AS n
FROM range(400000)
"""


@dataclass
class Server:
    """The app behind a real server."""

    http: httpx.AsyncClient


@pytest_asyncio.fixture(loop_scope="module")
async def server(service: Service) -> AsyncIterator[Server]:
    config = uvicorn.Config(build(service.dependencies), port=0, log_config=None, lifespan="on")
    running = uvicorn.Server(config)
    task = asyncio.create_task(running.serve())

    async def started() -> bool:
        return running.started

    await eventually(started)
    port = running.servers[0].sockets[0].getsockname()[1]
    headers = dict(service.http.headers)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60) as http:
        yield Server(http)
    running.should_exit = True
    await task


def ask(sql: str, query_id: str, format: str = "ndjson") -> dict[str, object]:
    return {"sql": sql, "format": format, "max_rows": 10_000_000, "query_id": query_id}


async def read_to_end(server: Server, question: dict[str, object], *, cancel: bool = False) -> None:
    async with server.http.stream("POST", QUERY, json=question) as answer:
        assert (answer.status_code, answer.headers["x-query-id"]) == (200, question["query_id"])
        pieces = answer.aiter_bytes()
        await anext(pieces)
        if cancel:
            assert (await server.http.delete(f"{QUERY}/{question['query_id']}")).status_code == 204
        async for _ in pieces:
            pass


@pytest.mark.parametrize("format", ["json", "ndjson", "csv"])
async def test_an_error_in_mid_stream_breaks_the_connection(server: Server, format: str):
    with pytest.raises(httpx.RemoteProtocolError):
        await read_to_end(server, ask(LATE_ERROR, "broken", format))
    status = (await server.http.get(f"{QUERY}/broken")).json()
    assert (status["state"], "'x'" in status["error"]) == ("failed", True)


async def test_cancelling_in_mid_stream_breaks_the_connection(server: Server):
    with pytest.raises(httpx.RemoteProtocolError):
        await read_to_end(server, ask(ENDLESS, "cut"), cancel=True)
    assert (await server.http.get(f"{QUERY}/cut")).json()["state"] == "cancelled"


async def test_a_reader_who_leaves_frees_the_worker(server: Server, service: Service):
    async with server.http.stream("POST", QUERY, json=ask(ENDLESS, "left")) as answer:
        await anext(answer.aiter_bytes())

    async def ended() -> bool:
        return (await server.http.get(f"{QUERY}/left")).json()["state"] != "running"

    await eventually(ended)
    assert service.dependencies.pool.snapshot()["sql"].running == 0


async def test_a_slow_reader_holds_the_worker_back(server: Server):
    big = ask("SELECT repeat('x', 1000) AS x FROM range(200000)", "slow")
    async with server.http.stream("POST", QUERY, json=big) as answer:
        pieces = answer.aiter_bytes()
        size = len(await anext(pieces))
        await asyncio.sleep(0.3)
        size += sum([len(piece) async for piece in pieces])
    assert size == 200_000 * len('{"x":"' + "x" * 1000 + '"}\n')
