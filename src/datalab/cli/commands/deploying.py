"""Deploying: render the topology's files, fill in secrets, see that what is there is right."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from datalab.cli.options import Json

if TYPE_CHECKING:
    from datalab.deploy.apply.compose_lifecycle import ComposeLifecycle
    from datalab.deploy.plan import Plan

app = typer.Typer(help="Render, check and run deployments.", no_args_is_help=True)

TARGETS = "compose, swarm, systemd, supervisor"
TargetName = Annotated[str, typer.Argument(help=f"One of {TARGETS}.")]
ProfileName = Annotated[str, typer.Option("--profile", help="development, staging, production or test.")]
ChoicesFile = Annotated[Path, typer.Option("--choices", help="The operator's choices.")]
ProjectFolder = Annotated[Path, typer.Option("--folder", help="The clone that holds the files.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the commands and change nothing.")]
Folder = Annotated[Path, typer.Option("--out", help="The folder that the files go to.")]

Name = TypeVar("Name", bound=StrEnum)
DEFAULT_CHOICES = Path("datalab.toml")


@app.command()
def render(
    target: TargetName,
    *,
    profile: ProfileName = "production",
    out: Folder = Path(),
    choices: ChoicesFile = DEFAULT_CHOICES,
    json: Json = False,
) -> None:
    """Write a target's files; says which changed."""
    from datalab.cli.output import say, show_json
    from datalab.deploy.apply.files import write_all
    from datalab.deploy.rendering import Target
    from datalab.deploy.rendering import render as rendered

    files = rendered(_one_of(Target, target, "TARGET"), _plan(profile, choices))
    changed = [str(path) for path in write_all(files, out)]
    if json:
        show_json({"files": sorted(files), "changed": changed})
        return
    for path in changed:
        say(path)
    say(f"{len(changed)} of {len(files)} files changed")


@app.command()
def files(
    *,
    out: Folder = Path(),
    choices: ChoicesFile = DEFAULT_CHOICES,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail when a file isn't current.")] = False,
) -> None:
    """Write the files that a clone holds, of every target."""
    from datalab.cli.output import note, say
    from datalab.deploy.apply.files import write_all
    from datalab.deploy.choices import read_choices
    from datalab.deploy.rendering import committed

    rendered = committed(read_choices(choices))
    if not check:
        say(f"{len(write_all(rendered, out))} of {len(rendered)} files changed")
        return
    stale = [name for name, text in rendered.items() if not (out / name).is_file() or (out / name).read_text() != text]
    for name in stale:
        note(f"{name} is not what the topology says; `datalab deploy files` writes it")
    raise typer.Exit(1 if stale else 0)


@app.command()
def env(
    *,
    file: Annotated[Path, typer.Option("--file", help="Where the variables are kept.")] = Path(".env"),
    profile: ProfileName = "production",
    choices: ChoicesFile = DEFAULT_CHOICES,
) -> None:
    """Write a .env with generated secrets; what is in it already stays."""
    from datalab.cli.output import say
    from datalab.host.deployment import complete_environment

    made = complete_environment(file, _plan(profile, choices))
    say(f"{file}: made {', '.join(made)}" if made else f"{file} has everything")


@app.command()
def certificate(
    *,
    folder: Annotated[Path, typer.Option("--folder", help="Where fullchain.pem and privkey.pem are kept.")],
    domain: Annotated[str, typer.Option("--domain", help="The name that browsers call.")] = "localhost",
) -> None:
    """Make a self-signed certificate unless there is one."""
    from datalab.cli.output import say
    from datalab.deploy.apply.certificate import ensure_certificate

    made = ensure_certificate(folder, domain)
    say(f"made a self-signed certificate for {domain}" if made else "there is a certificate")


@app.command()
def check(
    target: Annotated[str | None, typer.Argument(help=f"One of {TARGETS}; with --all every one.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every target that has a reader of its own.")] = False,
    profile: ProfileName = "production",
    folder: ProjectFolder = Path(),
    choices: ChoicesFile = DEFAULT_CHOICES,
    json: Json = False,
) -> None:
    """Compare a target's files, as its own reader reads them, with the topology; fails where they differ."""
    from datalab.cli.output import note, say, show_json, show_rows
    from datalab.deploy.checking import check as checked
    from datalab.deploy.checking import checkable
    from datalab.deploy.rendering import Target

    if not every and target is None:
        raise typer.BadParameter(f"name one of {TARGETS}, or --all", param_hint="TARGET")
    targets = checkable() if every else (_one_of(Target, target or "", "TARGET"),)
    results = [checked(each, _plan(profile, choices), folder) for each in targets]
    if json:
        show_json(
            {each.target: {"facts": each.facts, "differences": [*map(str, each.differences)]} for each in results}
        )
    else:
        names = sorted({name for each in results for name in each.facts})
        show_rows(["component", *targets], ([name, *(each.told(name) for each in results)] for name in names))
        for each in results:
            for difference in each.differences:
                note(f"{each.target}: {difference}")
    wrong = sum(len(each.differences) for each in results)
    if not json:
        say(f"{sum(sum(each.facts.values()) for each in results)} facts compared, {wrong} differ")
    raise typer.Exit(1 if wrong else 0)


@app.command()
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
    from datalab.deploy.apply.compose_lifecycle import Images
    from datalab.deploy.rendering import Target
    from datalab.deploy.rendering import render as rendered
    from datalab.host.deployment import complete_environment

    decided = _plan(profile, choices)
    usual = Images.PULL if decided.choices.registry else Images.BUILD
    lifecycle = _lifecycle(target, decided, folder, dry_run=dry_run)
    if not dry_run:
        complete_environment(folder / ".env", decided)
    lifecycle.up(
        rendered(Target.COMPOSE, decided), _one_of(Images, images, "--images") if images is not None else usual
    )


@app.command()
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

    running = _lifecycle(target, _plan(profile, choices), folder).status()
    fields = ("name", "service", "image", "state", "health", "restarts")
    rows = [[getattr(each, field) for field in fields] for each in running]
    if json:
        show_json({"instances": [dict(zip(fields, row, strict=True)) for row in rows]})
    else:
        show_rows(fields, rows)


@app.command()
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
    _lifecycle(target, _plan(profile, choices), folder, dry_run=dry_run).scale(service, number)


@app.command()
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

    say(_lifecycle(target, _plan(profile, choices), folder).logs(service, lines))


@app.command()
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

    release = _lifecycle(target, _plan(profile, choices), folder, dry_run=dry_run).rollback()
    say(f"{release.version} runs again")


@app.command()
def down(
    target: TargetName,
    *,
    profile: ProfileName = "production",
    folder: ProjectFolder = Path(),
    choices: ChoicesFile = DEFAULT_CHOICES,
    dry_run: DryRun = False,
) -> None:
    """Stop everything; what is on volumes stays."""
    _lifecycle(target, _plan(profile, choices), folder, dry_run=dry_run).down()


def _lifecycle(target: str, plan: "Plan", folder: Path, *, dry_run: bool = False) -> "ComposeLifecycle":
    from datalab.cli.output import say
    from datalab.deploy.apply.command import Rehearsal, Shell
    from datalab.deploy.apply.compose_lifecycle import ComposeLifecycle, compose_place
    from datalab.deploy.rendering import Target

    if _one_of(Target, target, "TARGET") is not Target.COMPOSE:
        raise typer.BadParameter(f"{target} is rendered and checked, but not applied from here", param_hint="TARGET")
    return ComposeLifecycle((Rehearsal if dry_run else Shell)(say), compose_place(plan, folder), plan, say)


def _plan(profile: str, choices: Path) -> "Plan":
    from datalab.deploy.choices import read_choices
    from datalab.deploy.plan import Profile, plan

    return plan(_one_of(Profile, profile, "--profile"), read_choices(choices))


def _one_of(kind: type[Name], name: str, where: str) -> Name:
    try:
        return kind(name)
    except ValueError:
        raise typer.BadParameter(f"{name!r} is none of {', '.join(kind)}", param_hint=where) from None
