"""Files that are odd and yet no worse to look at: what every viewer passes over, our decoders do, too.

Telephones and mail programs lose the last bytes of a file now and then; drawing programs write remarks that
nobody can read. Used in the confined child alone.
"""

import struct
from typing import Any

from PIL import Image, ImageFile, PngImagePlugin

from greetings.imaging.protocol import File

# how much of a photo may be missing at its end before it is called damaged, and what counts as nothing there
_END_PARTS, _LEAST_END_ROWS, _NOTHING = 40, 2, 3
_IS_REMARK = 0x20  # the case of a PNG chunk's first letter
_OF_ANIMATIONS = {b"acTL", b"fcTL", b"fdAT"}
_strict_check_sum = PngImagePlugin.ChunkStream.crc
_strict_call = PngImagePlugin.PngStream.call
_RIFF_HEAD_BYTES, _MORE_ZEROS = 8, 1024
_MARKER, _SCAN = 0xFF, 0xDA
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# baseline, extended and progressive, with either kind of packing
_USUAL_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC9, 0xCA})
_USUAL_BITS = 8
_MOST_SEGMENTS = 2_000


def pass_over_bad_remarks() -> None:
    """Once, in the warm parent: a PNG's remarks may be wrong, endless, beyond reading; they are left out."""
    PngImagePlugin.ChunkStream.crc = _check_sum  # type: ignore[method-assign, assignment]
    PngImagePlugin.PngStream.call = _call  # type: ignore[method-assign, assignment]


def _check_sum(stream: PngImagePlugin.ChunkStream, name: bytes, data: bytes) -> None:
    """Ask for a right checksum where a wrong one spoils the picture, and not of remarks, as viewers do."""
    if name[0] & _IS_REMARK:
        stream.crc_skip(name, data)
    else:
        _strict_check_sum(stream, name, data)


def _call(stream: Any, name: bytes, place: int, size: int) -> bytes:
    """Read a chunk; of one that no pixel depends on, and that can't be understood, just the bytes."""
    if not name[0] & _IS_REMARK or name in _OF_ANIMATIONS:
        return _strict_call(stream, name, place, size)
    try:
        return _strict_call(stream, name, place, size)
    except (ArithmeticError, LookupError, SyntaxError, ValueError, struct.error):
        stream.fp.seek(place)
        return ImageFile._safe_read(stream.fp, size)  # noqa: SLF001 - bounded by what is there


def made_whole(untrusted_file: File) -> File:
    """A WebP that lost its last bytes gets zeros for them: its decoder begins with no file that isn't whole.

    Only a little: what was lost shows as a smear at the lower edge. Some more zeros than were lost, since a
    decoder that has lost its place may ask for more than there was.
    """
    if untrusted_file[:4] != b"RIFF":
        return untrusted_file
    told_bytes = _RIFF_HEAD_BYTES + int.from_bytes(untrusted_file[4:8], "little")
    lost_bytes = told_bytes - len(untrusted_file)
    if not 0 < lost_bytes <= told_bytes // _END_PARTS:
        return untrusted_file
    data = bytearray(untrusted_file[:] + bytes(lost_bytes + _MORE_ZEROS))
    for place in (4, _last_chunk(untrusted_file) + 4):
        size_bytes = int.from_bytes(data[place : place + 4], "little")
        data[place : place + 4] = (size_bytes + _MORE_ZEROS).to_bytes(4, "little")
    return bytes(data)


def _last_chunk(untrusted_file: File) -> int:
    """Where the chunk begins that the file breaks off in."""
    place = 12
    for _ in range(_MOST_SEGMENTS):
        size_bytes = int.from_bytes(untrusted_file[place + 4 : place + 8], "little")
        end = place + 8 + size_bytes + size_bytes % 2
        if end >= len(untrusted_file):
            break
        place = end
    return place


def is_rare_jpeg(untrusted_file: File) -> bool:
    """Whether it is of a kind that hardly any program opens: lossless, or of more than eight bits."""
    place = 2
    for _ in range(_MOST_SEGMENTS):
        head = untrusted_file[place : place + 5]
        if len(head) < 5 or head[0] != _MARKER or head[1] == _SCAN:  # noqa: PLR2004 - marker, length, bits
            return False
        if head[1] in _FRAMES:
            return head[1] not in _USUAL_FRAMES or head[4] != _USUAL_BITS
        place += 2 + int.from_bytes(head[2:4])
    return False


def ends_in_nothing(picture: Image.Image) -> bool:
    """Whether the last rows are all of one colour, as the decoder leaves them where it got nothing."""
    width_px, height_px = picture.size
    rows = max(height_px // _END_PARTS, _LEAST_END_ROWS)
    end = picture.crop((0, max(height_px - rows, 0), width_px, height_px))
    return all(high - low <= _NOTHING for low, high in _extremes(end))


def _extremes(picture: Image.Image) -> list[tuple[float, float]]:
    return [channel.getextrema() for channel in picture.split()]  # type: ignore[misc]
