"""Which renderers make up a target, and which of their files stand in a clone."""

from collections.abc import Callable
from enum import StrEnum

from datalab.deploy.choices import Choices
from datalab.deploy.plan import Plan, Profile, plan
from datalab.deploy.renderers.compose import render_compose

Renderer = Callable[[Plan], dict[str, str]]


class Target(StrEnum):
    """Where a plan can be brought to run."""

    COMPOSE = "compose"
    SWARM = "swarm"
    SYSTEMD = "systemd"
    SUPERVISOR = "supervisor"


RENDERERS: dict[Target, tuple[Renderer, ...]] = {
    Target.COMPOSE: (render_compose,),
}


def render(target: Target, decided: Plan) -> dict[str, str]:
    """All files of a target, by their paths in a clone."""
    files: dict[str, str] = {}
    for renderer in RENDERERS[target]:
        files |= renderer(decided)
    return files


def committed(choices: Choices | None = None) -> dict[str, str]:
    """The files that a clone holds, so that people can use them without running anything of ours first."""
    files = render(Target.COMPOSE, plan(Profile.DEVELOPMENT, choices))
    files |= render(Target.COMPOSE, plan(Profile.STAGING, choices))
    files |= render(Target.COMPOSE, plan(Profile.TEST, choices))
    for target in RENDERERS:
        files |= render(target, plan(Profile.PRODUCTION, choices))
    return dict(sorted(files.items()))
