"""How much is kept of what a process on a bare host writes."""

from dataclasses import dataclass

from datalab.deploy.renderers.bare_host import service_of
from datalab.deploy.topology.component import Component

_TALKATIVE = {"ai", "compute"}


@dataclass(frozen=True, slots=True)
class Log:
    """A log's name, the size at which another is begun, and how many older ones are kept."""

    name: str
    megabytes: int
    kept: int


def log_of(component: Component) -> Log:
    """Ten megabytes five times over; of models and jobs, which say more, twenty three times over."""
    megabytes, kept = (20, 3) if service_of(component).name in _TALKATIVE else (10, 5)
    return Log(component.name, megabytes, kept)
