"""What runs, and who did what."""

from typing import Annotated

from fastapi import Depends, Query, Response
from pydantic import AwareDatetime

from datalab.contracts.gateway import AuditEntry, AuditFilter, Instance
from datalab.contracts.identity import Role
from datalab.contracts.model import Page
from datalab.kernel.auth.require import public, requires
from datalab.kernel.http.readiness import ReadinessReport
from datalab.kernel.http.routes import service_router
from datalab.services.gateway.routes.bound import Actions, ToAll, WantedPage

Text = Annotated[str | None, Query(max_length=128, pattern=r"^[^\x00]*$")]

router = service_router(tag="operations")


async def _audit_filter(
    subject: Text = None, service: Text = None, outcome: Text = None, since: AwareDatetime | None = None
) -> AuditFilter:
    return AuditFilter(subject=subject, service=service, outcome=outcome, since=since)


@router.get("/health/{service}", responses={503: {"model": ReadinessReport}}, **public())
async def get_service_health(service: str, response: Response, to_all: ToAll) -> ReadinessReport:
    """Ask the service now whether it can do its work; 503 when it can't."""
    report = await to_all.probe(service)
    response.status_code = 200 if report.ready else 503
    return report


@router.get("/api/v1/services", **requires(Role.VIEWER, "ops:read"))
async def list_services(actions: Actions) -> Page[Instance]:
    """Every instance of every service: its state, latency and version as last seen."""
    return await actions.list_services()


@router.get("/api/v1/audit", **requires(Role.ADMIN, "ops:read"))
async def list_audit(
    actions: Actions,
    page: WantedPage,
    which: Annotated[AuditFilter, Depends(_audit_filter)],
) -> Page[AuditEntry]:
    """Who did what to which resource, when, from where, with what outcome; newest first."""
    return await actions.list_audit(which, page)
