"""Every target's files for every profile and for larger choices, as lines that differ from what a clone holds.

``python -m tests.golden.deployments`` writes them anew.
"""

from collections.abc import Mapping
from pathlib import Path

from datalab.deploy.apply.changes import changed_lines
from datalab.deploy.choices import Choices
from datalab.deploy.plan import Profile, plan
from datalab.deploy.rendering import Target, committed, render

FOLDER = Path(__file__).parent / "deployments"
CONTAINERS = (Target.COMPOSE, Target.SWARM)
BY_CHOICE: Mapping[str, tuple[Choices, tuple[Target, ...]]] = {
    "large": (Choices.model_validate({"size": "large"}), tuple(Target)),
    "elsewhere": (
        Choices.model_validate(
            {
                "domain": "lab.example.org",
                "registry": "registry.example.org/",
                "database": {"host": "db.example.org"},
                "object_store": {"url": "s3://lab/tables", "endpoint": "https://s3.example.org"},
                "edge": {"certificate_folder": "/etc/ssl/lab"},
            }
        ),
        tuple(Target),
    ),
    "whole": (
        Choices.model_validate({"object_store": {"own": True}, "logs": {"loki": "https://loki.example.org"}}),
        CONTAINERS,
    ),
}


def deployments() -> dict[str, str]:
    """The lines by file name. What a clone holds is kept there."""
    clone = committed()
    plans = {
        f"{target}-{profile}": (target, plan(profile))
        for target in Target
        for profile in Profile
        if profile is not Profile.PRODUCTION
    }
    for name, (choices, targets) in BY_CHOICE.items():
        decided = plan(Profile.PRODUCTION, choices)
        plans |= {f"{target}-{name}": (target, decided) for target in targets}
    return {f"{name}.diff": _told(clone, target, render(target, decided)) for name, (target, decided) in plans.items()}


def _told(clone: Mapping[str, str], target: Target, files: Mapping[str, str]) -> str:
    """The files that are left out, each in a line, then what differs in the others."""
    usual = render(target, plan(Profile.PRODUCTION))
    left_out = [f"without {name}" for name in sorted(usual.keys() - files.keys())]
    same_names = {name: text for name, text in clone.items() if name in files}
    return "\n".join([*left_out, *changed_lines(same_names, files)]) + "\n"


def main() -> None:
    """Write them, and take away those that are no longer made."""
    FOLDER.mkdir(exist_ok=True)
    made = deployments()
    for path in FOLDER.iterdir():
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text)


if __name__ == "__main__":
    main()
