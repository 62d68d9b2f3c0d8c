"""Asking instances how they are: a mounted app by calling it, another process over HTTP."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import aiohttp
from pydantic import ValidationError
from starlette.types import ASGIApp, Message

from datalab.kernel.http.readiness import ReadinessReport
from datalab.services.gateway.adapters.inner_request import inner_get
from datalab.services.gateway.adapters.whereabouts import Whereabouts
from datalab.services.gateway.ports import Probe, Probed

IN_PROCESS = "in-process"
VERSION_HEADER = "X-DataLab-Version"
_PATIENCE_S = 5.0
_LONGEST = 256 * 1024

Answer = tuple[bytes, str | None]
"""The body of ``/ready`` and the version that came with it."""


class MountedProbe:
    """Asks an app in this process."""

    def __init__(self, service: str, app: ASGIApp) -> None:
        self.service = service
        self.url = IN_PROCESS
        self._app = app

    async def ask(self) -> Probed:
        """Ask now."""
        return await _asked(self._ready)

    async def _ready(self) -> Answer:
        body = bytearray()
        version: str | None = None

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            nonlocal version
            if message["type"] == "http.response.start":
                version = _version(message)
            body.extend(message.get("body", b""))

        await self._app(inner_get("/ready"), receive, send)
        return bytes(body), version


class RemoteProbe:
    """Asks an instance in another process, and has others turn to it by its answer."""

    def __init__(self, service: str, url: str, where: Whereabouts | None = None) -> None:
        self.service = service
        self.url = url
        self._where = where or Whereabouts([url])

    async def ask(self) -> Probed:
        """Ask now."""
        answer = await _asked(self._ready)
        self._where.instances.judged(self.url, ready=answer.report is not None and answer.report.ready)
        return answer

    async def _ready(self) -> Answer:
        # A connection of its own each time: whether one can still be made is part of the question.
        headers = self._where.headers(self.url)
        async with (
            aiohttp.ClientSession() as session,
            session.get(self.url + "/ready", headers=headers) as response,
        ):
            return await response.content.read(_LONGEST), response.headers.get(VERSION_HEADER)


class RemoteRoster:
    """The instances of a service in other processes."""

    def __init__(self, service: str, where: Whereabouts) -> None:
        self.service = service
        self._where = where

    @property
    def known(self) -> Sequence[Probe]:
        """See :class:`datalab.services.gateway.ports.Roster`."""
        return [RemoteProbe(self.service, url, self._where) for url in self._where.instances.urls]

    async def look(self) -> Sequence[Probe]:
        """See :class:`datalab.services.gateway.ports.Roster`."""
        await self._where.look()
        return self.known


class MountedRoster:
    """The one instance of a service in this process."""

    def __init__(self, service: str, app: ASGIApp) -> None:
        self.service = service
        self.known: Sequence[Probe] = [MountedProbe(service, app)]

    async def look(self) -> Sequence[Probe]:
        """See :class:`datalab.services.gateway.ports.Roster`."""
        return self.known


async def _asked(ready: Callable[[], Awaitable[Answer]]) -> Probed:
    begun = time.perf_counter()
    try:
        async with asyncio.timeout(_PATIENCE_S):
            body, version = await ready()
        report = ReadinessReport.model_validate_json(body, extra="ignore")
    except TimeoutError:
        return _silent(f"no answer within {_PATIENCE_S:g} s")
    except ValidationError:
        return _silent("what answers there is no DataLab service")
    except (aiohttp.ClientError, OSError) as error:
        return _silent(str(error) or type(error).__name__)
    except Exception as error:  # noqa: BLE001 - whatever a mounted app raises says that it isn't well
        return _silent(f"{type(error).__name__}: {error}")
    elapsed_ms = round((time.perf_counter() - begun) * 1000, 2)
    return Probed(report=report, latency_ms=elapsed_ms, version=version, detail=_troubles(report))


def _silent(reason: str) -> Probed:
    return Probed(report=None, latency_ms=None, version=None, detail=reason[:500])


def _troubles(report: ReadinessReport) -> str | None:
    found = [f"{name}: {check.detail}" for name, check in report.checks.items() if not check.ok]
    return "; ".join(found)[:500] or None


def _version(message: Message) -> str | None:
    wanted = VERSION_HEADER.lower().encode()
    return next((value.decode() for name, value in message["headers"] if name.lower() == wanted), None)
