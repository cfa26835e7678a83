"""Which colours a file means when it brings no profile: by numbers, by primaries, or as its camera says."""

from contextlib import suppress
from typing import Any

from PIL import ExifTags, Image

from greetings.imaging.profiles import ADOBE, ADOBE_GAMMA, SRGB, Primaries, of_code_points, of_gamma
from greetings.imaging.protocol import File

_PNG_SIGNATURE_BYTES = 8
_MOST_CHUNKS = 500
_CODE_POINTS_BYTES = 4
_LEAST_GAMMA, _MOST_GAMMA = 0.05, 20
_LIKE_SRGB_GAMMA = 1 / 2.2
_UNSEEN_GAMMA, _UNSEEN_PLACE = 0.02, 0.004
_UNCALIBRATED, _ADOBE_BY_NUMBER, _ADOBE_BY_NAME = 0xFFFF, 2, "R03"


def declared_profile(
    picture: Image.Image, untrusted_file: File, code_points: tuple[int, int] | None
) -> bytes | None:
    """A profile made for what the file says in other ways, or None where that is sRGB or nothing."""
    if picture.format == "PNG":
        return _of_png(picture, untrusted_file)
    if picture.format == "HEIF":
        told: dict[str, Any] = picture.info.get("nclx_profile") or {}
        code_points = (told.get("color_primaries", 2), told.get("transfer_characteristics", 2))
    if code_points is not None:
        return of_code_points(*code_points)
    return of_gamma(ADOBE, ADOBE_GAMMA) if _is_adobe_rgb(picture) else None


def code_points_win(picture: Image.Image, untrusted_file: File) -> bool:
    """Whether the file's numbers come before its profile: only PNG says so."""
    return picture.format == "PNG" and _png_code_points(untrusted_file) is not None


def _of_png(picture: Image.Image, untrusted_file: File) -> bytes | None:
    code_points = _png_code_points(untrusted_file)
    if code_points is not None:
        return of_code_points(*code_points)
    gamma = picture.info.get("gamma")
    if "srgb" in picture.info or not gamma or not _LEAST_GAMMA < gamma < _MOST_GAMMA:
        return None
    primaries = _primaries(picture.info.get("chromaticity"))
    if abs(gamma - _LIKE_SRGB_GAMMA) < _UNSEEN_GAMMA and primaries == SRGB:
        return None
    with suppress(ValueError):
        return of_gamma(primaries, 1 / gamma)
    return None


def _primaries(told: tuple[float, ...] | None) -> Primaries:
    """What cHRM says: white, red, green, blue. Very nearly sRGB is sRGB."""
    if not told:
        return SRGB
    white, red, green, blue = (told[place : place + 2] for place in (0, 2, 4, 6))
    expected = (*SRGB.white, *SRGB.red, *SRGB.green, *SRGB.blue)
    if all(abs(one - other) < _UNSEEN_PLACE for one, other in zip(told, expected, strict=True)):
        return SRGB
    return Primaries(red, green, blue, white)  # type: ignore[arg-type]


def _png_code_points(untrusted_file: File) -> tuple[int, int] | None:
    """What the chunk cICP says, which must come before the pixels."""
    place = _PNG_SIGNATURE_BYTES
    for _ in range(_MOST_CHUNKS):
        name = untrusted_file[place + 4 : place + 8]
        if name in {b"IDAT", b"", b"IEND"}:
            return None
        size = int.from_bytes(untrusted_file[place : place + 4])
        if name == b"cICP" and size == _CODE_POINTS_BYTES:
            return untrusted_file[place + 8], untrusted_file[place + 9]
        place += size + 12
    return None


def _is_adobe_rgb(picture: Image.Image) -> bool:
    """Whether the camera says so, as the rule for camera files has it (DCF): in letters, not by a profile."""
    with suppress(Exception):  # whatever odd letters end in, they say nothing of colours then
        exif = picture.getexif()
        space = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.ColorSpace)
        if space == _ADOBE_BY_NUMBER:
            return True
        index = exif.get_ifd(ExifTags.IFD.Interop).get(1)
        return space == _UNCALIBRATED and str(index).strip("\0 ") == _ADOBE_BY_NAME
    return False
