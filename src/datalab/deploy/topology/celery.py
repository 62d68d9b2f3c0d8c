"""Jobs by Celery: its workers and Flower. Switched off until jobs can travel by it; the job table carries them."""

from dataclasses import replace

from datalab.catalog import SERVICES
from datalab.deploy.topology.component import (
    MIB,
    Amount,
    Component,
    HttpProbe,
    Network,
    OnFailure,
    Port,
    Probe,
    Resources,
    Role,
    Update,
    secret,
)
from datalab.deploy.topology.images import own
from datalab.deploy.topology.services import workers
from datalab.deploy.topology.sizes import Size

APPLICATION = "datalab.host.celery"
FLOWER_PORT = 5555
_OF_CELERY = ("celery", "--app", APPLICATION)


def celery(size: Size) -> tuple[Component, ...]:
    """A worker of Celery for every queue, in place of the supervisor's, and Flower."""
    return (*(_worker(each) for each in workers(size)), _flower())


def _worker(component: Component) -> Component:
    queue = component.command[-1]
    # Flower and the platform's own count of running jobs listen to the workers' events.
    command = (*_OF_CELERY, "worker", "--queues", queue, "--prefetch-multiplier", "1", "--task-events")
    return replace(
        component, name=f"celery-{component.name}", command=command, ports=(), health=None, switched_on=False
    )


def _flower() -> Component:
    return Component(
        name="flower",
        role=Role.MONITORING,
        image=own(SERVICES["compute"].deployed_name),
        command=(*_OF_CELERY, "flower", f"--port={FLOWER_PORT}", "--address=0.0.0.0"),
        ports=(Port(FLOWER_PORT, published=FLOWER_PORT),),
        resources=Resources(Amount(0.25, 256 * MIB)),
        networks=frozenset({Network.PLATFORM, Network.MONITORING}),
        health=Probe(HttpProbe("/healthcheck", FLOWER_PORT)),
        scratch=("/tmp",),  # noqa: S108 - inside the container, in memory
        environment={"REDIS_URL": "redis://redis:6379/0"},
        secrets=(secret("REDIS_PASSWORD"), secret("FLOWER_BASIC_AUTH")),
        update=Update(new_first=False, on_failure=OnFailure.PAUSE, drain_s=30),
        switched_on=False,
    )
