"""A runner that runs nothing: it notes what would change and answers what it was taught."""

from collections.abc import Callable, Mapping
from pathlib import Path

from datalab.deploy.apply.command import Command, CommandFailed
from datalab.deploy.apply.files import write_all


class Recorder:
    """Answers by a command's beginning; what it doesn't know fails."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.answers: dict[str, str] = {}
        self.ends_with: dict[str, int] = {}

    @property
    def changes(self) -> list[str]:
        """The commands that would have changed something."""
        return [str(command) for command in self.commands]

    def ask(self, command: Command) -> str:
        """The answer to the longest beginning that fits."""
        fitting = sorted((each for each in self.answers if str(command).startswith(each)), key=len)
        if not fitting:
            raise CommandFailed(f"`{command}` ended with 1: it was taught no answer")
        return self.answers[fitting[-1]]

    def change(self, command: Command) -> str:
        """Note it; it fails where it was taught to."""
        self.commands.append(command)
        for beginning, code in self.ends_with.items():
            if str(command).startswith(beginning):
                failed = CommandFailed(f"`{command}` ended with {code}: as it was taught")
                failed.exit_code = code
                raise failed
        return ""

    def write(self, files: Mapping[str, str], folder: Path) -> None:
        """Write them: folders of tests are of no harm."""
        write_all(files, folder)

    def wait(self, until: Callable[[], bool], timeout_s: float, every_s: float = 1) -> bool:
        """What is so at once is so."""
        return until()

    def pause(self, seconds: float) -> None:
        """Nothing happens meanwhile."""
