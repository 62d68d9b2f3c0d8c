"""The life cycle of each target that can be brought to run from here."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from datalab.deploy.apply.bare.lifecycle import BareLifecycle
from datalab.deploy.apply.bare.supervisor_keeper import SupervisorKeeper
from datalab.deploy.apply.bare.systemd_keeper import SystemdKeeper
from datalab.deploy.apply.command import Runner
from datalab.deploy.apply.compose.lifecycle import ComposeLifecycle
from datalab.deploy.apply.ledger import Ledger
from datalab.deploy.apply.lifecycle import Lifecycle
from datalab.deploy.apply.swarm.lifecycle import SwarmLifecycle
from datalab.deploy.plan import Plan
from datalab.deploy.renderers.bare_host import HOST
from datalab.deploy.rendering import Target
from datalab.deploy.swarm_drift import drifted

Say = Callable[[str], None]
Make = Callable[[Runner, Path, Ledger, Plan, Say], Lifecycle]


def _on_systemd(runner: Runner, folder: Path, ledger: Ledger, plan: Plan, say: Say) -> Lifecycle:
    return BareLifecycle(runner, folder, ledger, plan, say, keeper=SystemdKeeper(runner, plan, HOST), host=HOST)


def _on_supervisor(runner: Runner, folder: Path, ledger: Ledger, plan: Plan, say: Say) -> Lifecycle:
    return BareLifecycle(runner, folder, ledger, plan, say, keeper=SupervisorKeeper(runner, plan, HOST), host=HOST)


LIFECYCLES: dict[Target, Make] = {
    Target.COMPOSE: ComposeLifecycle,
    Target.SWARM: partial(SwarmLifecycle, drift=drifted),
    Target.SYSTEMD: _on_systemd,
    Target.SUPERVISOR: _on_supervisor,
}


def lifecycle(target: Target, plan: Plan, *, folder: Path, runner: Runner, book: type[Ledger], say: Say) -> Lifecycle:
    """The life cycle of a plan whose files lie in ``folder``; its book is kept beside them.

    Raises:
        KeyError: The target is rendered, but not brought to run from here.
    """
    return LIFECYCLES[target](runner, folder, book(folder / ".deployments" / f"{target}-{plan.profile}"), plan, say)
