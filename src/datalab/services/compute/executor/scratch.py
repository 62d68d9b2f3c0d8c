"""Folders of attempts, one below each executor's own."""

import shutil
from pathlib import Path

from datalab.services.compute.executor.presence import is_gone


def clear_abandoned(root: Path) -> None:
    """Delete what executors left that were killed; make ``root`` where it isn't."""
    root.mkdir(parents=True, exist_ok=True)
    for folder in root.iterdir():
        if is_gone(folder.name):
            shutil.rmtree(folder, ignore_errors=True)
