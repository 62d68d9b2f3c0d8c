"""The whole platform: every component that can run, and a check that they fit together."""

from collections.abc import Sequence

from datalab.deploy.topology.celery import celery
from datalab.deploy.topology.component import Component
from datalab.deploy.topology.edge import edge
from datalab.deploy.topology.monitoring import monitoring
from datalab.deploy.topology.object_store import object_store
from datalab.deploy.topology.services import migration, services, workers
from datalab.deploy.topology.sizes import Size
from datalab.deploy.topology.stores import stores


def topology(size: Size) -> tuple[Component, ...]:
    """Every component, in the order in which they start. The console has none of its own: the gateway serves it."""
    ours = (migration(size), *services(size), *workers(size), *celery(size))
    return (*stores(), *object_store(), *ours, *edge(), *monitoring())


def check_whole(components: Sequence[Component]) -> None:
    """See that what is named exists and can be reached.

    Raises:
        ValueError: A component needs one that isn't there, or may call one with which it shares no network.
    """
    known = {component.name: component for component in components}
    for component in components:
        for need in component.needs:
            if need.component not in known:
                raise ValueError(f"{component.name} needs {need.component}, which is not in the topology")
        for caller in component.callers:
            if caller in known and not known[caller].networks & component.networks:
                raise ValueError(f"{caller} may call {component.name} but shares no network with it")
