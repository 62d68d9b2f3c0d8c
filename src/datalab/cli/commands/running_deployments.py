"""Deployments that run: bring one up, look at it, change how many run, go back, stop it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from datalab.cli.commands.deploying import (
    DEFAULT_CHOICES,
    ChoicesFile,
    DryRun,
    ProfileName,
    ProjectFolder,
    TargetName,
    chosen_plan,
    one_of,
)
from datalab.cli.options import Json

if TYPE_CHECKING:
    from datalab.deploy.apply.lifecycle import Lifecycle
    from datalab.deploy.plan import Plan


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (up, diff, status, scale, logs, rollback, down):
        app.command()(command)


def up(
    target: TargetName,
    *,
    profile: ProfileName = "production",
    folder: ProjectFolder = Path(),
    choices: ChoicesFile = DEFAULT_CHOICES,
    images: Annotated[str | None, typer.Option("--images", help="build, pull or there; pull with a registry.")] = None,
    dry_run: DryRun = False,
) -> None:
    """Bring a deployment to run: migrated, rolled service by service, taken back whole when it isn't well."""
    from datalab.deploy.apply.lifecycle import Images
    from datalab.deploy.rendering import Target
    from datalab.deploy.rendering import render as rendered
    from datalab.host.deployment import complete_environment

    decided = chosen_plan(profile, choices)
    usual = Images.PULL if decided.choices.registry else Images.BUILD
    lifecycle = _lifecycle(target, decided, folder, dry_run=dry_run)
    if lifecycle.variables and not dry_run:
        complete_environment(lifecycle.variables, decided)
    files = rendered(one_of(Target, target, "TARGET"), decided)
    lifecycle.up(files, one_of(Images, images, "--images") if images is not None else usual)


def diff(
    target: TargetName,
    *,
    profile: ProfileName = "production",
    folder: ProjectFolder = Path(),
    choices: ChoicesFile = DEFAULT_CHOICES,
) -> None:
    """What `up` would change: in the files since they were last applied, and in what runs. Fails when it would."""
    from datalab.cli.output import say
    from datalab.deploy.rendering import Target
    from datalab.deploy.rendering import render as rendered

    decided = chosen_plan(profile, choices)
    lines = _lifecycle(target, decided, folder).diff(rendered(one_of(Target, target, "TARGET"), decided))
    for line in lines:
        say(line)
    raise typer.Exit(1 if lines else 0)


def status(
    target: TargetName,
    *,
    profile: ProfileName = "production",
    folder: ProjectFolder = Path(),
    choices: ChoicesFile = DEFAULT_CHOICES,
    json: Json = False,
) -> None:
    """What runs."""
    from datalab.cli.output import show_json, show_rows

    running = _lifecycle(target, chosen_plan(profile, choices), folder).status()
    fields = ("name", "component", "release", "state", "health", "restarts")
    rows = [[getattr(each, field) for field in fields] for each in running]
    if json:
        show_json({"instances": [dict(zip(fields, row, strict=True)) for row in rows]})
    else:
        show_rows(fields, rows)


def scale(
    target: TargetName,
    service: Annotated[str, typer.Argument(help="The component, such as data-service.")],
    number: Annotated[int, typer.Argument(min=0, help="How many instances.")],
    *,
    profile: ProfileName = "production",
    folder: ProjectFolder = Path(),
    choices: ChoicesFile = DEFAULT_CHOICES,
    dry_run: DryRun = False,
) -> None:
    """Run more or fewer instances, until the next `up`; datalab.toml says how many there are then."""
    _lifecycle(target, chosen_plan(profile, choices), folder, dry_run=dry_run).scale(service, number)


def logs(
    target: TargetName,
    service: Annotated[str | None, typer.Argument(help="One component; all without.")] = None,
    *,
    lines: Annotated[int, typer.Option("--lines", min=1, help="The last so many.")] = 100,
    profile: ProfileName = "production",
    folder: ProjectFolder = Path(),
    choices: ChoicesFile = DEFAULT_CHOICES,
) -> None:
    """Print the last lines of the logs."""
    from datalab.cli.output import say

    say(_lifecycle(target, chosen_plan(profile, choices), folder).logs(service, lines))


def rollback(
    target: TargetName,
    *,
    profile: ProfileName = "production",
    folder: ProjectFolder = Path(),
    choices: ChoicesFile = DEFAULT_CHOICES,
    dry_run: DryRun = False,
) -> None:
    """Bring back the release before the present one."""
    from datalab.cli.output import say

    release = _lifecycle(target, chosen_plan(profile, choices), folder, dry_run=dry_run).rollback()
    say(f"{release.version} runs again")


def down(
    target: TargetName,
    *,
    profile: ProfileName = "production",
    folder: ProjectFolder = Path(),
    choices: ChoicesFile = DEFAULT_CHOICES,
    dry_run: DryRun = False,
) -> None:
    """Stop everything; what is on volumes stays."""
    _lifecycle(target, chosen_plan(profile, choices), folder, dry_run=dry_run).down()


def _lifecycle(target: str, plan: "Plan", folder: Path, *, dry_run: bool = False) -> "Lifecycle":
    from datalab.cli.output import say
    from datalab.deploy.apply.command import Rehearsal, Shell
    from datalab.deploy.apply.ledger import Ledger, ReadLedger
    from datalab.deploy.lifecycles import LIFECYCLES, lifecycle
    from datalab.deploy.rendering import Target

    chosen = one_of(Target, target, "TARGET")
    if chosen not in LIFECYCLES:
        raise typer.BadParameter(f"{target} is rendered and checked, but not applied from here", param_hint="TARGET")
    runner, book = (Rehearsal, ReadLedger) if dry_run else (Shell, Ledger)
    return lifecycle(chosen, plan, folder=folder, runner=runner(say), book=book, say=say)
