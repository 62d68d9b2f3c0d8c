"""Deployments' files: render them from the topology, fill in secrets, see that what is there is right."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from datalab.cli.options import Json

if TYPE_CHECKING:
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

    files = rendered(one_of(Target, target, "TARGET"), chosen_plan(profile, choices))
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

    made = complete_environment(file, chosen_plan(profile, choices))
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
    targets = checkable() if every else (one_of(Target, target or "", "TARGET"),)
    results = [checked(each, chosen_plan(profile, choices), folder) for each in targets]
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


def chosen_plan(profile: str, choices: Path) -> "Plan":
    """The plan of a profile with the operator's choices. Raises InvalidChoices, typer.BadParameter."""
    from datalab.deploy.choices import read_choices
    from datalab.deploy.plan import Profile, plan

    return plan(one_of(Profile, profile, "--profile"), read_choices(choices))


def one_of(kind: type[Name], name: str, where: str) -> Name:
    """The member of that name. Raises typer.BadParameter."""
    try:
        return kind(name)
    except ValueError:
        raise typer.BadParameter(f"{name!r} is none of {', '.join(kind)}", param_hint=where) from None
