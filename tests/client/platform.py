"""A small real server at the client's edge: it answers as the platform does, and misbehaves where a test asks it to."""

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from datalab.contracts.data import DatasetNotFound, QueryNotFound
from datalab.contracts.errors import FieldError, InvalidInput, PlatformError, RateLimited
from datalab.kernel.http.problems import problem_response

NOW = "2026-01-02T03:04:05Z"
DATASET = {
    "id": "0198c0de-0000-7000-8000-000000000001",
    "name": "flights",
    "version": 0,
    "rows": 3,
    "bytes": 120,
    "columns": [{"name": "n", "type": "BIGINT"}],
    "description": "",
    "created_by": "ada",
    "created_at": NOW,
    "updated_at": NOW,
}
JOB = {
    "id": "0198c0de-0000-7000-8000-000000000002",
    "kind": "train",
    "queue": "ai",
    "spec": {},
    "state": "succeeded",
    "progress": 1.0,
    "progress_message": None,
    "result": {"version": 1},
    "error": None,
    "attempt": 1,
    "retries": 2,
    "priority": 0,
    "depends_on": [],
    "tags": [],
    "owner": "user-ada",
    "timeout_s": 3600.0,
    "run_at": None,
    "deadline": None,
    "created_at": NOW,
    "started_at": NOW,
    "finished_at": NOW,
}


def event(sequence: int, **more: Any) -> str:
    """One server-sent event of a job."""
    said = {"sequence": sequence, "at": NOW, "kind": "log", "attempt": 1, "message": f"line {sequence}", **more}
    return f"id: {sequence}\nevent: {said['kind']}\ndata: {json.dumps(said)}\n\n"


@dataclass
class Seen:
    """What the server was asked."""

    requests: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    left_early: threading.Event = field(default_factory=threading.Event)

    def count(self, path: str) -> int:
        return sum(1 for _verb, asked in self.requests if asked.split("?")[0] == path)


@dataclass
class FakePlatform:
    """A running server and what it has seen. ``job`` is what it answers for any job."""

    url: str
    seen: Seen
    job: dict[str, Any]


class Noting:
    """ASGI middleware: notes what was asked."""

    def __init__(self, app: ASGIApp, seen: Seen) -> None:
        self._app, self._seen = app, seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = scope["query_string"].decode()
        self._seen.requests.append((scope["method"], scope["path"] + (f"?{query}" if query else "")))
        self._seen.headers.append({name.decode(): value.decode() for name, value in scope["headers"]})
        await self._app(scope, receive, send)


def fake_app(seen: Seen, job: dict[str, Any]) -> FastAPI:  # noqa: C901 - one small route after the other
    app = FastAPI()
    app.add_middleware(Noting, seen=seen)

    @app.exception_handler(PlatformError)
    async def problem(_request: Request, error: Exception) -> Response:
        assert isinstance(error, PlatformError)
        return problem_response(error, "req-1")

    @app.get("/api/v1/data/datasets/{name}")
    async def dataset(name: str) -> Response:
        match name:
            case "flights":
                return JSONResponse(DATASET | {"added_by_a_newer_server": True})
            case "html":
                return Response("<html>hello</html>", media_type="text/html")
            case "proxy":
                return Response("<html>Bad Gateway</html>", status_code=502)
            case "invalid":
                raise InvalidInput("two things", errors=[FieldError(where="body.a", what="too big", got="7")])
            case "flaky" if seen.count("/api/v1/data/datasets/flaky") < 3:
                return Response(status_code=503)
            case "flaky":
                return JSONResponse(DATASET)
            case "silent":
                await asyncio.sleep(30)
        raise DatasetNotFound(name)

    @app.put("/api/v1/data/datasets/{name}")
    async def upload(name: str, request: Request) -> Response:
        if name == "refused":
            raise InvalidInput("mode: not now")
        seen.bodies.append(b"".join([piece async for piece in request.stream()]))
        return JSONResponse(DATASET | {"name": name})

    @app.post("/api/v1/data/query")
    async def query(request: Request) -> Response:
        asked = await request.json()
        seen.bodies.append(await request.body())
        return StreamingResponse(_answer(asked["sql"], seen), headers={"X-Query-ID": asked.get("query_id", "none")})

    @app.get("/api/v1/data/query/{query_id}")
    async def query_status(query_id: str) -> Response:
        if query_id not in ("cancelled", "failed"):
            raise QueryNotFound(query_id)
        said = {"state": query_id, "error": f"it was {query_id}", "sql": "", "row_count": None, "by": "ann"}
        took = {"started_at": NOW, "finished_at": NOW, "elapsed_ms": 1.0, "cached": False, "sql_cut": False}
        return JSONResponse({"query_id": query_id, **took, **said})

    @app.post("/api/v1/auth/token")
    async def token(request: Request) -> Response:
        seen.bodies.append(await request.body())
        return JSONResponse({"access_token": "fresh", "expires_in": 900})

    @app.post("/api/v1/auth/users")
    async def users(request: Request) -> Response:
        seen.bodies.append(await request.body())
        return JSONResponse({"id": "u", "name": "bob", "role": "viewer", "disabled": False, "created_at": NOW})

    @app.post("/api/v1/compute/jobs")
    async def submit() -> Response:
        if seen.count("/api/v1/compute/jobs") < 2:
            raise RateLimited("slow down", retry_after_s=1)
        return JSONResponse(job, status_code=202)

    @app.post("/api/v1/compute/jobs/{job_id}/cancel")
    async def cancel(job_id: str) -> Response:
        return Response(status_code=503)

    @app.get("/api/v1/compute/jobs/{job_id}")
    async def get_job(job_id: str) -> Response:
        return JSONResponse(job)

    @app.get("/api/v1/compute/jobs/{job_id}/events")
    async def job_events(job_id: str, request: Request) -> Response:
        if job_id == "over":
            return Response(status_code=204)
        after = int(request.headers.get("last-event-id", "0"))
        return StreamingResponse(_events(job_id, after), media_type="text/event-stream")

    return app


async def _answer(sql: str, seen: Seen) -> AsyncIterator[bytes]:
    if sql == "cut":
        yield b"x" * 1000
        raise ConnectionResetError
    if sql == "endless":
        try:
            while True:
                yield b"x" * 65536
                await asyncio.sleep(0.001)
        finally:
            seen.left_early.set()
    import pyarrow as pa

    table = pa.table({"n": list(range(4)), "s": ["a", None, "ü", "d"]})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    yield sink.getvalue().to_pybytes()


async def _events(job_id: str, after: int) -> AsyncIterator[str]:
    yield ": heartbeat\n\n"
    if job_id == "gone":
        raise ConnectionResetError
    for sequence in range(after + 1, 4):
        yield event(sequence)
        if job_id == "cut" and sequence == 2 and after < 2:
            raise ConnectionResetError
        if job_id == "drained" and sequence == 1 and after < 1:
            return
    yield event(4, kind="state", state="succeeded")


@contextmanager
def running() -> Iterator[FakePlatform]:
    """The platform on a free port."""
    seen, job = Seen(), dict(JOB)
    with serving(fake_app(seen, job)) as url:
        yield FakePlatform(url, seen, job)


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """An app on a free port; gives its URL."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = server.force_exit = True
            thread.join()
