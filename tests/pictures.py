"""Reads the pictures that we hold and serve, byte by byte: nothing may be in them but what shows the picture.

Written for the tests alone, from the standards (T.81, RFC 6386, the WebP container): every table is measured,
every length must add up, so that there is no place for metadata, a thumbnail, a comment or anything behind.
"""

START, END, JFIF, TABLE_Q, TABLE_H, SCAN = 0xD8, 0xD9, 0xE0, 0xDB, 0xC4, 0xDA
FRAMES, RESTARTS = {0xC0, 0xC1}, range(0xD0, 0xD8)
BARE_JFIF = b"JFIF\0\1\1\0\0\1\0\1\0\0"  # version 1.1, no unit, square pixels, no thumbnail
PAYLOADS = (b"<?php", b"<script", b"alert(")


def assert_bare(data: bytes) -> tuple[int, int]:
    """A JPEG or WebP with nothing but pixels, and no payload anywhere in it; returns width and height."""
    size_px = _bare_jpeg(data) if data[:2] == b"\xff\xd8" else _bare_webp(data)
    small = data.lower()
    for payload in PAYLOADS:
        assert payload not in small, f"{payload!r} came through"
    return size_px


def _bare_jpeg(data: bytes) -> tuple[int, int]:
    size_px: tuple[int, int] | None = None
    components: list[int] = []
    place = 2
    has_jfif = False
    while True:
        assert data[place] == 0xFF, f"no marker at {place}"
        kind, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4])
        body = data[place + 4 : place + 2 + length]
        assert len(body) == length - 2, "a segment cut short"
        place += 2 + length
        if kind == JFIF:
            assert not has_jfif, "two JFIF segments"
            assert body == BARE_JFIF
            has_jfif = True
        elif kind == TABLE_Q:
            _measure_q(body)
        elif kind == TABLE_H:
            _measure_h(body)
        elif kind in FRAMES:
            assert size_px is None, "two frames"
            size_px, components = _frame(body)
        elif kind == SCAN:
            assert body == bytes([len(components)]) + body[1:-3] + b"\0\x3f\0", "not one whole scan"
            assert list(body[1:-3:2]) == components
            _to_the_end(data, place)
            assert size_px is not None
            return size_px
        else:
            raise AssertionError(f"a segment {kind:#x} has no business here")


def _measure_q(body: bytes) -> None:
    place = 0
    while place < len(body):
        assert body[place] & 0x0F <= 3
        place += 1 + (128 if body[place] >> 4 else 64)
    assert place == len(body), "something beside quantisation tables"


def _measure_h(body: bytes) -> None:
    place = 0
    while place < len(body):
        assert body[place] in {0x00, 0x01, 0x10, 0x11}
        place += 17 + sum(body[place + 1 : place + 17])
    assert place == len(body), "something beside Huffman tables"


def _frame(body: bytes) -> tuple[tuple[int, int], list[int]]:
    assert body[0] == 8, "eight bits"
    assert len(body) == 6 + 3 * body[5]
    return (int.from_bytes(body[3:5]), int.from_bytes(body[1:3])), list(body[6::3])


def _to_the_end(data: bytes, place: int) -> None:
    """Entropy-coded data: 0xFF only stuffed or as a restart, then the end mark and nothing more."""
    while True:
        place = data.index(b"\xff", place)
        if data[place + 1] == END:
            assert place + 2 == len(data), "bytes behind the end"
            return
        assert data[place + 1] == 0 or data[place + 1] in RESTARTS, "a segment within the scan"
        place += 2


def _bare_webp(data: bytes) -> tuple[int, int]:
    assert data[:4] == b"RIFF"
    assert int.from_bytes(data[4:8], "little") + 8 == len(data), "bytes behind the end"
    assert data[8:16] == b"WEBPVP8 ", "a chunk that no lossy picture needs"
    length = int.from_bytes(data[16:20], "little")
    assert 20 + length + length % 2 == len(data), "more than one chunk"
    if length % 2:
        assert data[-1] == 0, "padding that says something"
    frame = data[20 : 20 + length]
    tag = int.from_bytes(frame[:3], "little")
    assert tag & 1 == 0, "a key frame"
    assert tag >> 4 & 1 == 1, "a frame that is shown"
    assert frame[3:6] == b"\x9d\x01\x2a"
    assert 10 + (tag >> 5) <= len(frame), "a first partition cut short"
    width_px, height_px = (int.from_bytes(frame[place : place + 2], "little") for place in (6, 8))
    assert width_px >> 14 == height_px >> 14 == 0, "no scaling"
    return width_px, height_px
