"""Colours that a file names in other ways than by a profile, against the published sums."""

import io
import struct

import pillow_heif
import pytest
from PIL import ExifTags, Image

from tests.integration.imaging.drawing import (
    adobe_as_srgb,
    adobe_rgb_profile,
    chunk,
    display_p3_profile,
    encoded,
    is_near,
    p3_as_srgb,
    png,
)

COLOURS = [(200, 100, 50), (120, 180, 90), (90, 90, 200), (255, 255, 255), (0, 0, 0), (64, 64, 64)]
P3_SRGB, REC2020_PQ, REC2020_HLG, SRGB = (12, 13), (9, 16), (9, 18), (1, 13)
each_colour = pytest.mark.parametrize("colour", COLOURS)


def plain(colour: tuple[int, int, int]) -> Image.Image:
    return Image.new("RGB", (64, 64), colour)


def numbered_avif(colour: tuple[int, int, int], points: tuple[int, int], **save) -> bytes:
    data = encoded(plain(colour), "AVIF", quality=100, subsampling="4:4:4", **save)
    place = data.index(b"nclx") + 4
    return data[:place] + struct.pack(">HH", *points) + data[place + 4 :]


def numbered_heic(colour: tuple[int, int, int], points: tuple[int, int]) -> bytes:
    held = io.BytesIO()
    pillow_heif.from_pillow(plain(colour)).save(
        held,
        format="HEIF",
        quality=100,
        chroma="444",
        color_primaries=points[0],
        transfer_characteristic=points[1],
    )
    return held.getvalue()


def numbered_png(colour: tuple[int, int, int], points: tuple[int, int], *more: bytes) -> bytes:
    return png(20, 20, 8, 2, (b"\0" + bytes(colour) * 20) * 20, chunk(b"cICP", bytes([*points, 0, 1])), *more)


@each_colour
@pytest.mark.parametrize("make", [numbered_avif, numbered_heic, numbered_png])
def test_display_p3_said_by_a_number_becomes_srgb(reader, make, colour):
    assert is_near(reader.take_in(make(colour, P3_SRGB)).average, p3_as_srgb(colour), 4)


@each_colour
@pytest.mark.parametrize("make", [numbered_avif, numbered_heic, numbered_png])
def test_srgb_said_by_a_number_stays(reader, make, colour):
    assert is_near(reader.take_in(make(colour, SRGB)).average, colour, 3)


@pytest.mark.parametrize("points", [REC2020_PQ, REC2020_HLG])
@pytest.mark.parametrize("make", [numbered_avif, numbered_png])
def test_film_colours_keep_their_order_and_grey_stays_grey(reader, make, points):
    shades = [reader.take_in(make((grey, grey, grey), points)).average for grey in (0, 80, 130, 180, 255)]
    for red, green, blue in shades:
        assert max(red, green, blue) - min(red, green, blue) <= 4
    values = [red for red, _, _ in shades]
    assert values == sorted(set(values))
    assert values[0] <= 2
    assert values[-1] >= 245


def test_papers_white_in_a_film_is_nearly_white_and_its_grey_not_black(reader):
    white = round(255 * 0.5807)  # 203 nits in PQ
    assert min(reader.take_in(numbered_png((white,) * 3, REC2020_PQ)).average) >= 225
    assert min(reader.take_in(numbered_png((round(0.75 * 255),) * 3, REC2020_HLG)).average) >= 225
    assert 90 <= min(reader.take_in(numbered_png((100,) * 3, REC2020_PQ)).average) <= 160


@each_colour
def test_the_number_of_a_png_comes_before_its_profile(reader, colour):
    import zlib

    profile = chunk(b"iCCP", b"x\0\0" + zlib.compress(adobe_rgb_profile()))
    assert is_near(reader.take_in(numbered_png(colour, P3_SRGB, profile)).average, p3_as_srgb(colour), 4)


@each_colour
def test_a_profile_comes_before_the_number_of_an_avif(reader, colour):
    data = encoded(plain(colour), "AVIF", quality=100, subsampling="4:4:4", icc_profile=display_p3_profile())
    assert is_near(reader.take_in(data).average, p3_as_srgb(colour), 4)


@each_colour
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_adobe_rgb_by_its_profile_becomes_srgb(reader, form, colour):
    save = {"quality": 100, "subsampling": 0} if form == "JPEG" else {"lossless": True}
    data = encoded(plain(colour), form, icc_profile=adobe_rgb_profile(), **save)
    assert is_near(reader.take_in(data).average, adobe_as_srgb(colour), 4)


def camera_exif(space: int, index: str) -> Image.Exif:
    exif = Image.Exif()
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    inner[ExifTags.Base.ColorSpace] = space
    inner[ExifTags.IFD.Interop] = {1: index}
    return exif


@each_colour
@pytest.mark.parametrize(("space", "index"), [(0xFFFF, "R03"), (2, "R98")])
def test_adobe_rgb_as_cameras_say_it_becomes_srgb(reader, colour, space, index):
    data = encoded(plain(colour), quality=100, subsampling=0, exif=camera_exif(space, index))
    assert is_near(reader.take_in(data).average, adobe_as_srgb(colour), 4)


@each_colour
@pytest.mark.parametrize(("space", "index"), [(1, "R98"), (0xFFFF, "R98"), (0xFFFF, "")])
def test_what_cameras_call_srgb_or_nothing_stays(reader, colour, space, index):
    data = encoded(plain(colour), quality=100, subsampling=0, exif=camera_exif(space, index))
    assert is_near(reader.take_in(data).average, colour, 3)


def fractions(*values: float) -> bytes:
    return struct.pack(f">{len(values)}I", *(round(value * 100_000) for value in values))


@each_colour
def test_an_older_png_may_say_its_primaries_and_gamma(reader, colour):
    places = fractions(0.3127, 0.3290, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06)
    said = chunk(b"gAMA", fractions(256 / 563)), chunk(b"cHRM", places)
    data = png(20, 20, 8, 2, (b"\0" + bytes(colour) * 20) * 20, *said)
    assert is_near(reader.take_in(data).average, adobe_as_srgb(colour), 4)


def test_a_linear_grey_png_becomes_light_enough(reader):
    data = png(20, 20, 8, 0, (b"\0" + bytes([55]) * 20) * 20, chunk(b"gAMA", fractions(1.0)))
    assert is_near(reader.take_in(data).average, (128, 128, 128), 4)


@pytest.mark.parametrize(("colour_type", "sample"), [(4, bytes([55])), (6, bytes([55] * 3))])
def test_what_is_half_transparent_is_half_as_dark_on_the_screen_and_not_in_the_file(
    reader, colour_type, sample
):
    """Half of 128, which 55 in linear light is, and half white, as browsers show it; mixed as light it were 202."""
    row = b"\0" + (sample + b"\x80") * 20
    data = png(20, 20, 8, colour_type, row * 20, chunk(b"gAMA", fractions(1.0)))
    assert is_near(reader.take_in(data).average, (191, 191, 191), 3)


@pytest.mark.parametrize(
    "said",
    [
        (chunk(b"sRGB", b"\0"), chunk(b"gAMA", fractions(1.0))),
        (chunk(b"gAMA", fractions(0.45455)),),
        (chunk(b"gAMA", fractions(0)),),
        (chunk(b"gAMA", fractions(0.5)), chunk(b"cHRM", bytes(32))),
        (chunk(b"cICP", b"\x02\x02\0\1"),),
        (chunk(b"cICP", b"\xff\xff\xff\xff"),),
    ],
)
def test_what_says_srgb_nothing_or_nonsense_changes_nothing(reader, said):
    data = png(20, 20, 8, 2, (b"\0" + bytes((200, 100, 50)) * 20) * 20, *said)
    assert is_near(reader.take_in(data).average, (200, 100, 50), 3)


def test_a_grey_jpeg_with_a_profile_for_colours_is_taken(reader):
    data = encoded(Image.new("L", (64, 64), 100), icc_profile=adobe_rgb_profile(), quality=95)
    assert is_near(reader.take_in(data).average, adobe_as_srgb((100, 100, 100)), 4)
