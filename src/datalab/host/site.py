"""Where services are put together: what all of one process stand on, and the part of it that is each one's own."""

from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from datalab.contracts.errors import Unavailable
from datalab.host.resources import Resources
from datalab.kernel.auth.verifier import TokenVerifier
from datalab.kernel.database.database import Database
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.events.relay import Relay
from datalab.kernel.http.app import AppParts
from datalab.kernel.http.readiness import Readiness
from datalab.kernel.pool.pool import Pool
from datalab.kernel.pool.profile import Profile
from datalab.kernel.telemetry.audit import AuditSink, AuditTrail
from datalab.kernel.telemetry.audit_outbox import OutboxAuditSink
from datalab.kernel.telemetry.logs import get_logger
from datalab.kernel.upkeep import upkeep

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ground:
    """One service's database, its outbox and the parts of its app's frame."""

    database: Database
    outbox: Outbox
    parts: AppParts


class Site:
    """Resources, the pool and the verifier of one process, and the ground of each service in it."""

    def __init__(
        self, resources: Resources, profiles: Iterable[Profile], verifier: TokenVerifier, *, has_all_services: bool
    ) -> None:
        self.resources = resources
        self._bus_reaches_all = has_all_services or resources.settings.redis_url is not None
        self.settings = resources.settings
        self.home: Path = resources.settings.home.resolve()
        self.pool = Pool(profiles, scratch=self.home / "scratch")
        self.verifier = verifier
        self._grounds: dict[str, Ground] = {}

    def ground(self, service: str, audit: Callable[[Database], AuditSink] | None = None) -> Ground:
        """The service's own; the same at each call. ``audit`` makes its sink where that isn't the outbox."""
        if service not in self._grounds:
            database = self.resources.database(service)
            outbox = Outbox(database)
            sink = audit(database) if audit else OutboxAuditSink(database, outbox)
            self._grounds[service] = Ground(database, outbox, self._parts(sink))
        return self._grounds[service]

    async def enter(self, stack: AsyncExitStack) -> None:
        """Have the pool and the audit trails of all grounds live as long as ``stack``."""
        await stack.enter_async_context(self.pool)
        for ground in self._grounds.values():
            await stack.enter_async_context(ground.parts.audit)

    async def relay(self, stack: AsyncExitStack) -> None:
        """Tell what waits in the outboxes, as long as ``stack`` lives.

        Only when the apps live: an event that finds no subscriber on the bus within the process is gone. Without a bus
        that reaches the other services' processes they go on waiting.
        """
        kept = timedelta(days=self.settings.outbox_days)
        for name, ground in self._grounds.items():
            await stack.enter_async_context(upkeep(f"outbox of {name}", partial(ground.outbox.forget, kept)))
        if not self._bus_reaches_all:
            _log.warning("REDIS_URL is not set: events and audit entries wait in the database until it is")
            return
        for ground in self._grounds.values():
            await stack.enter_async_context(Relay(ground.database, ground.outbox, self.resources.bus))

    def _parts(self, sink: AuditSink) -> AppParts:
        readiness = Readiness(self.resources.stopping)
        if self.settings.redis_url is not None or not self._bus_reaches_all:
            readiness.add("events", self._events_reached, required=False)
        return AppParts(
            verifier=self.verifier,
            readiness=readiness,
            metrics=self.resources.metrics,
            audit=AuditTrail(sink),
            version=self.resources.version,
        )

    async def _events_reached(self) -> str | None:
        if not self._bus_reaches_all:
            raise Unavailable("REDIS_URL is not set, so events and audit entries don't reach the other services")
        await self.resources.bus.ping()
        return None
