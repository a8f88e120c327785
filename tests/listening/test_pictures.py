"""Covers as half blocks, sixels and kitty's graphics, each read back by other means than it was made by; and bounds."""

from __future__ import annotations

import base64
import io
import re
import struct
import time
import zlib

import pytest
from PIL import Image

from whisul_tui.listening.pictures import Box, PictureError, Way, picture_of


def photo(kind: str = "PNG", size: tuple[int, int] = (64, 64)) -> bytes:
    """A picture with four corners of their own colours."""
    image = Image.new("RGB", size, (200, 30, 30))
    half = size[0] // 2, size[1] // 2
    for place, colour in (((half[0], 0), (30, 200, 30)), ((0, half[1]), (30, 30, 200)), (half, (240, 240, 240))):
        image.paste(colour, (*place, place[0] + half[0], place[1] + half[1]))
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def from_sixels(sequence: str) -> dict[tuple[int, int], tuple[int, int, int]]:
    """What a terminal makes of sixels, after DEC's manual: the colour of each pixel, in hundredths."""
    found = re.fullmatch(r'\x1bP0;1;0q"1;1;(\d+);(\d+)(.*)\x1b\\', sequence, re.DOTALL)
    assert found
    palette: dict[int, tuple[int, int, int]] = {}
    pixels: dict[tuple[int, int], tuple[int, int, int]] = {}
    x = y = colour = 0
    token = r"#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|!(\d+)([?-~])|([?-~])|(\$)|(-)"
    at = 0
    for part in re.finditer(token, found[3]):
        assert part.start() == at, "nothing else stands there"
        at = part.end()
        if part[1]:
            palette[int(part[1])] = int(part[2]), int(part[3]), int(part[4])
        elif part[5]:
            colour = int(part[5])
        elif part[9]:
            x = 0
        elif part[10]:
            x, y = 0, y + 6
        else:
            bits = ord(part[7] or part[8]) - 63
            run = range(x, x + int(part[6] or 1))
            pixels |= {(at_x, y + n): palette[colour] for at_x in run for n in range(6) if bits >> n & 1}
            x = run.stop
    assert at == len(found[3])
    assert max(pixels) == (int(found[1]) - 1, int(found[2]) - 1)
    return pixels


def near(seen: tuple[int, ...], wanted: tuple[int, ...], slack: int = 12) -> bool:
    return all(abs(one - other) <= slack for one, other in zip(seen, wanted, strict=True))


def test_sixels_show_the_picture_in_its_own_shape() -> None:
    """Every pixel has a colour; a wide picture is made no taller than it is."""
    picture = picture_of(photo(size=(80, 40)), Way.SIXEL, Box(12, 6, (9, 19)))
    pixels = from_sixels(picture.draw)
    assert len(pixels) == 108 * 54
    for place, colour in (
        ((3, 3), (78, 12, 12)),
        ((100, 3), (12, 78, 12)),
        ((3, 50), (12, 12, 78)),
        ((100, 50), (94, 94, 94)),
    ):
        assert near(pixels[place], colour), place


def test_a_cover_of_a_usual_size_is_made_soon_and_is_no_flood() -> None:
    noise = Image.effect_noise((600, 600), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG")
    before = time.perf_counter()
    picture = picture_of(out.getvalue(), Way.SIXEL, Box(24, 12, (10, 20)))
    assert time.perf_counter() - before < 2
    assert len(picture.draw) < 300_000


def test_half_blocks_are_two_pixels_a_cell() -> None:
    cells = picture_of(photo(), Way.BLOCKS, Box(24, 12)).cells
    assert (len(cells), {len(row) for row in cells}) == (12, {24})
    assert near(cells[0][0][0], (200, 30, 30))
    assert near(cells[11][23][1], (240, 240, 240))
    odd = picture_of(photo(size=(30, 25)), Way.BLOCKS, Box(30, 20)).cells
    assert len(odd) == 13, "a last row of half its height is whole"


def test_kitty_gets_the_pixels_in_pieces_and_is_asked_for_no_answer() -> None:
    picture = picture_of(photo(size=(90, 90)), Way.KITTY, Box(24, 12))
    pieces = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", picture.draw)
    assert "".join(f"\x1b_G{keys};{data}\x1b\\" for keys, data in pieces) == picture.draw
    assert all(len(data) <= 4096 and "q=2" in keys for keys, data in pieces)
    assert [keys[-3:] for keys, _ in pieces] == ["m=1"] * (len(pieces) - 1) + ["m=0"]
    first = dict(pair.split("=") for pair in pieces[0][0].split(","))
    assert (first["s"], first["v"], first["f"], first["o"]) == ("240", "240", "24", "z")
    pixels = zlib.decompress(base64.b64decode("".join(data for _, data in pieces)))
    assert len(pixels) == 240 * 240 * 3
    assert near(tuple(pixels[:3]), (200, 30, 30))
    assert picture.erase == f"\x1b_Ga=d,d=I,i={first['i']},q=2\x1b\\"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_three_kinds_are_read(kind: str) -> None:
    assert picture_of(photo(kind), Way.BLOCKS, Box(4, 2)).cells


def huge(width: int, height: int) -> bytes:
    """A small PNG that says it is large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (huge(12_000, 12_000), "too many pixels"),
        (huge(60_000, 60_000), "too many pixels"),
        (photo("GIF"), "no picture that can be read"),
        (photo("BMP"), "no picture that can be read"),
        (photo()[:100], "no picture that can be read"),
        (photo("JPEG")[:300], "no picture that can be read"),
        (b"", "no picture that can be read"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no picture that can be read"),
    ],
    ids=["pixels", "more", "gif", "bmp", "cut png", "cut jpeg", "nothing", "eps"],
)
def test_what_is_refused_is_refused_at_once(data: bytes, words: str) -> None:
    before = time.perf_counter()
    with pytest.raises(PictureError, match=words):
        picture_of(data, Way.SIXEL, Box(24, 12))
    assert time.perf_counter() - before < 0.5
