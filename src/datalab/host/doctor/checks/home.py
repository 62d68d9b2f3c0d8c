"""The folder of the embedded state: whose it is, and who may read the secrets in it."""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from datalab.host.doctor.finding import Finding, broken, ok
from datalab.host.doctor.setup import Setup

_HOME = "DATALAB_HOME"
_SECRETS = "secret files"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


async def check(setup: Setup) -> Sequence[Finding]:
    """Whether this user can work in the home, and nobody else can read its secrets."""
    home = setup.home
    there = next(one for one in (home, *home.parents) if one.exists())
    if not there.is_dir():
        return [broken(_HOME, f"{there} is a file", f"name a folder as {_HOME}, or move the file away")]
    if not os.access(there, os.R_OK | os.W_OK | os.X_OK):
        return [broken(_HOME, f"{there} can't be read and written by {_me()}", _give(there))]
    if there != home:
        return [ok(_HOME, f"{home}, made at the first start")]
    foreign = [path for path in _parts(home) if path.stat().st_uid != os.geteuid() and not os.access(path, os.W_OK)]
    if foreign:
        return [broken(_HOME, f"{foreign[0]} belongs to another user and can't be written by {_me()}", _give(home))]
    return [ok(_HOME, str(home)), _of_secrets(home / "secrets")]


def _of_secrets(folder: Path) -> Finding:
    if not folder.is_dir():
        return ok(_SECRETS, "none yet; they are made at the first start")
    if not os.access(folder, os.R_OK | os.X_OK):
        return broken(_SECRETS, f"{folder} can't be read by {_me()}", _give(folder))
    files = sorted(path for path in folder.iterdir() if path.is_file())
    loose = [path for path in files if path.stat().st_mode & _OTHERS]
    if loose:
        names = ", ".join(f"{path.name} ({stat.S_IMODE(path.stat().st_mode):04o})" for path in loose)
        return broken(_SECRETS, f"others than their owner may open {names} in {folder}", f"chmod 600 {folder}/*")
    unreadable = [path.name for path in files if not os.access(path, os.R_OK)]
    if unreadable:
        return broken(_SECRETS, f"{', '.join(unreadable)} in {folder} can't be read by {_me()}", _give(folder))
    return ok(_SECRETS, f"{len(files)} in {folder}, for their owner only")


def _parts(home: Path) -> Iterator[Path]:
    yield home
    yield from home.iterdir()


def _me() -> str:
    return f"user {os.geteuid()}"


def _give(folder: Path) -> str:
    return f"sudo chown -R $(id -u):$(id -g) {folder} && chmod -R u+rwX {folder}"
