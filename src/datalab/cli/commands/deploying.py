"""Deployments' files: render them from the topology, fill in secrets, see that what is there is right."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from datalab.cli.options import Json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datalab.deploy.checking import Checkable, Checked
    from datalab.deploy.plan import Plan

app = typer.Typer(help="Render, check and run deployments.", no_args_is_help=True)

TARGETS = "compose, swarm, systemd, supervisor"
CHECKABLE = f"{TARGETS}, nginx, direct-nginx, haproxy, direct-haproxy"
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
    target: Annotated[str | None, typer.Argument(help=f"One of {CHECKABLE}; with --all every one.")] = None,
    *,
    every: Annotated[
        bool, typer.Option("--all", help="All that this machine has a reader for; says what it skips.")
    ] = False,
    profile: ProfileName = "production",
    folder: ProjectFolder = Path(),
    choices: ChoicesFile = DEFAULT_CHOICES,
    json: Json = False,
) -> None:
    """Compare a target's files, as its own reader reads them, with the topology; fails where they differ.

    With --all a target without a reader here is skipped and named; asked for by its name, it fails.
    """
    from datalab.cli.output import show_json
    from datalab.deploy.checking import Checkable, check_all
    from datalab.deploy.checking import check as checked

    if not every and target is None:
        raise typer.BadParameter(f"name one of {CHECKABLE}, or --all", param_hint="TARGET")
    decided = chosen_plan(profile, choices)
    if every:
        results, skipped = check_all(decided, folder)
    else:
        results, skipped = (
            (checked(one_of(Checkable, target or "", "TARGET"), decided, folder),),
            dict[Checkable, str](),
        )
    if json:
        told = {
            each.target.value: {"facts": each.facts, "differences": [*map(str, each.differences)]} for each in results
        }
        show_json({**told, **{name.value: {"skipped": why} for name, why in skipped.items()}})
    else:
        _show(results, skipped)
    raise typer.Exit(1 if any(each.differences for each in results) else 0)


def _show(results: "Sequence[Checked]", skipped: "Mapping[Checkable, str]") -> None:
    from datalab.cli.output import note, say, show_rows

    names = sorted({name for each in results for name in each.facts})
    head = ["component", *(each.target for each in results)]
    show_rows(head, ([name, *(each.told(name) for each in results)] for name in names))
    for each in results:
        for difference in each.differences:
            note(f"{each.target}: {difference}")
    for name, why in skipped.items():
        note(f"{name} was skipped: {why}")
    compared = sum(sum(each.facts.values()) for each in results)
    wrong = sum(len(each.differences) for each in results)
    left = f", {len(skipped)} of {len(results) + len(skipped)} targets skipped" if skipped else ""
    say(f"{compared} facts compared, {wrong} differ{left}")


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
