"""What systemd makes of units before they are installed: its manager in test mode, and its own look at their walls."""

import json
import os
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from datalab.contracts.errors import Unavailable
from datalab.deploy.apply.reading.containers import READ_WITHIN_S, NotReadable

_MANAGERS = ("/lib/systemd/systemd", "/usr/lib/systemd/systemd")
_UNITS = "etc/systemd/system"
_SYSTEMS_OWN = ("/lib/systemd/system", "/usr/lib/systemd/system")
_KINDS = (".service", ".socket", ".target", ".timer")
_ALL = "read-back.target"
"""Wants every unit, so that the manager loads each of them."""
_NOBODY = 65534
_HEAD = re.compile(r"\t-> Unit (\S+):$")
_COMMAND = re.compile(r"\t\t-> (Exec\w+):$")
_VALUE = re.compile(r"\t\t(?:\t(?=Command Line))?([\w -]+): (.*)$")


@dataclass(frozen=True, slots=True)
class ReadUnit:
    """One unit: its text, each property's values as the manager took them, what systemd finds unprotected in it."""

    text: str
    values: Mapping[str, tuple[str, ...]]
    unprotected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadUnits:
    """All units of a folder, and the targets that start one of them once it is enabled: target by unit."""

    units: Mapping[str, ReadUnit]
    started_by: Mapping[str, str]


def read_units(folder: Path, enabled: str) -> ReadUnits:
    """The units in a folder as systemd reads them; ``enabled`` is the one that people enable.

    Raises:
        NotReadable: It refuses one, or doesn't know what one says.
        Unavailable: There is no systemd here, or its manager can't be tried.
    """
    names = sorted(path.name for path in folder.iterdir() if path.suffix in _KINDS)
    with TemporaryDirectory(prefix="datalab-units-") as made:
        root = Path(made)
        root.chmod(0o755)
        _laid_out(folder, names, root)
        values = _loaded(root, names)
        services = [name for name in names if name.endswith(".service")]
        unprotected = {name: _unprotected(root, name) for name in services}
        _told(("systemctl", f"--root={root}", "enable", "--quiet", enabled))
        links = sorted((root / _UNITS).glob("*.wants/*"))
    units = {name: ReadUnit((folder / name).read_text(), values[name], unprotected.get(name, ())) for name in names}
    return ReadUnits(units, {link.name: link.parent.name.removesuffix(".wants") for link in links})


def _laid_out(folder: Path, names: Iterable[str], root: Path) -> None:
    (root / _UNITS).mkdir(parents=True)
    for name in names:
        shutil.copyfile(folder / name, root / _UNITS / name)
    (root / _UNITS / _ALL).write_text(f"[Unit]\nWants={' '.join(names)}\n")


def _loaded(root: Path, names: Iterable[str]) -> dict[str, dict[str, tuple[str, ...]]]:
    manager = next((path for path in _MANAGERS if Path(path).exists()), None)
    if manager is None:
        raise Unavailable("there is no systemd on this machine: install it to read units")
    units = root / _UNITS
    path = ":".join((str(units), *_SYSTEMS_OWN))
    done = _run((manager, "--test", "--system", f"--unit={_ALL}"), {"SYSTEMD_UNIT_PATH": path})
    complaints = [line.replace(f"{units}/", "") for line in done.stderr.splitlines() if _of_ours(line, units, names)]
    if complaints:
        raise NotReadable("; ".join(complaints))
    found = _parsed(done.stdout)
    if done.returncode or not found.keys() >= set(names):
        raise Unavailable(f"systemd's manager can't be tried here: {done.stderr.strip()[-500:]}")
    return found


def _of_ours(line: str, units: Path, names: Iterable[str]) -> bool:
    return str(units) in line or any(name in line for name in names)


def _parsed(text: str) -> dict[str, dict[str, tuple[str, ...]]]:
    """Property → values, by unit; a command stands under its property's name."""
    units: dict[str, dict[str, list[str]]] = {}
    unit: dict[str, list[str]] = {}
    command = ""
    for line in text.splitlines():
        if head := _HEAD.match(line):
            unit = units.setdefault(head[1], defaultdict(list))
        elif begun := _COMMAND.match(line):
            command = begun[1]
        elif value := _VALUE.match(line):
            unit[command if value[1] == "Command Line" else value[1]].append(value[2])
    return {name: {key: tuple(told) for key, told in values.items()} for name, values in units.items()}


def _unprotected(root: Path, name: str) -> tuple[str, ...]:
    told = _told(("systemd-analyze", "security", "--offline=yes", f"--root={root}", "--json=short", "--no-pager", name))
    return tuple(sorted(each["name"] for each in json.loads(told) if not each["set"]))


def _told(arguments: tuple[str, ...]) -> str:
    if shutil.which(arguments[0]) is None:
        raise Unavailable(f"{arguments[0]} is not on this machine's PATH: install systemd to read units")
    done = _run(arguments, {})
    if done.returncode:
        raise NotReadable(f"{' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


def _run(arguments: tuple[str, ...], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    told = {"PATH": os.environ.get("PATH", os.defpath), "HOME": "/", **environment}
    # The manager refuses to be tried by root.
    nobody = os.geteuid() == 0 and arguments[0] in _MANAGERS
    return subprocess.run(  # noqa: S603 - the command is ours, its arguments are no shell's
        arguments,
        env=told,
        user=_NOBODY if nobody else None,
        group=_NOBODY if nobody else None,
        extra_groups=() if nobody else None,
        capture_output=True,
        text=True,
        timeout=READ_WITHIN_S,
        check=False,
    )
