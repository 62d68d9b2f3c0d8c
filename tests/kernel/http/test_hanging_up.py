"""A caller who goes away stops what was begun for them, and is no fault of ours."""

import asyncio
import json
from typing import Any

from fastapi import FastAPI, Request
from starlette.types import Message

from datalab.catalog import DATA
from datalab.contracts.errors import Cancelled
from datalab.kernel.auth.require import public
from datalab.kernel.http.app import create_app
from datalab.kernel.http.hanging_up import while_on_the_line
from datalab.kernel.testing.app import app_parts

HEAD = {"type": "http", "method": "POST", "query_string": b"", "headers": [], "http_version": "1.1", "scheme": "http"}


async def answer(app: FastAPI, path: str, messages: list[Message]) -> dict[str, Any]:
    """The problem that a caller would get who sends these messages."""
    waiting, sent = iter(messages), list[Message]()

    async def receive() -> Message:
        return next(waiting)

    async def send(message: Message) -> None:
        sent.append(message)

    await app({**HEAD, "path": path, "raw_path": path.encode()}, receive, send)
    return json.loads(b"".join(message.get("body", b"") for message in sent))


def app_with(*paths: str) -> FastAPI:
    return create_app(DATA, app_parts(), public_paths=frozenset(paths))


async def test_a_body_that_breaks_off_is_bad_input():
    app = app_with("/body")

    @app.post("/body", **public())
    async def read(request: Request) -> int:
        return len(await request.body())

    half: list[Message] = [{"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.disconnect"}]
    problem = await answer(app, "/body", half)
    assert (problem["status"], problem["code"]) == (400, "malformed_input")


async def test_work_stops_when_its_caller_hangs_up():
    app, ended = app_with("/work"), list[str]()

    @app.post("/work", **public())
    async def work(request: Request) -> None:
        try:
            async with while_on_the_line(request):
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    ended.append("stopped")
                    raise
        except Cancelled:
            ended.append("told")
            raise

    whole: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}, {"type": "http.disconnect"}]
    problem = await answer(app, "/work", whole)
    assert (ended, problem["code"]) == (["stopped", "told"], "cancelled")


async def test_work_whose_caller_stays_is_done():
    gate = asyncio.Event()

    async def receive() -> Message:
        await gate.wait()
        return {"type": "http.disconnect"}

    request = Request({**HEAD, "path": "/"}, receive)
    async with while_on_the_line(request):
        await asyncio.sleep(0)
    gate.set()
    await asyncio.sleep(0)
