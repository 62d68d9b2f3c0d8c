"""What supervisor's own parser makes of programs, and bash of the script that starts them."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from datalab.contracts.errors import Unavailable
from datalab.deploy.apply.reading import supervisor_options
from datalab.deploy.apply.reading.containers import READ_WITHIN_S, NotReadable

_HEAD = "[supervisord]\nnodaemon=true\nlogfile={folder}/supervisord.log\npidfile={folder}/supervisord.pid\n"

Programs = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Group → process → attribute → value."""


def read_programs(text: str) -> Programs:
    """The processes that a file of programs makes.

    Raises:
        NotReadable: supervisor refuses it.
        Unavailable: There is no supervisor here.
    """
    with TemporaryDirectory(prefix="datalab-programs-") as folder:
        path = Path(folder, "supervisord.conf")
        path.write_text(_HEAD.format(folder=folder) + text)
        return json.loads(_told((_interpreter(), "-I", str(Path(supervisor_options.__file__)), str(path)), ""))


def refuse_what_bash_refuses(script: str) -> None:
    """See that a script is one. Nothing in it is run.

    Raises:
        NotReadable: bash can't read it.
        Unavailable: There is no bash here.
    """
    _told(("bash", "-n", "/dev/stdin"), script)


def _interpreter() -> str:
    """A Python that has supervisor: this one, or the one that the host's ``supervisord`` is run by."""
    if find_spec("supervisor") is not None:
        return sys.executable
    found = shutil.which("supervisord")
    if found is None:
        raise Unavailable("there is no supervisor on this machine: install it to read programs")
    first = Path(found).read_text().splitlines()[0]
    if not first.startswith("#!") or "python" not in first:
        raise Unavailable(f"{found} is not run by Python, so supervisor's parser can't be reached")
    return first.removeprefix("#!").split()[0]


def _told(arguments: tuple[str, ...], text: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - the command is ours, its arguments are no shell's
            arguments, input=text, capture_output=True, text=True, timeout=READ_WITHIN_S, check=False
        )
    except FileNotFoundError:
        raise Unavailable(f"{arguments[0]} is not on this machine's PATH: install it first") from None
    if done.returncode:
        raise NotReadable(f"{' '.join(arguments[:2])}: {(done.stderr or done.stdout).strip()[-500:]}")
    return done.stdout
