"""The programs that judge what is rendered for bare hosts: those of this machine."""

import os
import shutil
import subprocess
from pathlib import Path

from datalab.kernel.testing.fixtures import missing

PACKAGES = {
    "haproxy": "haproxy",
    "nginx": "nginx-light",
    "shellcheck": "shellcheck",
    "systemd-analyze": "systemd",
}
_PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"


def program(name: str) -> str:
    """Where it is; the test is skipped aloud where it isn't, and fails in CI."""
    found = shutil.which(name, path=_PATH)
    if found is None:
        missing(f"no {name}: install Debian's package {PACKAGES[name]}")
    return str(found)


def judged(name: str, *arguments: str | Path) -> tuple[bool, str]:
    """Whether the program is content, and what it says."""
    done = subprocess.run(
        [program(name), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=100,
    )
    return done.returncode == 0, done.stdout
