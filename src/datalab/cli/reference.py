"""Writes the reference pages that are made from the code: ``python -m datalab.cli.reference FOLDER``."""

import sys
from collections.abc import Iterator
from pathlib import Path

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from datalab.cli.main import app
from datalab.deploy.watching.page import PAGE, alerts_page
from datalab.host.choices_reference import choices_page
from datalab.host.reference import NOTE, errors_page, settings_page


def pages() -> dict[str, str]:
    """The pages by file name."""
    return {
        "settings.md": settings_page(),
        "errors.md": errors_page(),
        "commands.md": commands_page(),
        "datalab-toml.md": choices_page(),
        PAGE: alerts_page(),
    }


def commands_page() -> str:
    """Every command with its arguments and options."""
    root = get_command(app)
    context = typer.Context(root, info_name="datalab")
    head = (
        f"{NOTE}\n# Commands\n\n{root.help}\n\n"
        "Exit code 0: done. 1: the request failed, with one line on stderr. 2: wrong usage.\n"
    )
    return head + "".join(_sections(root, context))


def _sections(command: object, context: typer.Context) -> Iterator[str]:
    if isinstance(command, TyperGroup):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from _sections(child, typer.Context(child, info_name=name, parent=context))
    elif isinstance(command, TyperCommand):
        yield _section(command, context)


def _section(command: TyperCommand, context: typer.Context) -> str:
    path = context.command_path
    usage = " ".join(command.collect_usage_pieces(context))
    text = f"\n## {path}\n\n{_plain(command.help)}\n\n```console\n$ {path} {usage}\n```\n"
    rows = [row for parameter in command.get_params(context) if (row := _row(parameter, context))]
    return text + ("\n| | meaning |\n|---|---|\n" + "\n".join(rows) + "\n" if rows else "")


def _row(parameter: object, context: typer.Context) -> str | None:
    if not isinstance(parameter, TyperArgument | TyperOption) or parameter.name == "help":
        return None
    record = parameter.get_help_record(context)
    return None if record is None else f"| `{_plain(record[0])}` | {_plain(record[1])} |"


def _plain(text: str | None) -> str:
    return " ".join((text or "").replace("\b", "").split()).replace("|", "\\|")


def written(folder: Path) -> list[Path]:
    """The pages as files in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder / name, text) for name, text in pages().items()]


def _write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


if __name__ == "__main__":
    for path in written(Path(sys.argv[1])):
        print(path)  # noqa: T201 - the list is the command's answer
