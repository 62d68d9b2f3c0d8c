"""What root may do more than others, given up.

The user id stays: files are owned by it, and an interpreter under ``/root`` would be unreadable to another. Without its
capabilities root is an ordinary user who owns root's files, and which of those it sees is Landlock's business.
"""

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from datalab.kernel.pool.linux import system_call

CAPSET: Final = {"x86_64": 126, "aarch64": 91}
VERSION_3: Final = 0x20080522
DAC_OVERRIDE: Final = 1 << 1


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


def drop_capabilities(folders: Iterable[Path], machine: str) -> None:
    """Keep none, but the one to open others' files where one of ``folders`` isn't root's. Raises :class:`OSError`."""
    foreign = any(folder.exists() and folder.stat().st_uid != os.getuid() for folder in folders)
    kept = DAC_OVERRIDE if foreign and os.getuid() == 0 else 0
    low_effective_permitted_inheritable = (kept, kept, 0)
    data = (ctypes.c_uint32 * 6)(*low_effective_permitted_inheritable, 0, 0, 0)
    system_call(CAPSET[machine], ctypes.byref(_Header(VERSION_3, 0)), ctypes.byref(data))
