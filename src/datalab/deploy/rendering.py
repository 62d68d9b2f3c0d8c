"""Which renderers make up a target, and which of their files stand in a clone."""

from collections.abc import Callable
from enum import StrEnum

from datalab.deploy.choices import Choices, InvalidChoices
from datalab.deploy.plan import Plan, Profile, plan
from datalab.deploy.renderers.alertmanager import render_alertmanager
from datalab.deploy.renderers.compose import render_compose
from datalab.deploy.renderers.dockerfile import render_dockerfiles
from datalab.deploy.renderers.fluent_bit import render_fluent_bit
from datalab.deploy.renderers.grafana import render_grafana
from datalab.deploy.renderers.haproxy import render_direct_haproxy, render_haproxy
from datalab.deploy.renderers.nginx import render_direct_nginx, render_nginx
from datalab.deploy.renderers.prometheus import render_prometheus
from datalab.deploy.renderers.scripts import render_scripts
from datalab.deploy.renderers.sql import render_sql
from datalab.deploy.renderers.supervisor import render_supervisor
from datalab.deploy.renderers.swarm import render_swarm
from datalab.deploy.renderers.systemd import render_systemd

Renderer = Callable[[Plan], dict[str, str]]


class Target(StrEnum):
    """Where a plan can be brought to run."""

    COMPOSE = "compose"
    SWARM = "swarm"
    SYSTEMD = "systemd"
    SUPERVISOR = "supervisor"


def _render_images(plan: Plan) -> dict[str, str]:
    return render_dockerfiles() if not plan.choices.registry else {}


_MOUNTED: tuple[Renderer, ...] = (
    render_nginx,
    render_sql,
    render_prometheus,
    render_alertmanager,
    render_grafana,
    render_fluent_bit,
)
"""What containers read."""
_BARE_HOST: tuple[Renderer, ...] = (render_scripts, render_direct_nginx, render_direct_haproxy)
"""What a host without containers needs beside what starts the processes."""

RENDERERS: dict[Target, tuple[Renderer, ...]] = {
    Target.COMPOSE: (render_compose, _render_images, *_MOUNTED, render_haproxy),
    Target.SWARM: _MOUNTED,
    Target.SYSTEMD: (render_systemd, *_BARE_HOST),
    Target.SUPERVISOR: (render_supervisor, *_BARE_HOST),
}


_WITHOUT_CONTAINERS = {Target.SYSTEMD, Target.SUPERVISOR}


def render(target: Target, decided: Plan) -> dict[str, str]:
    """All files of a target, by their paths in a clone.

    Raises:
        InvalidChoices: The operator chose something that the target has not.
    """
    if target in _WITHOUT_CONTAINERS and decided.choices.needs_containers:
        raise InvalidChoices(f"object_store.own: it runs in a container, and {target} has none; name one by its url")
    files: dict[str, str] = {}
    for renderer in RENDERERS[target]:
        files |= renderer(decided)
    # The swarm's objects are named by what is in the files.
    return {**files, **render_swarm(decided, files)} if target is Target.SWARM else files


def committed(choices: Choices | None = None) -> dict[str, str]:
    """The files that a clone holds, so that people can use them without running anything of ours first."""
    files = render(Target.COMPOSE, plan(Profile.DEVELOPMENT, choices))
    files |= render(Target.COMPOSE, plan(Profile.STAGING, choices))
    files |= render(Target.COMPOSE, plan(Profile.TEST, choices))
    production = plan(Profile.PRODUCTION, choices)
    for target in RENDERERS:
        if not (target in _WITHOUT_CONTAINERS and production.choices.needs_containers):
            files |= render(target, production)
    return dict(sorted(files.items()))
