"""Whether a picture shows anything."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image

from datalab.cli.demo.png import NotAPicture, look


def encoded(picture: Image.Image, **options: object) -> bytes:
    sink = io.BytesIO()
    picture.save(sink, "PNG", **options)
    return sink.getvalue()


def noise(mode: str, size: tuple[int, int] = (37, 23)) -> Image.Image:
    chance = random.Random(7)
    picture = Image.new(mode, size)
    channels = len(picture.getbands())
    for x in range(size[0]):
        for y in range(size[1]):
            values = tuple(chance.randrange(256) for _ in range(channels))
            picture.putpixel((x, y), values if channels > 1 else values[0])
    return picture


def smooth(size: tuple[int, int] = (64, 48)) -> Image.Image:
    picture = Image.new("RGB", size)
    for x in range(size[0]):
        for y in range(size[1]):
            picture.putpixel((x, y), (x * 4 % 256, y * 5 % 256, (x + y) * 2 % 256))
    return picture


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P"])
def test_colours_are_counted_as_pillow_counts_them(mode: str):
    picture = noise(mode)
    if mode == "P":
        picture.putpalette([value for index in range(256) for value in (index, index, index)])
    found = look(encoded(picture))
    counted = picture.getcolors(10**6)
    assert counted is not None
    assert (found.width, found.height, found.colours) == (*picture.size, len(counted))
    assert found.drawn == pytest.approx(1 - max(count for count, _ in counted) / (37 * 23))


def test_every_filter_is_undone():
    picture = smooth()
    found = look(encoded(picture, optimize=True))
    counted = picture.getcolors(10**6)
    assert counted is not None
    assert found.colours == len(counted)


@pytest.mark.parametrize("kind", range(5))
def test_each_filter_is_undone(kind: int):
    picture, lines, above = smooth((9, 7)), bytearray(), bytes(27)
    for y in range(7):
        line = bytes(value for x in range(9) for value in picture.getpixel((x, y)))
        lines.append(kind)
        lines += bytes((value - guess(kind, line, above, place)) & 0xFF for place, value in enumerate(line))
        above = line
    counted = picture.getcolors(1000)
    assert counted is not None
    assert look(file_of(9, 7, zlib.compress(bytes(lines)))).colours == len(counted)


def guess(kind: int, line: bytes, above: bytes, place: int) -> int:
    left, corner = (line[place - 3], above[place - 3]) if place >= 3 else (0, 0)
    up = above[place]
    base = left + up - corner
    nearest = min((left, up, corner), key=lambda one: abs(base - one))
    return (0, left, up, (left + up) // 2, nearest)[kind]


def file_of(width: int, height: int, pixels: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    framed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def test_a_blank_picture_shows_nothing():
    found = look(encoded(Image.new("RGBA", (600, 300), "white")))
    assert (found.colours, found.drawn) == (1, 0)


def test_a_cut_file_is_no_picture():
    with pytest.raises(NotAPicture):
        look(encoded(smooth())[:-20])


def test_a_damaged_file_is_no_picture():
    content = bytearray(encoded(smooth()))
    content[len(content) // 2] ^= 0xFF
    with pytest.raises(NotAPicture, match="damaged"):
        look(bytes(content))


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_png_is_no_picture(content: bytes):
    with pytest.raises(NotAPicture):
        look(content)
