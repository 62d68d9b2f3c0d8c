"""Files on their way: written aside, so that nobody sees half of one."""

import asyncio
import os
from collections.abc import AsyncIterable
from contextlib import suppress
from io import BufferedWriter
from pathlib import Path

DRAFT = ".draft-"
"""How a draft's name begins."""
_RACES = 100
"""How often a folder may vanish while a file is begun in it."""


async def write_draft(draft: Path, chunks: AsyncIterable[bytes]) -> int:
    """Write a new file, durably; gives its size."""
    size = 0
    with begin(draft) as file:
        async for chunk in chunks:
            size += len(chunk)
            await asyncio.to_thread(file.write, chunk)
        await asyncio.to_thread(sync_file, file)
    return size


def begin(draft: Path) -> BufferedWriter:
    """The draft, open; its folder may be deleted as an empty one before there is something in it."""
    for _ in range(_RACES):
        with suppress(FileNotFoundError, FileExistsError):
            draft.parent.mkdir(parents=True, exist_ok=True)
            return draft.open("xb")
    return draft.open("xb")


def sync_file(file: BufferedWriter) -> None:
    """Make what was written survive a power cut."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make renames in ``folder`` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
