"""Sizes as the engines write them."""

from datalab.deploy.topology.component import GIB, MIB


def memory(size: int) -> str:
    """Bytes as Docker and systemd write them: ``2G``, ``512M``."""
    return f"{size // GIB}G" if size % GIB == 0 else f"{size // MIB}M"


def cpus(number: float) -> str:
    """CPUs as Docker writes them: ``1.0``, ``0.25``."""
    return f"{number:.2f}" if number * 10 % 1 else f"{number:.1f}"
