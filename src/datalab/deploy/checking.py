"""Whether rendered files are what the topology says, by each target's own reader."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from datalab.deploy.apply.readers import read_compose, read_stack
from datalab.deploy.environment import secret_names
from datalab.deploy.plan import Plan
from datalab.deploy.readback.containers import compose_facts, swarm_facts
from datalab.deploy.readback.expected import expected_compose, expected_swarm
from datalab.deploy.readback.facts import Difference, Facts, differences
from datalab.deploy.renderers.compose import FILES
from datalab.deploy.renderers.swarm import STACK
from datalab.deploy.rendering import Target, render


@dataclass(frozen=True, slots=True)
class Checked:
    """What a target's reader found: how many facts were compared, and which differ."""

    target: Target
    facts: Mapping[str, int]
    """Facts compared, by component."""
    differences: tuple[Difference, ...]

    def told(self, component: str) -> str:
        """How a component fares: facts that agree of facts compared."""
        compared = self.facts.get(component)
        if compared is None:
            return "–"
        wrong = sum(difference.component == component for difference in self.differences)
        return f"{max(compared - wrong, 0)}/{compared}"


def check(target: Target, plan: Plan, folder: Path) -> Checked:
    """Read a target's files in a clone and compare them with the topology.

    Raises:
        NotReadable: The target's reader refuses them.
        Unavailable: The reader isn't on this machine.
    """
    expected, found = _READERS[target](plan, folder)
    return Checked(target, {name: len(facts) for name, facts in expected.items()}, differences(expected, found))


def checkable() -> tuple[Target, ...]:
    """The targets that have a reader."""
    return tuple(_READERS)


def _compose(plan: Plan, folder: Path) -> tuple[Facts, Facts]:
    values = _marked(plan)
    found = compose_facts(read_compose(folder, FILES[plan.profile], values), folder.resolve())
    return expected_compose(plan, values), found


def _swarm(plan: Plan, folder: Path) -> tuple[Facts, Facts]:
    files = render(Target.SWARM, plan)
    return expected_swarm(plan, {}, files), swarm_facts(read_stack(folder, STACK, {}))


def _marked(plan: Plan) -> dict[str, str]:
    """A value for each secret that stands nowhere else: where it comes out there was a reference."""
    return {name: f"the-value-of-{name}" for name in secret_names(plan)}


_READERS: dict[Target, Callable[[Plan, Path], tuple[Facts, Facts]]] = {
    Target.COMPOSE: _compose,
    Target.SWARM: _swarm,
}
