"""The commands by which a release migrates beside the one that runs."""

ASK_VERSION = ("python", "-c", "from importlib.metadata import version; print(version('datalab-stack'))")
"""Tells, inside an instance, which version it is, whatever its image or folder is called."""


def migration(running: str | None) -> tuple[str, ...]:
    """Migrates; refused when version ``running`` would not work with the new schema. ``None``: nothing runs."""
    return ("datalab", "migrate", *(("--running", running) if running else ()))
