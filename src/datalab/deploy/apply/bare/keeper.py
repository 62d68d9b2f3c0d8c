"""What keeps processes running on a host without containers."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from datalab.deploy.apply.lifecycle import Instance
from datalab.deploy.topology.component import Component


class Keeper(Protocol):
    """systemd or supervisor, with the processes of one plan."""

    @property
    def name(self) -> str:
        """As the script that installs releases calls it."""
        ...

    def places(self, files: Iterable[str]) -> Mapping[str, Path]:
        """Where it has those of the rendered files that it reads, by their paths in a clone."""
        ...

    def status(self) -> Sequence[Instance]:
        """How each process of the plan fares; one that it doesn't know is ``missing``."""
        ...

    def scale(self, component: Component, number: int) -> None:
        """Have so many instances of a component, or so many processes of its one, until the next release.

        Raises:
            datalab.contracts.errors.InvalidInput: It can't.
            NotWell: One of them doesn't get ready.
        """
        ...

    def logs(self, component: Component) -> Sequence[Path]:
        """The files that a component's instances write their logs to."""
        ...

    def down(self) -> None:
        """Stop every process, and let none come back when the host starts."""
        ...
