"""Landlock: from here on this process opens only the files it was granted, and no TCP connection at all.

It holds for the calling thread and those it starts; the newest rules that the kernel knows are used.
"""

import contextlib
import ctypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from datalab.kernel.pool.linux import system_call

CREATE_RULESET: Final = 444
ADD_RULE: Final = 445
RESTRICT_SELF: Final = 446
VERSION_FLAG: Final = 1
PATH_BENEATH: Final = 1
ALL_THREADS_FLAG: Final = 1 << 3
ALL_THREADS_SINCE: Final = 8

WRITE_FILE: Final = 1 << 1
READ_FILE: Final = 1 << 2
READ_FOLDER: Final = 1 << 3
REMOVE_FILE: Final = 1 << 5
MAKE_FILE: Final = 1 << 8
BLIND_USE: Final = READ_FILE | WRITE_FILE | REMOVE_FILE | MAKE_FILE
FILE_SYSTEM_BITS: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many file system rights the kernel knows, by version: refer came with 2, truncate with 3, device ioctl with 5."""
TRUNCATE: Final = 1 << 14
SPECIAL_FILES: Final = 1 << 6 | 1 << 9 | 1 << 11
"""Making character and block devices and sockets is never granted."""
EXECUTE: Final = 1
DEVICE_CONTROL: Final = 1 << 15
NETWORK_SINCE: Final = 4
NETWORK: Final = 0b11
SCOPES_SINCE: Final = 6
SCOPES: Final = 0b11
"""Abstract Unix sockets and signals stay inside."""


def landlock_version() -> int:
    """The version that the kernel offers, 0 when it has none."""
    try:
        return system_call(CREATE_RULESET, None, 0, VERSION_FLAG)
    except OSError:
        return 0


def confine_files(*, reads: Iterable[Path], writes: Iterable[Path], unlisted: Iterable[Path]) -> None:
    """Grant these paths with what is under them and nothing else; those that don't exist are passed over.

    In ``unlisted`` folders files are made, opened and removed by who knows their names.

    Needs ``no_new_privs``. Raises :class:`OSError` where the kernel has no Landlock.
    """
    version = landlock_version()
    handled = (1 << FILE_SYSTEM_BITS[min(max(version, 1), 5)]) - 1
    ruleset = _create(version, handled)
    try:
        for path in reads:
            _grant(ruleset, path, READ_FILE | READ_FOLDER)
        for path in writes:
            _grant(ruleset, path, handled & ~(SPECIAL_FILES | EXECUTE | DEVICE_CONTROL))
        for path in unlisted:
            _grant(ruleset, path, BLIND_USE)
        system_call(RESTRICT_SELF, ruleset, ALL_THREADS_FLAG if version >= ALL_THREADS_SINCE else 0)
    finally:
        os.close(ruleset)


def _create(version: int, handled: int) -> int:
    words = [handled]
    if version >= NETWORK_SINCE:
        words.append(NETWORK)
    if version >= SCOPES_SINCE:
        words.append(SCOPES)
    attributes = (ctypes.c_uint64 * len(words))(*words)
    return system_call(CREATE_RULESET, ctypes.byref(attributes), ctypes.sizeof(attributes), 0)


class _Rule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("rights", ctypes.c_uint64), ("parent", ctypes.c_int32))


def _grant(ruleset: int, path: Path, rights: int) -> None:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError, PermissionError):
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not stat.S_ISDIR(os.fstat(parent).st_mode):
                rights &= READ_FILE | WRITE_FILE | TRUNCATE
            rule = _Rule(rights, parent)
            system_call(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), 0)
        finally:
            os.close(parent)
