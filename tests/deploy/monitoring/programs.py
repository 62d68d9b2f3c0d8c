"""Debian's monitoring programs: those on PATH, else installed here, which needs root."""

import os
import shutil
import subprocess
from pathlib import Path

PACKAGES = (
    "prometheus",
    "prometheus-alertmanager",
    "prometheus-node-exporter",
    "prometheus-postgres-exporter",
    "prometheus-redis-exporter",
)
PROGRAMS = ("promtool", "amtool", *PACKAGES)
POLICY = Path("/usr/sbin/policy-rc.d")
APT = ("apt-get", "-qq", "-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=300")


class ProgramsMissing(Exception):
    """Some of them are neither there nor to be had; the message says why."""


def have_programs() -> None:
    """See that all are on PATH. Raises ProgramsMissing."""
    if not _lacking():
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise ProgramsMissing(f"{', '.join(_lacking())} are not on PATH, and only root on Debian can install them")
    forbidden = not POLICY.exists()
    if forbidden:
        POLICY.write_text("#!/bin/sh\nexit 101\n")  # their services shall not start by themselves
        POLICY.chmod(0o755)
    try:
        _apt("update")
        _apt("install", "-y", "--no-install-recommends", *PACKAGES)
    finally:
        if forbidden:
            POLICY.unlink()
    if _lacking():
        raise ProgramsMissing(f"{', '.join(_lacking())} are not on PATH though their packages are installed")


def run(*command: str, at: Path | None = None) -> subprocess.CompletedProcess[str]:
    """One command to its end."""
    return subprocess.run(command, cwd=at, capture_output=True, text=True, check=False, timeout=300)


def _lacking() -> list[str]:
    return [name for name in PROGRAMS if shutil.which(name) is None]


def _apt(*arguments: str) -> None:
    done = subprocess.run(
        [*APT, *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    if done.returncode != 0:
        raise ProgramsMissing(f"apt-get {arguments[0]}: {done.stderr[-500:]}")
