"""What every service says about itself without being asked who asks: alive, ready, and its figures."""

import asyncio
from dataclasses import dataclass

from fastapi import FastAPI, Request, Response

from datalab.contracts.model import Contract
from datalab.kernel.auth.require import public
from datalab.kernel.http.readiness import Readiness, ReadinessReport
from datalab.kernel.http.routes import serve, service_router
from datalab.kernel.telemetry.metrics import Metrics

_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
router = service_router(tag="probes")


class Health(Contract):
    """The process is alive; no dependency was touched."""

    status: str


@dataclass(frozen=True, slots=True)
class Probed:
    """Whom the probes are about."""

    service: str
    version: str
    readiness: Readiness
    metrics: Metrics


def serve_probes(app: FastAPI, probed: Probed) -> None:
    """Have the app answer the probes."""
    app.state.probed = probed
    serve(app, router)


@router.get("/health", **public())
async def health() -> Health:
    """Whether the process is alive; touches no dependency."""
    return Health(status="healthy")


@router.get("/ready", responses={503: {"model": ReadinessReport}}, **public())
async def ready(request: Request, response: Response) -> ReadinessReport:
    """Whether this instance can do its work; 503 when a required check fails."""
    probed: Probed = request.app.state.probed
    report = await probed.readiness.report()
    response.status_code = 200 if report.ready else 503
    response.headers["X-DataLab-Version"] = probed.version
    return report


@router.get("/metrics", response_class=Response, **public())
async def metrics(request: Request) -> Response:
    """Prometheus metrics."""
    probed: Probed = request.app.state.probed
    for name, result in (await probed.readiness.report()).checks.items():
        probed.metrics.checks.labels(probed.service, name).set(float(result.ok))
    return Response(await asyncio.to_thread(probed.metrics.text), media_type=_METRICS_TYPE)
