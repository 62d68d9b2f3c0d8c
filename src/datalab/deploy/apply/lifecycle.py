"""What every target can be told: the verbs of a deployment, what they give and how they fail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from datalab.contracts.errors import PlatformError
from datalab.deploy.apply.ledger import Release


class Images(StrEnum):
    """Where what a release is made from comes from: made here, fetched from a registry, or there already."""

    BUILD = "build"
    PULL = "pull"
    THERE = "there"


class NotWell(PlatformError):
    """A new instance isn't ready in time, fails requests, or was ended for the memory it took."""

    code, title = "not_well", "A new instance isn't well"


class RolledBack(PlatformError):
    """The release wasn't well; what ran before runs again."""

    code, title = "rolled_back", "Rolled back"


@dataclass(frozen=True, slots=True)
class Instance:
    """One process, or one container, of a component."""

    name: str
    component: str
    release: str
    """What it was made from: an image with its tag, or a release's folder."""
    state: str
    health: str
    restarts: int | None
    """How often it was started again; ``None`` where nobody counts."""


class Lifecycle(Protocol):
    """The verbs, for one plan at one place."""

    @property
    def variables(self) -> Path | None:
        """The operator's file, which must be whole before ``up``; ``None`` where ``up`` sees to it itself."""
        ...

    def up(self, files: Mapping[str, str], images: Images) -> None:
        """Bring the plan to run, whatever runs now.

        Raises:
            RolledBack: It wasn't well and what ran before was brought back.
            NotWell: It wasn't well, and nothing ran before.
            datalab.deploy.apply.command.CommandFailed: A command failed; what was replaced stays so. Run it again to
                go on.
        """
        ...

    def diff(self, files: Mapping[str, str]) -> list[str]:
        """What ``up`` would change: lines of files since the last release, and instances that aren't as they say."""
        ...

    def status(self) -> Sequence[Instance]:
        """What runs, and what should but doesn't."""
        ...

    def scale(self, name: str, number: int) -> None:
        """Run so many instances until the next ``up``.

        Raises:
            datalab.contracts.errors.InvalidInput: The component can't run so many times, or isn't part of the plan.
        """
        ...

    def logs(self, name: str | None, lines: int) -> str:
        """The last lines of a component, or of all."""
        ...

    def rollback(self) -> Release:
        """Bring back what was applied before the current release; gives it.

        Raises:
            datalab.contracts.errors.InvalidInput: Nothing was applied before.
        """
        ...

    def down(self) -> None:
        """Stop everything; data stays."""
        ...
