"""Debian's packages in our images for which a security update is out: ``python -m bench.updates``, as root.

Asks Debian's mirrors and nobody else, so it sees only flaws of Debian's packages that Debian has mended: nothing of
Python's packages, of a Python that isn't Debian's, or of the console's JavaScript. 1 when an update is out.
"""

import sys

from tests.deploy.engine import docker
from tests.deploy.images import TARGETS, ensure_ours, name_of

MIRROR = "http://deb.debian.org/debian-security"
ASK = f"""
. /etc/os-release
rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*
echo "deb {MIRROR} $VERSION_CODENAME-security main" >/etc/apt/sources.list
apt-get update -qq >&2 && apt-get -s -qq dist-upgrade | grep '^Inst' || true
"""


def updates(target: str) -> list[str]:
    """The packages, with the versions that are there and those that are out."""
    told = docker("run", "--rm", "--user=0", "--entrypoint=sh", name_of(target), "-c", ASK)
    return [line.removeprefix("Inst ") for line in told.splitlines()]


def main() -> int:
    """Print them by image."""
    ensure_ours()
    found = {target: updates(target) for target in TARGETS}
    for target, packages in found.items():
        print(f"{target}: {len(packages)} security updates are out", *packages, sep="\n  ")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main())
