"""A filter of system calls: no sockets, no other processes, no way up. What is refused fails with EPERM."""

import ctypes
import errno
import os
import platform
import socket
from collections.abc import Sequence
from typing import Final

from datalab.kernel.pool.linux import PR_GET_SECCOMP, PR_SET_PDEATHSIG, process_control, system_call
from datalab.kernel.pool.refused import MACHINES, Machine

SET_FILTER: Final = 1
ALL_THREADS: Final = 1
CLONE_THREAD: Final = 0x10000
SOCKET_TYPE: Final = 0xF

LOAD: Final = 0x20
AND: Final = 0x54
JUMP_EQUAL: Final = 0x15
JUMP_AT_LEAST: Final = 0x35
RETURN: Final = 0x06
ALLOW: Final = 0x7FFF0000
KILL_PROCESS: Final = 0x80000000
FAIL: Final = 0x00050000
X32: Final = 0x40000000
NUMBER_AT: Final = 0
ARCHITECTURE_AT: Final = 4
FIRST_ARGUMENT_AT: Final = 16
SECOND_ARGUMENT_AT: Final = 24

Instruction = tuple[int, int, int, int]


def seccomp_offered() -> bool:
    """Whether this kernel filters system calls and we know its processor."""
    try:
        process_control(PR_GET_SECCOMP)
    except OSError:
        return False
    return platform.machine() in MACHINES


def refuse_system_calls() -> None:
    """Apply the filter to all threads of this process, for good; needs ``no_new_privs``. Raises :class:`OSError`."""
    machine = MACHINES.get(platform.machine())
    if machine is None:
        raise OSError(errno.ENOSYS, f"no filter is known for {platform.machine()}")
    program = assemble(machine, os.getpid())
    instructions = (_Instruction * len(program))(*program)
    whole = _Program(len(program), instructions)
    stuck_thread = system_call(machine.seccomp, SET_FILTER, ALL_THREADS, ctypes.byref(whole))
    if stuck_thread:
        raise OSError(errno.EBUSY, f"thread {stuck_thread} has a filter of its own")


def assemble(machine: Machine, own: int) -> list[Instruction]:
    """The program for process ``own``: own threads, own signals and pairs of connected sockets remain."""
    program: list[Instruction] = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (JUMP_EQUAL, 1, 0, machine.audit),
        (RETURN, 0, 0, KILL_PROCESS),
        (LOAD, 0, 0, NUMBER_AT),
        (JUMP_AT_LEAST, 0, 1, X32),
        (RETURN, 0, 0, FAIL | errno.EPERM),
    ]
    conditions = _conditions(own)
    for name, number in machine.calls.items():
        body = conditions.get(name, [(RETURN, 0, 0, FAIL | errno.EPERM)])
        program += [(JUMP_EQUAL, 0, len(body), number), *body]
    return [*program, (RETURN, 0, 0, ALLOW)]


def _conditions(own: int) -> dict[str, list[Instruction]]:
    """Calls that are refused only with some arguments, or with another error."""
    to_itself = _allowed_if([(LOAD, 0, 0, FIRST_ARGUMENT_AT)], own)
    own_signals = dict.fromkeys(("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"), to_itself)
    thread = _allowed_if([(LOAD, 0, 0, FIRST_ARGUMENT_AT), (AND, 0, 0, CLONE_THREAD)], CLONE_THREAD)
    stream_pair = _allowed_if([(LOAD, 0, 0, SECOND_ARGUMENT_AT), (AND, 0, 0, SOCKET_TYPE)], socket.SOCK_STREAM)
    own_limits = [(LOAD, 0, 0, FIRST_ARGUMENT_AT), (JUMP_EQUAL, 0, 1, 0), (RETURN, 0, 0, ALLOW), *to_itself[1:]]
    keep_deathsig = [
        (LOAD, 0, 0, FIRST_ARGUMENT_AT),
        (JUMP_EQUAL, 0, 1, PR_SET_PDEATHSIG),
        (RETURN, 0, 0, FAIL | errno.EPERM),
        (RETURN, 0, 0, ALLOW),
    ]
    # glibc starts a thread with clone, whose flags can be judged, once it hears that clone3 doesn't exist.
    unknown: list[Instruction] = [(RETURN, 0, 0, FAIL | errno.ENOSYS)]
    return {
        **own_signals,
        "clone": thread,
        "clone3": unknown,
        "socketpair": stream_pair,
        "prlimit64": own_limits,
        "prctl": keep_deathsig,
    }


def _allowed_if(loaded: Sequence[Instruction], value: int) -> list[Instruction]:
    return [
        *loaded,
        (JUMP_EQUAL, 0, 1, value),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, FAIL | errno.EPERM),
    ]


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("operand", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction)))
