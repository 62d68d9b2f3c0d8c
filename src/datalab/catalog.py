"""The services as plain data: names, ports, needs and lazy import paths. Holds no behaviour."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Service:
    """One service: its name in the code, its name when deployed, its port and path prefix.

    ``requires`` names the services it calls. ``package`` is an import path, never imported here, so that starting one
    service imports no sibling.
    """

    name: str
    deployed_name: str
    port: int
    prefix: str | None
    requires: tuple[str, ...]
    package: str
    worker: str | None


GATEWAY = Service("gateway", "api-gateway", 8000, None, (), "datalab.services.gateway", None)
DATA = Service("data", "data-service", 8001, "/api/v1/data", ("gateway",), "datalab.services.data", "data-worker")
AI = Service("ai", "ai-service", 8002, "/api/v1/ai", ("gateway", "data", "compute"), "datalab.services.ai", "ai-worker")
COMPUTE = Service(
    "compute", "compute-service", 8003, "/api/v1/compute", ("gateway",), "datalab.services.compute", "compute-worker"
)
VIZ = Service("viz", "viz-service", 8004, "/api/v1/viz", ("gateway", "data"), "datalab.services.viz", "viz-worker")

SERVICES = {service.name: service for service in (GATEWAY, DATA, AI, COMPUTE, VIZ)}
