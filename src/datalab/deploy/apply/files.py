"""Writing files whole or not at all."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

PUBLIC, PRIVATE = 0o644, 0o600


def write(path: Path, text: str, mode: int = PUBLIC) -> None:
    """Put a file in place of what was there, in one step and on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_all(files: Mapping[str, str], folder: Path) -> list[Path]:
    """Write rendered files under a folder; gives those that changed. Scripts may be run."""
    changed: list[Path] = []
    for name, text in files.items():
        path = folder / name
        if path.is_file() and path.read_text() == text:
            continue
        write(path, text, 0o755 if name.endswith(".sh") else PUBLIC)
        changed.append(path)
    return changed
