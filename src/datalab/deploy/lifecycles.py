"""The life cycle of each target that can be brought to run from here."""

from collections.abc import Callable
from pathlib import Path

from datalab.deploy.apply.command import Runner
from datalab.deploy.apply.compose_lifecycle import ComposeLifecycle
from datalab.deploy.apply.ledger import Ledger
from datalab.deploy.apply.lifecycle import Lifecycle
from datalab.deploy.plan import Plan
from datalab.deploy.rendering import Target

Say = Callable[[str], None]
Make = Callable[[Runner, Path, Ledger, Plan, Say], Lifecycle]

LIFECYCLES: dict[Target, Make] = {
    Target.COMPOSE: ComposeLifecycle,
}


def lifecycle(target: Target, plan: Plan, *, folder: Path, runner: Runner, book: type[Ledger], say: Say) -> Lifecycle:
    """The life cycle of a plan whose files lie in ``folder``; its book is kept beside them.

    Raises:
        KeyError: The target is rendered, but not brought to run from here.
    """
    return LIFECYCLES[target](runner, folder, book(folder / ".deployments" / f"{target}-{plan.profile}"), plan, say)
