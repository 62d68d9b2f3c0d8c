"""A folder in which one commit to a table in an object store is made."""

import re
import shutil
import time
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from datalab.contracts.ids import new_id
from datalab.services.data.adapters.delta_log import LOG, version_of

LAST_CHECKPOINT: Final = "_last_checkpoint"
_CHECKPOINT: Final = re.compile(r"(\d{20})\.checkpoint\.parquet")
_LEFT_S: Final = 3600
"""How old a folder is whose process surely died."""


class Stage:
    """The folder: the table's log, and empty files in the place of its data, which commits don't read."""

    def __init__(self, stages: Path) -> None:
        self.folder: Final = stages / new_id()
        self.log: Final = self.folder / LOG

    def fill(self, log: Mapping[str, Path], files: Iterable[str]) -> None:
        """Copy these files of the log, by name, and stand in for those of data."""
        _clear_left(self.folder.parent)
        self.folder.mkdir(parents=True)
        if log:
            self.log.mkdir()
        for name, path in log.items():
            shutil.copyfile(path, self.log / name)
        for name in files:
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()

    def read(self, name: str) -> bytes:
        """A file of the log."""
        return (self.log / name).read_bytes()

    def checkpoints(self, known: Collection[str]) -> list[str]:
        """The names of checkpoints that are new, and last that of the file which names the newest."""
        made = sorted(path.name for path in self.log.glob("*.checkpoint*.parquet") if path.name not in known)
        return [*made, LAST_CHECKPOINT] if made and (self.log / LAST_CHECKPOINT).exists() else made

    def clear(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


def log_needed(names: Collection[str]) -> list[str]:
    """Of a log's files those that tell the table's newest state: the last checkpoint and what came after."""
    checkpoints = [int(found[1]) for name in names if (found := _CHECKPOINT.fullmatch(name))]
    begin = max(checkpoints, default=-1)
    return [name for name in names if _is_needed(name, begin)]


def _is_needed(name: str, begin: int) -> bool:
    version, checkpoint = version_of(name), _CHECKPOINT.fullmatch(name)
    return (version is not None and version >= begin) or (checkpoint is not None and int(checkpoint[1]) == begin)


def _clear_left(stages: Path) -> None:
    for folder in stages.glob("*"):
        with suppress(FileNotFoundError):
            if time.time() - folder.stat().st_mtime > _LEFT_S:
                shutil.rmtree(folder, ignore_errors=True)
