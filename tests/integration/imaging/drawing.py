"""Draws the test's own pictures, and reads encoded ones segment by segment."""

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

from greetings.imaging import Picture

RED, GREEN, BLUE, WHITE = (220, 30, 40), (30, 160, 60), (40, 60, 200), (255, 255, 255)


def four_corners(width_px: int = 160, height_px: int = 96) -> Image.Image:
    """Red, green, blue, white: each corner tells which way up a picture is."""
    picture = Image.new("RGB", (width_px, height_px), WHITE)
    middle_x, middle_y = width_px // 2, height_px // 2
    picture.paste(RED, (0, 0, middle_x, middle_y))
    picture.paste(GREEN, (middle_x, 0, width_px, middle_y))
    picture.paste(BLUE, (0, middle_y, middle_x, height_px))
    return picture


def encoded(picture: Image.Image, form: str = "JPEG", **save) -> bytes:
    held = io.BytesIO()
    picture.save(held, form, **save)
    return held.getvalue()


def decoded(picture: Picture, name: str = "master") -> Image.Image:
    return Image.open(io.BytesIO(picture.renditions[name])).convert("RGB")


def is_near(found: tuple[int, ...], expected: tuple[int, ...], tolerance: int) -> bool:
    return all(abs(one - other) <= tolerance for one, other in zip(found, expected, strict=True))


def corner_colours(picture: Image.Image) -> list[tuple[int, ...]]:
    """The colours in the middles of the four quarters, read like a page."""
    width_px, height_px = picture.size
    places = [(1, 1), (3, 1), (1, 3), (3, 3)]
    return [picture.getpixel((width_px * x // 4, height_px * y // 4)) for x, y in places]  # type: ignore[misc]


def jpeg_segments(data: bytes) -> list[tuple[int, bytes]]:
    """Every marker of a JPEG with its body; fails on bytes after the end."""
    assert data[:2] == b"\xff\xd8"
    found, place = [], 2
    while True:
        assert data[place] == 0xFF, "a marker must stand here"
        kind = data[place + 1]
        if kind == 0xD9:
            assert place + 2 == len(data), "nothing may follow the end"
            return found
        length = int.from_bytes(data[place + 2 : place + 4])
        found.append((kind, data[place + 4 : place + 2 + length]))
        place += 2 + length
        if kind == 0xDA:
            while data[place] != 0xFF or data[place + 1] in {0, *range(0xD0, 0xD8)}:
                place += 1


def riff_chunks(data: bytes) -> list[bytes]:
    """The names of a WebP's chunks; fails on bytes after the end."""
    assert data[:4] == b"RIFF"
    assert data[8:12] == b"WEBP"
    assert int.from_bytes(data[4:8], "little") + 8 == len(data)
    names, place = [], 12
    while place < len(data):
        names.append(data[place : place + 4])
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        place += 8 + length + length % 2
    assert place == len(data)
    return names


def assert_bare(picture: Picture) -> None:
    """Pixels and nothing else: tables, a frame, a scan; a single chunk of lossy pixels."""
    for kind, body in jpeg_segments(picture.renditions["master"]):
        assert kind in {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}, f"a segment {kind:#x} has no business here"
        if kind == 0xE0:
            assert body == b"JFIF\0\1\1\0\0\1\0\1\0\0"
    for name in ("display", "thumb"):
        assert riff_chunks(picture.renditions[name]) == [b"VP8 "]


def with_boxes(data: bytes, *boxes: bytes) -> bytes:
    """An AVIF or HEIC whose only picture has these properties as well: the boxes' list, the picture's list
    and the places of the pixels are put right.
    """
    meta = data.index(b"meta") - 4
    places = {name: data.index(name, meta) - 4 for name in (b"iprp", b"ipco", b"ipma", b"iloc")}
    size = {place: int.from_bytes(data[place : place + 4]) for place in (meta, *places.values())}
    ipco, ipma, iloc = places[b"ipco"], places[b"ipma"], places[b"iloc"]
    known = _count_boxes(data[ipco + 8 : ipco + size[ipco]])
    numbers = bytes(0x80 | known + 1 + number for number in range(len(boxes)))
    grown = sum(map(len, boxes))
    count_place = ipma + 8 + 4 + 4 + 2  # of the first item
    count = data[count_place]
    changed = bytearray(data)
    for place, more in (
        (meta, grown + len(boxes)), (places[b"iprp"], grown + len(boxes)), (ipco, grown), (ipma, len(boxes))
    ):  # fmt: skip
        changed[place : place + 4] = struct.pack(">I", size[place] + more)
    changed[count_place] = count + len(boxes)
    _move_pixels(changed, iloc, grown + len(boxes))
    end_of_list = count_place + 1 + count
    changed[end_of_list:end_of_list] = numbers
    changed[ipco + size[ipco] : ipco + size[ipco]] = b"".join(boxes)
    return bytes(changed)


def _count_boxes(data: bytes) -> int:
    count, place = 0, 0
    while place < len(data):
        count, place = count + 1, place + int.from_bytes(data[place : place + 4])
    return count


def _move_pixels(data: bytearray, iloc: int, by: int) -> None:
    """Items of a location table whose offsets have four bytes and no base, as our encoders write them."""
    version, place = data[iloc + 8], iloc + 12
    assert data[place] == 0x44
    base_bytes = data[place + 1] >> 4
    count, place = int.from_bytes(data[place + 2 : place + 4]), place + 4
    for _ in range(count):
        method = int.from_bytes(data[place + 2 : place + 4]) & 0xF if version else 0
        place += (4 if version else 2) + 2 + base_bytes
        extents, place = int.from_bytes(data[place : place + 2]), place + 2
        for _ in range(extents):
            if method == 0:
                data[place : place + 4] = struct.pack(">I", int.from_bytes(data[place : place + 4]) + by)
            place += 8


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body


def clap(width: int, height: int, across: int = 0, down: int = 0) -> bytes:
    """A crop that is only described; the offsets are of its middle, in halves of a pixel."""
    return box(b"clap", struct.pack(">IIIIiIiI", width, 1, height, 1, across, 2, down, 2))


def png(width_px: int, height_px: int, bits: int, colour_type: int, rows: bytes, *extra: bytes) -> bytes:
    """A PNG by hand, for depths that Pillow doesn't write and for headers that lie."""
    head = struct.pack(">IIBBBBB", width_px, height_px, bits, colour_type, 0, 0, 0)
    chunks = [chunk(b"IHDR", head), *extra, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


# ---- colour: a Display P3 profile and the sums to check what becomes of it, both from the published numbers

_P3_TO_XYZ = (
    (0.48657095, 0.26566769, 0.19821729),
    (0.22897456, 0.69173852, 0.07928691),
    (0.0, 0.04511338, 1.04394437),
)
_XYZ_TO_SRGB = (
    (3.24096994, -1.53738318, -0.49861076),
    (-0.96924364, 1.8759675, 0.04155506),
    (0.05563008, -0.20397696, 1.05697151),
)
# columns of Display P3 adapted to D50, as its profile holds them
_P3_COLUMNS = {
    b"rXYZ": (0.51512, 0.24120, -0.00105),
    b"gXYZ": (0.29198, 0.69225, 0.04189),
    b"bXYZ": (0.15710, 0.06657, 0.78407),
}


def display_p3_profile() -> bytes:
    """An ICC profile (version 4, matrix and curves) for Display P3."""
    tags = {
        name: b"XYZ \0\0\0\0" + b"".join(_fixed(value) for value in column)
        for name, column in _P3_COLUMNS.items()
    }
    tags[b"wtpt"] = b"XYZ \0\0\0\0" + b"".join(_fixed(value) for value in (0.9642, 1.0, 0.8249))
    curve = b"para\0\0\0\0\0\3\0\0" + b"".join(
        _fixed(value) for value in (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    )
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    text = "P3".encode("utf-16-be")
    words = b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(text), 28) + text
    tags |= dict.fromkeys((b"desc", b"cprt"), words)
    return _profile(b"mntrRGB XYZ ", tags)


def _profile(kind: bytes, tags: dict[bytes, bytes], version: int = 0x04300000) -> bytes:
    start = 128 + 4 + 12 * len(tags)
    table, bodies = struct.pack(">I", len(tags)), b""
    for name, body in tags.items():
        table += name + struct.pack(">II", start + len(bodies), len(body))
        bodies += body + bytes(-len(body) % 4)
    white = b"".join(_fixed(value) for value in (0.9642, 1.0, 0.8249))
    head = struct.pack(">I4sI12s12s4s4s", start + len(bodies), b"", version, kind, bytes(12), b"acsp", b"")
    return (head + bytes(24)).ljust(68, b"\0") + white + bytes(48) + table + bodies


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def p3_as_srgb(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    """What a Display P3 colour is in sRGB, by the published matrices, clipped."""
    linear = [_linear(value / 255) for value in colour]
    xyz = list(_times(_P3_TO_XYZ, linear))
    red, green, blue = (
        round(255 * _encoded(min(max(value, 0.0), 1.0))) for value in _times(_XYZ_TO_SRGB, xyz)
    )
    return red, green, blue


# Adobe RGB (1998): its colours in CIE XYZ under D65, and its columns adapted to D50, as published
_ADOBE_TO_XYZ = (
    (0.5767309, 0.1855540, 0.1881852),
    (0.2973769, 0.6273491, 0.0752741),
    (0.0270343, 0.0706872, 0.9911085),
)
_ADOBE_COLUMNS = {
    b"rXYZ": (0.60974, 0.31111, 0.01947),
    b"gXYZ": (0.20528, 0.62567, 0.06087),
    b"bXYZ": (0.14919, 0.06322, 0.74457),
}


def adobe_rgb_profile() -> bytes:
    """An ICC profile (version 2, matrix and a power) for Adobe RGB."""
    tags = {
        name: b"XYZ \0\0\0\0" + b"".join(_fixed(value) for value in column)
        for name, column in _ADOBE_COLUMNS.items()
    }
    tags[b"wtpt"] = b"XYZ \0\0\0\0" + b"".join(_fixed(value) for value in (0.9642, 1.0, 0.8249))
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), b"curv\0\0\0\0" + struct.pack(">IH", 1, 563) + b"\0\0")
    return _profile(b"mntrRGB XYZ ", tags, version=0x02400000)


def adobe_as_srgb(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    """What an Adobe RGB colour is in sRGB, by the published matrices, clipped."""
    linear = [(value / 255) ** (563 / 256) for value in colour]
    xyz = list(_times(_ADOBE_TO_XYZ, linear))
    red, green, blue = (
        round(255 * _encoded(min(max(value, 0.0), 1.0))) for value in _times(_XYZ_TO_SRGB, xyz)
    )
    return red, green, blue


def _times(matrix: tuple[tuple[float, ...], ...], vector: list[float]) -> Iterator[float]:
    for row in matrix:
        yield sum(factor * value for factor, value in zip(row, vector, strict=True))


def _linear(value: float) -> float:
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)


def _encoded(value: float) -> float:
    return float(value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055)


# ---- a printer of four inks, invented: what each pure ink looks like on paper, as CIE Lab

INKS = {
    (0, 0, 0, 0): (100, 0, 0),
    (255, 0, 0, 0): (60, -30, -40),
    (0, 255, 0, 0): (50, 60, 0),
    (0, 0, 255, 0): (90, -5, 70),
    (0, 0, 0, 255): (0, 0, 0),
}


def cmyk_profile() -> bytes:
    """An ICC profile (version 2, one table of 16 corners) for that printer."""
    corners = bytearray()
    for place in range(16):
        ink = tuple(255 * (place >> shift & 1) for shift in (3, 2, 1, 0))
        lightness, a, b = INKS.get(ink, (0, 0, 0))  # type: ignore[call-overload]
        corners += bytes([round(lightness * 2.55), a + 128, b + 128])
    same = bytes(range(256))
    unit = b"".join(_fixed(value) for value in (1, 0, 0, 0, 1, 0, 0, 0, 1))
    table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + unit + same * 4 + bytes(corners) + same * 3
    white = b"XYZ \0\0\0\0" + b"".join(_fixed(value) for value in (0.9642, 1.0, 0.8249))
    return _profile(b"prtrCMYKLab ", {b"A2B0": table, b"wtpt": white}, version=0x02400000)


def lab_as_srgb(lab: tuple[int, int, int]) -> tuple[int, int, int]:
    """A CIE Lab colour under D50 in sRGB, by the published sums."""
    lightness, a, b = lab
    middle = (lightness + 16) / 116
    ratios = (_cubed(middle + a / 500), _cubed(middle), _cubed(middle - b / 200))
    xyz = [ratio * white for ratio, white in zip(ratios, (0.9642, 1.0, 0.8249), strict=True)]
    red, green, blue = (
        round(255 * _encoded(min(max(value, 0.0), 1.0))) for value in _times(_XYZ_D50_TO_SRGB, xyz)
    )
    return red, green, blue


def _cubed(value: float) -> float:
    return float(value**3 if value > 6 / 29 else 3 * (6 / 29) ** 2 * (value - 4 / 29))


_XYZ_D50_TO_SRGB = (
    (3.1338561, -1.6168667, -0.4906146),
    (-0.9787684, 1.9161415, 0.0334540),
    (0.0719453, -0.2289914, 1.4052427),
)
