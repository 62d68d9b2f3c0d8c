"""Our own images, built from this tree: ``python -m tests.deploy.images`` builds all of them, tagged ``dev``."""

import os
from collections.abc import Iterable
from pathlib import Path

from tests.deploy.engine import docker, ensure_engine
from tests.deploy.standins.made import ensure_images

from datalab.catalog import SERVICES
from datalab.deploy.topology.images import DEBIAN_BASE, PYTHON_BASE, REPOSITORY

ROOT = Path(__file__).parents[2]
DOCKERFILE = "infrastructure/docker/Dockerfile"
TAG = "dev"
TARGETS = (*(service.deployed_name for service in SERVICES.values()), "pgbouncer")
BUILD_TIMEOUT_S = 1800


def name_of(target: str) -> str:
    """The image's name, with its tag."""
    return f"{REPOSITORY}/{target}:{TAG}"


def build(targets: Iterable[str] = TARGETS, dockerfile: str = DOCKERFILE) -> None:
    """Build these targets; what did not change is taken from the engine's cache. Raises DockerFailed."""
    for target in targets:
        arguments = ["--quiet", "--file", str(ROOT / dockerfile), "--target", target, "--tag", name_of(target)]
        docker("build", *arguments, *_trust(), str(ROOT), timeout_s=BUILD_TIMEOUT_S)


def ensure_ours(targets: Iterable[str] = TARGETS) -> None:
    """Have an engine, the base images and ours. Raises EngineMissing, DockerFailed."""
    ensure_engine()
    ensure_images((DEBIAN_BASE, PYTHON_BASE))
    build(targets)


def _trust() -> tuple[str, ...]:
    """The CA bundle that this machine is told to trust, since a proxy that opens TLS may stand before it."""
    bundle = os.environ.get("SSL_CERT_FILE", "")
    return ("--secret", f"id=ca,src={bundle}") if Path(bundle).is_file() else ()


if __name__ == "__main__":
    ensure_ours()
    print("\n".join(map(name_of, TARGETS)))
