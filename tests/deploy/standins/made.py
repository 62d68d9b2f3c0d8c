"""Having the images that deployments name: pulled where that goes, else made here, once for each change of a recipe.

``python -m tests.deploy.standins.made`` makes all of them.
"""

import contextlib
import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from tests.deploy.engine import DockerFailed, EngineMissing, docker, ensure_engine

from datalab.deploy.topology.images import (
    ALERTMANAGER,
    DEBIAN_BASE,
    HAPROXY,
    NGINX,
    POSTGRES,
    PROMETHEUS,
    PYTHON_BASE,
    REDIS,
)

FOLDER = Path(__file__).parent
SUITE, MIRROR = "trixie", "http://deb.debian.org/debian"
SOURCES = f"""deb {MIRROR} {SUITE} main
deb {MIRROR} {SUITE}-updates main
deb http://deb.debian.org/debian-security {SUITE}-security main
"""
LABEL = "datalab.standin"
"""Tells a stand-in from the real image, and by its value which recipe it was made by."""
PULL_TIMEOUT_S = 300
REGISTRY_TIMEOUT_S = 90

RECIPES: Mapping[str, str] = {
    PYTHON_BASE: "python",
    POSTGRES.name: "postgres",
    REDIS.name: "redis",
    NGINX.name: "nginx",
    PROMETHEUS.name: "prometheus",
    ALERTMANAGER.name: "alertmanager",
    HAPROXY.name: "haproxy",
}
"""Folder of the recipe by the name of the image. The rest of the deployment's images can't be made from packages."""


def ensure_images(names: Iterable[str] = (DEBIAN_BASE, *RECIPES)) -> None:
    """Have these images, real or made. Raises EngineMissing."""
    for name in names:
        if not _is_current(name) and not _pulled(name):
            _make(name)


def is_standin(name: str) -> bool:
    """Whether the image of this name was made here."""
    return bool(_recipe_of(name))


def _is_current(name: str) -> bool:
    """Whether it is there: the real one, or a stand-in by the present recipe."""
    made_by = _recipe_of(name)
    return made_by is not None and made_by in {"", _recipe(name)}


def _recipe_of(name: str) -> str | None:
    """What the image's label says; empty for a real one, ``None`` when it isn't there."""
    try:
        labels = docker("image", "inspect", "--format", "{{json .Config.Labels}}", name)
    except DockerFailed:
        return None
    told: dict[str, str] = json.loads(labels) or {}
    return told.get(LABEL, "")


def _pulled(name: str) -> bool:
    return _registry_answers() and _pull(name, PULL_TIMEOUT_S)


@cache
def _registry_answers() -> bool:
    """Whether there is any point in pulling: an engine behind a wall may wait for a while, for each image."""
    return _pull(DEBIAN_BASE, REGISTRY_TIMEOUT_S)


def _pull(name: str, timeout_s: float) -> bool:
    with contextlib.suppress(DockerFailed, subprocess.TimeoutExpired):
        docker("pull", "--quiet", name, timeout_s=timeout_s)
        return True
    return False


def _recipe(name: str) -> str:
    """A digest of all that the stand-in is made from."""
    digest = hashlib.sha256(f"{SUITE} {MIRROR}".encode())
    if name in RECIPES:
        for path in sorted((FOLDER / RECIPES[name]).iterdir()):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _make(name: str) -> None:
    if name == DEBIAN_BASE:
        _bootstrap(name)
        return
    if name not in RECIPES:
        raise EngineMissing(f"{name} can't be pulled, and there is no recipe for it")
    ensure_images([DEBIAN_BASE])
    docker("build", "--quiet", "--label", f"{LABEL}={_recipe(name)}", "-t", name, str(FOLDER / RECIPES[name]))


def _bootstrap(name: str) -> None:
    """A minimal Debian. Raises EngineMissing."""
    if shutil.which("debootstrap") is None:
        _must(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "debootstrap"])
    with tempfile.TemporaryDirectory(prefix="datalab-debian-", dir="/var/tmp") as folder:
        root, archive = Path(folder, "root"), Path(folder, "root.tar")
        _must(["debootstrap", "--variant=minbase", SUITE, str(root), MIRROR])
        for leftover in ("var/cache/apt/archives", "var/lib/apt/lists", "var/log"):
            shutil.rmtree(root / leftover)
            (root / leftover).mkdir()
        (root / "etc/apt/sources.list").write_text(SOURCES)
        _must(["tar", "--numeric-owner", "-C", str(root), "-cf", str(archive), "."])
        change = f"LABEL {LABEL}={_recipe(name)}"
        docker("import", "--change", change, "--change", 'CMD ["bash"]', str(archive), name)


def _must(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise EngineMissing(f"{' '.join(command[:4])} …: {(done.stderr or done.stdout).strip()[-2000:]}")


if __name__ == "__main__":
    ensure_engine()
    ensure_images()
    for image in (DEBIAN_BASE, *RECIPES):
        print(image, "made here" if is_standin(image) else "real")
