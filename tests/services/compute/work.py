"""Kinds of job for tests, and a gateway for their owners."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue, SecretStr

from datalab.contracts import errors
from datalab.contracts.errors import PlatformError
from datalab.contracts.identity import Caller, Identity, Role, SubjectKind
from datalab.contracts.ids import new_id
from datalab.contracts.jobs import JobContext, JobKind
from datalab.contracts.model import Contract
from datalab.services.compute.model.kinds import KnownKind

QUEUE = "work"


class Echo(Contract):
    """Answers ``say`` after telling it in the log."""

    say: JsonValue = "hello"


class Fail(Contract):
    """Raises ``error`` on the first ``times`` attempts."""

    error: str = "InternalError"
    times: int = 100


class Hold(Contract):
    """Goes on until the desk lets it go; ``stubborn`` ones ignore the first cancellation."""

    stubborn: bool = False


class Desk:
    """What the handlers of a test share with it."""

    def __init__(self) -> None:
        self.runs: list[str] = []
        self.contexts: list[JobContext] = []
        self.alive: dict[str, int] = {}
        self.most_alive: dict[str, int] = {}
        self.go_on = asyncio.Event()
        self.cancelled: list[str] = []

    def enter(self, context: JobContext) -> None:
        name = context.job.id
        self.runs.append(name)
        self.contexts.append(context)
        self.alive[name] = self.alive.get(name, 0) + 1
        self.most_alive[name] = max(self.most_alive.get(name, 0), self.alive[name])

    def leave(self, context: JobContext) -> None:
        self.alive[context.job.id] -= 1


def echo(desk: Desk) -> JobKind:
    async def handler(context: JobContext) -> Mapping[str, JsonValue]:
        desk.enter(context)
        try:
            assert context.scratch.is_dir()
            spec = Echo.model_validate(context.job.spec)
            await context.log(str(spec.say))
            await context.progress(0.5, "half")
            return {"said": spec.say, "by": context.caller.identity.name}
        finally:
            desk.leave(context)

    return JobKind("echo", QUEUE, Echo, handler)


def fail(desk: Desk) -> JobKind:
    async def handler(context: JobContext) -> Mapping[str, JsonValue]:
        desk.enter(context)
        desk.leave(context)
        spec = Fail.model_validate(context.job.spec)
        if desk.runs.count(context.job.id) <= spec.times:
            kind = getattr(errors, spec.error, None)
            raise kind("it went wrong") if kind else RuntimeError("nobody foresaw this")
        return {"attempt": context.job.attempt}

    return JobKind("fail", QUEUE, Fail, handler)


def hold(desk: Desk) -> JobKind:
    async def handler(context: JobContext) -> Mapping[str, JsonValue]:
        desk.enter(context)
        spec = Hold.model_validate(context.job.spec)
        try:
            await context.log("holding")
            await desk.go_on.wait()
        except asyncio.CancelledError:
            desk.cancelled.append(context.job.id)
            if not spec.stubborn:
                raise
            return {"ignored": True}
        finally:
            desk.leave(context)
        return {"held": True}

    return JobKind("hold", QUEUE, Hold, handler)


KINDS = (echo, fail, hold)
KNOWN = {
    "echo": KnownKind(QUEUE, Echo),
    "fail": KnownKind(QUEUE, Fail),
    "hold": KnownKind(QUEUE, Hold),
}


class Gateway:
    """Speaks for owners as the gateway would; ``refusal`` is raised instead while it is set."""

    def __init__(self) -> None:
        self.lifetime = timedelta(minutes=15)
        self.refusal: PlatformError | None = None
        self.asked: list[tuple[str, Role, frozenset[str], str]] = []

    async def caller_for(self, owner: str, role: Role, scopes: frozenset[str], job_id: str) -> Caller:
        self.asked.append((owner, role, scopes, job_id))
        if self.refusal is not None:
            raise self.refusal
        identity = Identity(
            subject=owner,
            name=owner.removeprefix("user-"),
            kind=SubjectKind.JOB,
            role=Role.EDITOR,
            scopes=scopes,
            policy_version=1,
            token_id=new_id(),
            expires_at=datetime.now(UTC) + self.lifetime,
            actor="compute",
        )
        return Caller(identity, SecretStr(f"token-for-{job_id}-{len(self.asked)}"), request_id="none")
