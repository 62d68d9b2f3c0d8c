"""What a road answers, in a form that can be compared with the other roads' answers."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.conformance.platform import Apis

from datalab.contracts.errors import FieldError, PlatformError

Ask = Callable[[Apis], Awaitable[Any]]


@dataclass(frozen=True)
class Refusal:
    """All that a caller can see of an error."""

    kind: type[PlatformError]
    code: str
    detail: str
    errors: tuple[FieldError, ...]


async def refusal(call: Awaitable[object]) -> Refusal:
    """The error that the call ends with."""
    try:
        answer = await call
    except PlatformError as error:
        return Refusal(type(error), error.code, error.detail, error.errors)
    raise AssertionError(f"not refused, but answered {answer!r}")


async def same_refusal(roads: list[Apis], ask: Ask) -> Refusal:
    """The error that every road ends with; it must be the same."""
    told = {road.road: await refusal(ask(road)) for road in roads}
    first = told[roads[0].road]
    assert told == dict.fromkeys(told, first)
    return first


async def same_answer(roads: list[Apis], ask: Ask) -> Any:
    """The answer that every road gives; it must be the same."""
    told = {road.road: await ask(road) for road in roads}
    first = told[roads[0].road]
    assert told == dict.fromkeys(told, first)
    return first


async def until_running(question: Callable[[], Awaitable[Any]]) -> None:
    """Wait until a query is known."""
    async with asyncio.timeout(30):
        while True:
            try:
                await question()
            except PlatformError:
                await asyncio.sleep(0.02)
            else:
                return
