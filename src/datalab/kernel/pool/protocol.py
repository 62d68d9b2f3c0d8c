"""Frames between the pool and a child: a length, a kind, a payload; everything but a chunk is JSON.

Child and parent read each other's bytes with these bounds, since a child that user input has taken over may send anything.
"""

import struct
import sys
from enum import IntEnum
from pathlib import PurePath
from typing import Any, Final

import orjson

PREFIX: Final = struct.Struct("!IB")
MAX_CHUNK: Final = 256 * 1024
"""Bytes in one CHUNK; longer ones are cut by the sender."""
MAX_JSON: Final = 64 * 1024 * 1024
"""Bytes in any other frame, the arguments and the result among them."""
MAX_LINE: Final = 8 * 1024
"""Characters of one log line; the rest is cut off."""
END_OF_OUTPUT: Final = b"\0"
"""Ends the last line that a call wrote past Python to standard output or error."""
OUT_OF_MEMORY_EXIT: Final = 77
"""Exit status of a child which had not even the memory left to say so."""


class Kind(IntEnum):
    """What a frame carries: SETUP and CALL go to the child, the others come from it."""

    SETUP = 1
    CALL = 2
    READY = 3
    STARTED = 4
    HEADER = 5
    CHUNK = 6
    PROGRESS = 7
    LOG = 8
    RESULT = 9
    ERROR = 10


class FrameRefused(ValueError):
    """A frame is longer than its kind may be, or of no known kind."""


def prefix(kind: Kind, size: int) -> bytes:
    """The bytes before a payload of ``size`` bytes; raises :class:`FrameRefused` when it is too long."""
    limit = MAX_CHUNK if kind is Kind.CHUNK else MAX_JSON
    if size > limit:
        raise FrameRefused(f"{kind.name.lower()} of {size} bytes, at most {limit} are sent at once")
    return PREFIX.pack(size, kind)


def parse_prefix(data: bytes) -> tuple[Kind, int]:
    """Kind and payload size; raises :class:`FrameRefused`."""
    size, number = PREFIX.unpack(data)
    try:
        kind = Kind(number)
    except ValueError as error:
        raise FrameRefused(f"no frame is of kind {number}") from error
    prefix(kind, size)
    return kind, size


def encode(value: Any) -> bytes:
    """JSON; paths become strings, numpy's numbers and arrays are numbers and lists. Raises :class:`TypeError` for the rest."""
    # Asked to write numpy's, orjson imports it at the first path; where it isn't there, no value can be numpy's.
    return orjson.dumps(value, default=_plain, option=orjson.OPT_SERIALIZE_NUMPY if "numpy" in sys.modules else None)


def decode(data: bytes | bytearray) -> Any:
    """The value again."""
    return orjson.loads(data)


def printable(text: str) -> str:
    """The text without what UTF-8, hence JSON, can't hold (undecodable file names)."""
    return text.encode("utf-8", "replace").decode()


def _plain(value: Any) -> str:
    if isinstance(value, PurePath):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
