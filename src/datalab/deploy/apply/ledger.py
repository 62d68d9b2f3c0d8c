"""What was applied, what is being applied and how far it came: on disk, so that any step may be the last."""

import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datalab.deploy.apply.files import PRIVATE, write


@dataclass(frozen=True, slots=True)
class Release:
    """A version with the files that go with it."""

    version: str
    files: Mapping[str, str]

    @property
    def id(self) -> str:
        """The version and a digest of the files."""
        digest = hashlib.sha256(json.dumps(dict(sorted(self.files.items()))).encode()).hexdigest()
        return f"{self.version}-{digest[:12]}"


class Ledger:
    """One deployment's book, ``<folder>/ledger.json``, with the files of each release beside it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "ledger.json"

    def current(self) -> Release | None:
        """What was applied last, whole."""
        return self._release(self._read().get("current"))

    def previous(self) -> Release | None:
        """What was applied before that."""
        return self._release(self._read().get("previous"))

    def applied_at(self) -> float | None:
        """When the current one was finished; seconds since 1970."""
        return self._read().get("applied_at")

    def begin(self, release: Release) -> frozenset[str]:
        """Set out to apply a release; gives the steps that an earlier, broken-off attempt at the same one took."""
        state = self._read()
        if state.get("pending") == release.id:
            return frozenset(state.get("done", ()))
        write(self._folder / f"{release.id}.json", _to_json(release), PRIVATE)
        self._write({**state, "pending": release.id, "done": []})
        return frozenset()

    def did(self, step: str) -> None:
        """Note a step."""
        state = self._read()
        self._write({**state, "done": [*state.get("done", ()), step]})

    def finish(self) -> None:
        """The pending release is the current one."""
        state = self._read()
        pending, current = state["pending"], state.get("current")
        before = state.get("previous") if pending == current else current
        self._write({"current": pending, "previous": before, "applied_at": time.time()})
        self._forget({pending, before})

    def give_up(self) -> None:
        """The pending release was taken back."""
        state = self._read()
        kept = {name: value for name, value in state.items() if name not in {"pending", "done"}}
        self._write(kept)

    def _release(self, release_id: str | None) -> Release | None:
        if release_id is None:
            return None
        kept = json.loads((self._folder / f"{release_id}.json").read_text())
        return Release(kept["version"], kept["files"])

    def _read(self) -> dict[str, Any]:
        return json.loads(self._path.read_text()) if self._path.exists() else {}

    def _write(self, state: Mapping[str, Any]) -> None:
        write(self._path, json.dumps(state, indent=1) + "\n", PRIVATE)

    def _forget(self, kept: Iterable[str | None]) -> None:
        names = {f"{each}.json" for each in kept} | {self._path.name}
        for path in self._folder.glob("*.json"):
            if path.name not in names:
                path.unlink()


class ReadLedger(Ledger):
    """The book as a rehearsal reads it: nothing is written down."""

    def begin(self, release: Release) -> frozenset[str]:  # noqa: ARG002 - as above
        """Every step is rehearsed."""
        return frozenset()

    def did(self, step: str) -> None:
        """Forget it."""

    def finish(self) -> None:
        """Leave what is written."""

    def give_up(self) -> None:
        """Likewise."""


def _to_json(release: Release) -> str:
    return json.dumps({"version": release.version, "files": dict(release.files)}, indent=1) + "\n"
