"""Writes each service's OpenAPI document: ``python -m datalab.host.openapi FOLDER``."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from datalab.host.one_process import Platform
from datalab.kernel.config.settings import PlatformSettings


def documents() -> dict[str, dict[str, Any]]:
    """The documents by service, made from the apps as they are served."""
    with tempfile.TemporaryDirectory() as home:
        platform = Platform(PlatformSettings(DATALAB_HOME=Path(home)))  # pyright: ignore[reportCallIssue] # by its alias
        apps = {"gateway": platform.gateway.own, **platform.apps}
        return {name: _steady(app.openapi()) for name, app in apps.items()}


def written(folder: Path) -> list[Path]:
    """The documents as files in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder / f"{name}.json", document) for name, document in documents().items()]


def _steady(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "info": {**document["info"], "version": "0"}}


def _write(path: Path, document: dict[str, Any]) -> Path:
    path.write_text(json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
    return path


if __name__ == "__main__":
    for path in written(Path(sys.argv[1])):
        print(path)  # noqa: T201 - the list is the command's answer
