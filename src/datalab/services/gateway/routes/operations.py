"""What runs, and who did what."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime

from datalab.contracts.gateway import AuditEntry, AuditFilter, Instance
from datalab.contracts.identity import Role
from datalab.contracts.model import Page
from datalab.kernel.auth.require import CurrentCaller, public, requires
from datalab.kernel.http.readiness import ReadinessReport
from datalab.services.gateway.routes.bound import ActionsFor, WantedPage

Text = Annotated[str | None, Query(max_length=128, pattern=r"^[^\x00]*$")]


def operation_routes(actions_for: ActionsFor, probe: Callable[[str], Awaitable[ReadinessReport]]) -> APIRouter:
    """The registry, the services' health and the audit trail."""
    router = APIRouter(tags=["operations"])

    @router.get("/health/{service}", responses={503: {"model": ReadinessReport}}, **public())
    async def get_service_health(service: str, response: Response) -> ReadinessReport:
        """Ask the service now whether it can do its work; 503 when it can't."""
        report = await probe(service)
        response.status_code = 200 if report.ready else 503
        return report

    @router.get("/api/v1/services", **requires(Role.VIEWER, "ops:read"))
    async def list_services(caller: CurrentCaller) -> Page[Instance]:
        """Every instance of every service: its state, latency and version as last seen."""
        return await actions_for(caller).list_services()

    @router.get("/api/v1/audit", **requires(Role.ADMIN, "ops:read"))
    async def list_audit(
        caller: CurrentCaller,
        page: WantedPage,
        which: Annotated[AuditFilter, Depends(_audit_filter)],
    ) -> Page[AuditEntry]:
        """Who did what to which resource, when, from where, with what outcome; newest first."""
        return await actions_for(caller).list_audit(which, page)

    _ = get_service_health, list_services, list_audit
    return router


def _audit_filter(
    subject: Text = None, service: Text = None, outcome: Text = None, since: AwareDatetime | None = None
) -> AuditFilter:
    return AuditFilter(subject=subject, service=service, outcome=outcome, since=since)
