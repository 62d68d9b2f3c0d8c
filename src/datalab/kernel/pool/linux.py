"""The few system calls that Python has no function for."""

import ctypes
import os
from typing import Any, Final

PR_SET_PDEATHSIG: Final = 1
PR_GET_SECCOMP: Final = 21
PR_SET_NO_NEW_PRIVS: Final = 38

_libc: Final = ctypes.CDLL(None, use_errno=True)


def system_call(number: int, *arguments: Any) -> int:
    """Its result; raises :class:`OSError`. Integers travel as longs, None as a null pointer."""
    _libc.syscall.restype = ctypes.c_long
    result = _libc.syscall(ctypes.c_long(number), *map(_argument, arguments))
    return _checked(result)


def process_control(option: int, *arguments: int) -> int:
    """``prctl``; raises :class:`OSError`."""
    padded = (*arguments, 0, 0, 0, 0)[:4]
    return _checked(_libc.prctl(ctypes.c_int(option), *map(ctypes.c_ulong, padded)))


def flush_c_streams() -> None:
    """Write out what C libraries hold back in their buffers of standard output and error."""
    _libc.fflush(None)


def _argument(value: Any) -> Any:
    return ctypes.c_long(value) if isinstance(value, int) else value


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
