"""Docker Compose: one file a profile, each a whole stack; and an override for live reload."""

from datalab.catalog import SERVICES
from datalab.deploy.plan import Plan, Profile
from datalab.deploy.renderers.containers import (
    JsonObject,
    container,
    in_memory,
    networks,
    ports,
    resources,
    volumes,
)
from datalab.deploy.topology.component import Component, Condition, Image, Role
from datalab.deploy.topology.images import DEBIAN_BASE, PYTHON_BASE
from datalab.deploy.yaml_text import to_yaml

FILES = {
    Profile.DEVELOPMENT: "docker-compose.yml",
    Profile.STAGING: "docker-compose.staging.yml",
    Profile.PRODUCTION: "docker-compose.prod.yml",
    Profile.TEST: "docker-compose.test.yml",
}
DOCKERFILE = "infrastructure/docker/Dockerfile"
_CONDITIONS = {
    Condition.STARTED: "service_started",
    Condition.HEALTHY: "service_healthy",
    Condition.COMPLETED: "service_completed_successfully",
}
_CA = "ca"
"""Certificates that a build trusts beside the usual ones, where a proxy needs it; nothing of it stays in an image."""
_HINT = "is not set; datalab deploy env writes it"


def render_compose(plan: Plan) -> dict[str, str]:
    """The profile's Compose file; in development the override for live reload too."""
    files = {FILES[plan.profile]: to_yaml(_stack(plan))}
    if plan.profile is Profile.DEVELOPMENT:
        files["docker-compose.dev.yml"] = to_yaml({"services": {each.name: _reloading(each) for each in _asgi(plan)}})
    return files


def _stack(plan: Plan) -> JsonObject:
    return {
        "name": plan.project,
        "services": {component.name: _service(plan, component) for component in plan.components},
        "networks": networks(plan),
        "volumes": dict(volumes(plan)),
        "secrets": {_CA: {"file": "${DATALAB_BUILD_CA:-/dev/null}"}},
    }


def _service(plan: Plan, component: Component) -> JsonObject:
    written = container(plan, component)
    if component.image.target:
        written["build"] = _build(component.image, plan.version)
    written["environment"] |= {
        secret.variable: f"${{{secret.source}:?{secret.source} {_HINT}}}" for secret in component.secrets
    }
    written["security_opt"] = ["no-new-privileges:true"]
    written["restart"] = "on-failure:3" if component.role is Role.TASK else "unless-stopped"
    if component.needs:
        written["depends_on"] = {need.component: {"condition": _CONDITIONS[need.condition]} for need in component.needs}
    if published := ports(component):
        written["ports"] = published
    written["deploy"] = {"replicas": component.replicas.start, "resources": resources(component)}
    if plan.profile is Profile.TEST and component.role is Role.STORE:
        written |= _forgetting(component, written)
    return written


def _build(image: Image, version: str) -> JsonObject:
    return {
        "context": ".",
        "dockerfile": DOCKERFILE,
        "target": image.target,
        "secrets": [_CA],
        "args": {
            "VERSION": image.version or f"${{DATALAB_VERSION:-{version}}}",
            "BASE": f"${{DATALAB_BASE:-{PYTHON_BASE}}}",
            "DEBIAN_BASE": f"${{DATALAB_DEBIAN_BASE:-{DEBIAN_BASE}}}",
        },
    }


def _forgetting(component: Component, written: JsonObject) -> JsonObject:
    """A store in memory: what a test leaves behind would be in the next one's way."""
    mounted = [f"{mount.volume}:{mount.path}" for mount in component.mounts]
    return {
        "tmpfs": [*written.get("tmpfs", []), *(in_memory(component, mount.path) for mount in component.mounts)],
        "volumes": [each for each in written.get("volumes", []) if each not in mounted],
    }


def _asgi(plan: Plan) -> tuple[Component, ...]:
    return plan.with_role(Role.SERVICE)


def _reloading(component: Component) -> JsonObject:
    service = next(each for each in SERVICES.values() if each.deployed_name == component.name)
    return {
        "command": [
            "uvicorn",
            f"datalab.host.asgi:{service.name}",
            "--host=0.0.0.0",
            f"--port={service.port}",
            "--reload",
            "--reload-dir=/app/src",
            "--timeout-graceful-shutdown=1",
        ],
        # What was compiled is kept in memory, since the source can't be written: a reload compiles the changed file alone.
        "environment": {
            "PYTHONPATH": "/app/src",
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": "/tmp/compiled",  # noqa: S108 - inside the container, in memory
            "DATALAB_LINGER_S": "0",
        },
        "volumes": ["./src:/app/src:ro"],
    }
