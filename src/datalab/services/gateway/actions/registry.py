"""What runs, and how it is."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from datalab.contracts.errors import NotFound, Unavailable
from datalab.contracts.gateway import Instance, InstanceState
from datalab.kernel.http.readiness import CheckResult, ReadinessReport
from datalab.services.gateway.ports import Probe, Probed, Roster


class Registry:
    """Asks every instance again and again; answers from what was last heard."""

    def __init__(self, interval_s: float) -> None:
        self._rosters: list[Roster] = []
        self._interval_s = interval_s
        self._seen: dict[tuple[str, str], Instance] = {}
        self._asked = asyncio.Event()

    def add(self, roster: Roster) -> None:
        """Ask these instances too, from the next :meth:`run` on."""
        self._rosters.append(roster)

    def instances(self) -> Sequence[Instance]:
        """All instances as they were last seen."""
        probes = [probe for roster in self._rosters for probe in roster.known]
        return tuple(self._seen.get(_key(probe)) or _unseen(probe) for probe in probes)

    async def run(self) -> None:
        """Ask until cancelled; a slow instance delays nobody else's."""
        await asyncio.gather(*(self._follow(roster) for roster in self._rosters))

    async def health(self, service: str) -> ReadinessReport:
        """Ask a service's instances now; with several, one that is ready is enough.

        Raises:
            NotFound: There is no such service.
        """
        rosters = [roster for roster in self._rosters if roster.service == service]
        if not rosters:
            known = ", ".join(dict.fromkeys(roster.service for roster in self._rosters))
            raise NotFound(f"there is no service {service[:100]!r}; there are {known}")
        probes = [probe for roster in rosters for probe in await roster.look()]
        answers = await asyncio.gather(*(self._ask(probe) for probe in probes))
        if len(answers) == 1:
            return answers[0].report or _away(answers[0])
        return _together({probe.url: answer for probe, answer in zip(probes, answers, strict=True)})

    async def check(self, service: str) -> str:
        """For readiness: how the service was when it was last asked.

        Raises:
            Unavailable: No instance of it can work.
        """
        async with asyncio.timeout(self._interval_s):
            await self._first_answers(service)
        states = [instance.state for instance in self.instances() if instance.service == service]
        if not any(state in (InstanceState.READY, InstanceState.DEGRADED) for state in states):
            raise Unavailable(", ".join(states))
        return ", ".join(states)

    async def _first_answers(self, service: str) -> None:
        while not {_key(probe) for probe in self._known(service)} <= self._seen.keys():
            self._asked.clear()
            await self._asked.wait()

    def _known(self, service: str) -> list[Probe]:
        return [probe for roster in self._rosters if roster.service == service for probe in roster.known]

    async def _follow(self, roster: Roster) -> None:
        watched: dict[tuple[str, str], asyncio.Task[None]] = {}
        try:
            while True:
                present = {_key(probe): probe for probe in await roster.look()}
                for gone in watched.keys() - present.keys():
                    watched.pop(gone).cancel()
                    self._seen.pop(gone, None)
                for new in present.keys() - watched.keys():
                    watched[new] = asyncio.create_task(self._watch(present[new]), name="watch")
                self._asked.set()
                await asyncio.sleep(self._interval_s)
        finally:
            for task in watched.values():
                task.cancel()
            await asyncio.gather(*watched.values(), return_exceptions=True)

    async def _watch(self, probe: Probe) -> None:
        while True:
            await self._ask(probe)
            await asyncio.sleep(self._interval_s)

    async def _ask(self, probe: Probe) -> Probed:
        answer = await probe.ask()
        self._seen[_key(probe)] = _seen(probe, answer)
        self._asked.set()
        return answer


def _key(probe: Probe) -> tuple[str, str]:
    return probe.service, probe.url


def _unseen(probe: Probe) -> Instance:
    return _seen(probe, Probed(report=None, latency_ms=None, version=None, detail="not asked yet"))


def _seen(probe: Probe, answer: Probed) -> Instance:
    return Instance(
        service=probe.service,
        url=probe.url,
        state=InstanceState(answer.report.status) if answer.report is not None else InstanceState.AWAY,
        latency_ms=answer.latency_ms,
        version=answer.version,
        checked_at=datetime.now(UTC),
        detail=answer.detail,
    )


def _away(answer: Probed) -> ReadinessReport:
    return ReadinessReport(ready=False, status="unready", checks={"reachable": _check(answer, required=True)})


def _together(answers: dict[str, Probed]) -> ReadinessReport:
    checks = {url: _check(answer, required=False) for url, answer in answers.items()}
    ready = any(check.ok for check in checks.values())
    whole = all(answer.report is not None and answer.report.status == "ready" for answer in answers.values())
    return ReadinessReport(ready=ready, status="ready" if whole else "degraded" if ready else "unready", checks=checks)


def _check(answer: Probed, *, required: bool) -> CheckResult:
    report = answer.report
    return CheckResult(
        ok=report is not None and report.ready,
        required=required,
        latency_ms=answer.latency_ms or 0.0,
        detail=answer.detail or (report.status if report is not None else "away"),
    )
