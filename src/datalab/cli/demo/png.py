"""Whether a PNG shows anything: decoded here, so that nobody's word is taken for it."""

import struct
import zlib
from collections import Counter
from dataclasses import dataclass

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_BYTE = 8


class NotAPicture(Exception):
    """The bytes are no PNG that can be decoded here (8 bits a channel, not interlaced)."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture: its size, how many colours it has, the share of pixels that aren't of the commonest one."""

    width: int
    height: int
    colours: int
    drawn: float


def look(content: bytes) -> Picture:
    """The picture in a PNG file.

    Raises:
        NotAPicture: It is none, is damaged, or is of a kind that is not decoded here.
    """
    if not content.startswith(_SIGNATURE):
        raise NotAPicture(f"no PNG: begins with {content[:8]!r}")
    chunks = _chunks(content[len(_SIGNATURE) :])
    header = b"".join(data for kind, data in chunks if kind == b"IHDR")
    width, height, depth, colour, _compression, _filter, interlace = struct.unpack(">IIBBBBB", header)
    if depth != _BYTE or interlace or colour not in _CHANNELS:
        raise NotAPicture(f"{depth} bits, colour type {colour}, interlace {interlace}: not decoded here")
    try:
        raw = zlib.decompress(b"".join(data for kind, data in chunks if kind == b"IDAT"))
    except zlib.error as error:
        raise NotAPicture(f"the pixels can't be unpacked: {error}") from error
    channels = _CHANNELS[colour]
    pixels = _unfiltered(raw, width * channels, height, channels)
    counts = Counter(pixels[start : start + channels] for start in range(0, len(pixels), channels))
    commonest = counts.most_common(1)[0][1]
    return Picture(width, height, len(counts), 1 - commonest / (width * height))


def _chunks(rest: bytes) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = []
    while rest:
        if len(rest) < 12:  # noqa: PLR2004 - a chunk's frame
            raise NotAPicture("cut off")
        length, kind = struct.unpack(">I4s", rest[:8])
        data, check = rest[8 : 8 + length], rest[8 + length : 12 + length]
        if len(check) < 4 or zlib.crc32(kind + data) != int.from_bytes(check):  # noqa: PLR2004 - bytes of a checksum
            raise NotAPicture(f"chunk {kind!r} is damaged or cut off")
        found.append((kind, data))
        rest = rest[12 + length :]
    if not found or found[0][0] != b"IHDR" or found[-1][0] != b"IEND":
        raise NotAPicture("has no beginning or no end")
    return found


def _unfiltered(raw: bytes, stride: int, height: int, step: int) -> bytes:
    if len(raw) != (stride + 1) * height:
        raise NotAPicture(f"{len(raw):,} bytes of pixels, not {(stride + 1) * height:,}")
    above, lines = bytearray(stride), list[bytes]()
    for start in range(0, len(raw), stride + 1):
        above = _line(raw[start], bytearray(raw[start + 1 : start + 1 + stride]), above, step)
        lines.append(bytes(above))
    return b"".join(lines)


def _line(kind: int, line: bytearray, above: bytearray, step: int) -> bytearray:
    if kind == 0:
        return line
    for place in range(len(line)):
        left = line[place - step] if place >= step else 0
        up = above[place]
        corner = above[place - step] if place >= step else 0
        line[place] = (line[place] + _guess(kind, left, up, corner)) & 0xFF
    return line


def _guess(kind: int, left: int, up: int, corner: int) -> int:
    match kind:
        case 1:
            return left
        case 2:
            return up
        case 3:
            return (left + up) // 2
        case 4:
            return _paeth(left, up, corner)
        case _:
            raise NotAPicture(f"unknown filter {kind}")


def _paeth(left: int, up: int, corner: int) -> int:
    base = left + up - corner
    far = (abs(base - left), abs(base - up), abs(base - corner))
    return (left, up, corner)[far.index(min(far))]
