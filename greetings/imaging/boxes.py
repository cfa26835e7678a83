"""What the header of an AVIF says about its picture that the decoder keeps to itself.

Such a file is a tree of boxes (ISO 14496-12); properties stand in one list and are given to items by number
(ISO 23008-12). Read here, in the confined child: the crop, which only describes what is not to be seen, and
the colours' code points.
"""

import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from greetings.imaging.protocol import File

_MOST_BOXES = 2_000
_SIZE, _LARGE_SIZE, _CROP = struct.Struct(">I4s"), struct.Struct(">Q"), struct.Struct(">IIIIiIiI")
_BRAND = slice(8, 12)
_OWN_BRANDS = {b"avif", b"avis", b"heic", b"heix", b"hevc", b"hevx"}
_FULL = 4  # version and flags
_WIDE_INDEX = 1


class BadBoxes(ValueError):
    """The boxes contradict each other or themselves."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the file says of its main picture: the crop as left, top, right, bottom, and the code points of
    its colours, primaries and transfer.
    """

    crop: tuple[int, int, int, int] | None = None
    code_points: tuple[int, int] | None = None


def tell(untrusted_file: File, width_px: int, height_px: int) -> Told:
    """Read the header of an AVIF of that size, before any turn. Raises BadBoxes."""
    try:
        meta = _find(untrusted_file, b"meta")
        properties = _of_main_picture(meta[_FULL:]) if meta else []
        crops = [body for name, body in properties if name == b"clap"]
        if not crops and b"clap" in _find(untrusted_file, b"moov"):
            raise BadBoxes("A crop in a film.")
        return Told(
            crop=_crop(crops[0], width_px, height_px) if crops else None,
            code_points=next((points for points in map(_code_points, properties) if points), None),
        )
    except (struct.error, IndexError, ZeroDivisionError) as error:
        raise BadBoxes("Cut short.") from error


def under_its_own_brand(untrusted_file: File) -> File:
    """The same file under the first brand of its codec, where its own says only what AVIF and HEIC share.

    The decoders go by that brand alone, and many programs write a general one.
    """
    if untrusted_file[4:8] != b"ftyp" or untrusted_file[_BRAND] in _OWN_BRANDS:
        return untrusted_file
    with suppress(BadBoxes):
        head = _find(untrusted_file, b"meta") or _find(untrusted_file, b"moov")
        for configuration, brand in ((b"av1C", b"avif"), (b"hvcC", b"heic")):
            if configuration in head:
                return untrusted_file[: _BRAND.start] + brand + untrusted_file[_BRAND.stop :]
    return untrusted_file


def _boxes(data: File) -> Iterator[tuple[bytes, bytes]]:
    """Name and body of each box in there, one level deep."""
    place = 0
    for _ in range(_MOST_BOXES):
        if place + _SIZE.size > len(data):
            return
        size, name = _SIZE.unpack_from(data, place)
        head = _SIZE.size
        if size == 1:
            size, head = _LARGE_SIZE.unpack_from(data, place + head)[0], head + _LARGE_SIZE.size
        elif size == 0:
            size = len(data) - place
        if size < head:
            raise BadBoxes("A box smaller than its head.")
        yield name, data[place + head : place + size]
        place += size


def _find(data: File, wanted: bytes) -> bytes:
    return next((body for name, body in _boxes(data) if name == wanted), b"")


def _of_main_picture(meta: bytes) -> list[tuple[bytes, bytes]]:
    """The properties of the item that is to be shown."""
    lists = _find(meta, b"iprp")
    properties = list(_boxes(_find(lists, b"ipco")))
    main = _number(_find(meta, b"pitm"))
    numbers: list[int] = []
    for name, body in _boxes(lists):
        if name == b"ipma":
            numbers += _associations(body).get(main, [])
    return [properties[number - 1] for number in numbers if 0 < number <= len(properties)]


def _number(pitm: bytes) -> int:
    if not pitm:
        return 0
    return int.from_bytes(pitm[_FULL : _FULL + (2 if pitm[0] == 0 else 4)])


def _associations(ipma: bytes) -> dict[int, list[int]]:
    """For each item the numbers of its properties, without the bit that says whether they are essential."""
    id_bytes = 2 if ipma[0] == 0 else 4
    index_bytes = 2 if ipma[3] & _WIDE_INDEX else 1
    count, place = int.from_bytes(ipma[_FULL : _FULL + 4]), _FULL + 4
    found: dict[int, list[int]] = {}
    for _ in range(min(count, _MOST_BOXES)):
        item = int.from_bytes(ipma[place : place + id_bytes])
        place += id_bytes
        many = ipma[place]
        place += 1
        mask = (1 << (8 * index_bytes - 1)) - 1
        for start in range(place, place + many * index_bytes, index_bytes):
            found.setdefault(item, []).append(int.from_bytes(ipma[start : start + index_bytes]) & mask)
        place += many * index_bytes
    return found


def _crop(clap: bytes, width_px: int, height_px: int) -> tuple[int, int, int, int]:
    """The crop in whole pixels, never a pixel more than it says."""
    numbers = _CROP.unpack_from(clap)
    width, height, across, down = (numbers[place] / numbers[place + 1] for place in (0, 2, 4, 6))
    left, top = (width_px - width) / 2 + across, (height_px - height) / 2 + down
    box = (-int(-left // 1), -int(-top // 1), int((left + width) // 1), int((top + height) // 1))
    if not (0 <= box[0] < box[2] <= width_px and 0 <= box[1] < box[3] <= height_px):
        raise BadBoxes("A crop outside of the picture.")
    return box


def _code_points(named: tuple[bytes, bytes]) -> tuple[int, int] | None:
    name, body = named
    if name != b"colr" or body[:4] != b"nclx":
        return None
    return int.from_bytes(body[4:6]), int.from_bytes(body[6:8])
