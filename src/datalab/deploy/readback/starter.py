"""The script that starts a process on a bare host, read strictly: what it gives to which program."""

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field

_CASE = re.compile(r"^case \$\{1:\?names the program\} in\n(.*?)^esac\n", re.MULTILINE | re.DOTALL)
_PROGRAM = re.compile(r"^([\w-]+)\)\n(.*?)^    ;;\n", re.MULTILINE | re.DOTALL)
_UNKNOWN = '*)\n    echo "$1 is no program of this platform" >&2\n    exit 2\n    ;;\n'
_GIVEN = re.compile(r'^export (\w+)="\$(\w+)"$')
_METRICS = re.compile(r'^export DATALAB_METRICS_ADDRESS="([\d.]+):\$\(\((\d+) \+ (\d+) \* instance\)\)"$')
_PORT = re.compile(r'^"\$\(\((\d+) \+ (\d+) \* instance\)\)"$')
_KNOWN = {
    "set -euo pipefail",
    'while IFS= read -r line || [ -n "$line" ]; do',
    "    line=${line#export }",
    "    case $line in",
    "    [A-Za-z_]*=*) ;;",
    "    *) continue ;;",
    "    esac",
    "    value=${line#*=}",
    "    case $value in",
    r"    \"*\") value=${value#\"} value=${value%\"} ;;",
    r"    \'*\') value=${value#\'} value=${value%\'} ;;",
    '    export "${line%%=*}=$value"',
    'unless_said() { [ -n "${!1-}" ] || export "$1=$2"; }',
    'release=$(cd "$(dirname "$0")/../.." && pwd -P)',
    "instance=${2:-0}",
}
"""The lines that read the operator's file as it stands, and know the release and the instance."""


@dataclass
class Started:
    """What one program is given."""

    variables: dict[str, str] = field(default_factory=dict[str, str])
    """Unless the operator's file says otherwise."""
    given: dict[str, str] = field(default_factory=dict[str, str])
    """The operator's secrets by the program's own names."""
    taken: list[str] = field(default_factory=list[str])
    """The variables that it doesn't see, whoever set them."""
    arguments: list[str] | None = None
    """``None``: whatever the operator says."""
    listens: list[str] = field(default_factory=list[str])
    """The first instance's address and port, and the distance to the next one's port."""
    other: list[str] = field(default_factory=list[str])
    """Lines that none of this explains."""


@dataclass(frozen=True, slots=True)
class Starter:
    """The whole script."""

    programs: dict[str, Started]
    operators: list[str]
    """The files that variables are read from."""
    files: list[str]
    """How many files a process may open, or else."""
    runs: list[str]
    """What it becomes at last."""
    other: list[str]


def read_starter(text: str) -> Starter:
    """What the script says."""
    match = _CASE.search(text)
    inside = match[1] if match else ""
    outside = text.replace(match[0], "") if match else text
    programs = {name: _started(lines.splitlines()) for name, lines in _PROGRAM.findall(inside)}
    left = _PROGRAM.sub("", inside).replace(_UNKNOWN, "")
    lines = [line for line in outside.splitlines() if line and not line.startswith("#")]
    return Starter(
        programs,
        [line.removeprefix("done <") for line in lines if line.startswith("done <")],
        [line for line in lines if line.startswith("ulimit ")],
        [line for line in lines if line.startswith("exec ")],
        [*left.splitlines(), *(line for line in lines if not _is_known(line))],
    )


def _is_known(line: str) -> bool:
    return line in _KNOWN or line.startswith(("done <", "ulimit ", "exec "))


def _started(lines: Iterable[str]) -> Started:
    program = Started()
    for line in (each.strip() for each in lines):
        if line.startswith("unless_said "):
            _, name, value = shlex.split(line)
            program.variables[name] = value
        elif match := _GIVEN.match(line):
            program.given[match[1]] = match[2]
        elif match := _METRICS.match(line):
            program.listens = ["metrics", *match.groups()]
        elif line.startswith("unset "):
            program.taken = sorted(line.split()[1:])
        elif line.startswith("set -- "):
            _set(program, line.split()[2:], line)
        elif line != "shift":
            program.other.append(line)
    return program


def _set(program: Started, words: list[str], line: str) -> None:
    if "--host" not in words:
        program.arguments = words
        return
    at = words.index("--host")
    program.arguments = words[:at]
    port = _PORT.match(line.partition("--port ")[2])
    if port is None:
        program.other.append(line)
        return
    program.listens = ["serves", words[at + 1], *port.groups()]
