"""Looks, on the trusting side, at pictures that an untrusted decoder handed back, without decoding them.

Only what our own encoders write is let through: a JPEG of tables, one frame and its scan, a WebP of one
lossy chunk. There is no place left for EXIF, XMP, a profile, a comment, a thumbnail or trailing bytes.
"""

from greetings.imaging.protocol import Nonsense

_MARKER, _START, _END, _SCAN = 0xFF, 0xD8, 0xD9, 0xDA
_JFIF, _TABLES, _FRAMES = 0xE0, frozenset({0xDB, 0xC4}), frozenset({0xC0, 0xC1})
_RESTARTS = range(0xD0, 0xD8)
_JFIF_BYTES = 16


def jpeg_size(untrusted: bytes) -> tuple[int, int]:
    """Width and height of a JPEG that holds nothing but a picture; raises Nonsense for any other."""
    if untrusted[:2] != bytes([_MARKER, _START]):
        raise Nonsense("No JPEG.")
    size_px: tuple[int, int] | None = None
    place = 2
    while True:
        kind, body, place = _segment(untrusted, place)
        if kind in _FRAMES and size_px is None and len(body) == 6 + 3 * 3:
            size_px = int.from_bytes(body[3:5]), int.from_bytes(body[1:3])
        elif kind == _SCAN and size_px is not None:
            _check_single_scan(untrusted, place)
            return _believable(size_px)
        elif not (
            kind in _TABLES or (kind == _JFIF and len(body) == _JFIF_BYTES - 2 and body[-2:] == b"\0\0")
        ):
            raise Nonsense("A segment that no picture needs.")


def webp_size(untrusted: bytes) -> tuple[int, int]:
    """Width and height of a WebP of exactly one lossy chunk; raises Nonsense for any other."""
    if untrusted[:4] != b"RIFF" or untrusted[8:16] != b"WEBPVP8 " or untrusted[23:26] != b"\x9d\x01\x2a":
        raise Nonsense("No lossy WebP.")
    whole_bytes = int.from_bytes(untrusted[4:8], "little")
    chunk_bytes = int.from_bytes(untrusted[16:20], "little")
    if whole_bytes + 8 != len(untrusted) or 20 + chunk_bytes + chunk_bytes % 2 != len(untrusted):
        raise Nonsense("More, or less, than one chunk.")
    width_px = int.from_bytes(untrusted[26:28], "little") & 0x3FFF
    height_px = int.from_bytes(untrusted[28:30], "little") & 0x3FFF
    return _believable((width_px, height_px))


def _segment(untrusted: bytes, place: int) -> tuple[int, bytes, int]:
    if len(untrusted) < place + 4 or untrusted[place] != _MARKER:
        raise Nonsense("No segment where one should be.")
    end = place + 2 + int.from_bytes(untrusted[place + 2 : place + 4])
    if not place + 4 <= end <= len(untrusted):
        raise Nonsense("A segment of no believable length.")
    return untrusted[place + 1], untrusted[place + 4 : end], end


def _check_single_scan(untrusted: bytes, place: int) -> None:
    """Entropy-coded data up to the end mark, which must be the file's last two bytes."""
    while True:
        place = untrusted.find(b"\xff", place)
        if place < 0 or place + 1 >= len(untrusted):
            raise Nonsense("No end.")
        kind = untrusted[place + 1]
        if kind == _END:
            if place + 2 != len(untrusted):
                raise Nonsense("Bytes after the end.")
            return
        if kind != 0 and kind not in _RESTARTS:
            raise Nonsense("A segment within the scan.")
        place += 2


def _believable(size_px: tuple[int, int]) -> tuple[int, int]:
    if min(size_px) < 1:
        raise Nonsense("No size.")
    return size_px
