"""Whether an instance can do its work."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from datalab.contracts.model import Contract
from datalab.kernel.http.stopping import Stopping

_PATIENCE_S = 3.0

Check = Callable[[], Awaitable[str | None]]


class CheckResult(Contract):
    """How one check went."""

    ok: bool
    required: bool
    latency_ms: float
    detail: str


class ReadinessReport(Contract):
    """``ready`` unless a required check failed; ``status`` is ``degraded`` when another did."""

    ready: bool
    status: str
    checks: dict[str, CheckResult]


@dataclass(frozen=True, slots=True)
class _Registered:
    check: Check
    required: bool


class Readiness:
    """The checks of one instance, run together at each question; an instance that stops isn't ready."""

    def __init__(self, stopping: Stopping | None = None) -> None:
        self._checks: dict[str, _Registered] = {}
        self._stopping = stopping or Stopping()

    def add(self, name: str, check: Check, *, required: bool) -> None:
        """Ask ``check``: it raises when the thing isn't well; what it returns is shown as detail."""
        self._checks[name] = _Registered(check, required)

    async def report(self) -> ReadinessReport:
        """The state of all checks."""
        asked = dict(self._checks)
        if self._stopping.begun:
            asked["stopping"] = _Registered(self._stopping.check, required=True)
        results = await asyncio.gather(*(_run(one) for one in asked.values()))
        checks = dict(zip(asked, results, strict=True))
        ready = all(result.ok for result in results if result.required)
        well = all(result.ok for result in results)
        return ReadinessReport(
            ready=ready, status="ready" if well else "degraded" if ready else "unready", checks=checks
        )


async def _run(one: _Registered) -> CheckResult:
    begun = time.perf_counter()
    try:
        async with asyncio.timeout(_PATIENCE_S):
            detail, ok = await one.check() or "", True
    except TimeoutError:
        detail, ok = f"no answer within {_PATIENCE_S:g} s", False
    except Exception as error:  # noqa: BLE001 - whatever a check raises says that it isn't well
        detail, ok = str(error) or type(error).__name__, False
    elapsed_ms = (time.perf_counter() - begun) * 1000
    return CheckResult(ok=ok, required=one.required, latency_ms=round(elapsed_ms, 2), detail=detail)
