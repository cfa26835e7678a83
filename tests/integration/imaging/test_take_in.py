import io
import os
import struct

import pillow_heif
import pytest
from PIL import Image, ImageCms

from greetings.imaging.renditions import LEAST_MASTER_EDGE_PX
from tests.integration.imaging.drawing import (
    BLUE,
    GREEN,
    INKS,
    RED,
    WHITE,
    assert_bare,
    cmyk_profile,
    corner_colours,
    decoded,
    display_p3_profile,
    encoded,
    four_corners,
    is_near,
    lab_as_srgb,
    p3_as_srgb,
    png,
)

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825
SAVING_TURNS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
SECRETS = (b"SecretMaker", b"<?php", b"Exif", b"GPS", b"http://ns.adobe.com", b"ICC_PROFILE", b"Photoshop")


def heif(picture: Image.Image, **save) -> bytes:
    held = io.BytesIO()
    pillow_heif.from_pillow(picture).save(held, format="HEIF", quality=90, **save)
    return held.getvalue()


def assert_upright(picture: Image.Image, tolerance: int = 12) -> None:
    for found, expected in zip(corner_colours(picture), (RED, GREEN, BLUE, WHITE), strict=True):
        assert is_near(found, expected, tolerance), f"{found} where {expected} should be"


@pytest.mark.parametrize("orientation", SAVING_TURNS)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_every_orientation_stands_upright(reader, form, orientation):
    turn = SAVING_TURNS[orientation]
    drawn = four_corners() if turn is None else four_corners().transpose(turn)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    picture = reader.take_in(encoded(drawn, form, exif=exif, quality=95))
    assert (picture.width_px, picture.height_px) == (160, 96)
    for name in ("master", "display", "thumb"):
        assert_upright(decoded(picture, name))


@pytest.mark.parametrize("orientation", SAVING_TURNS)
def test_a_photo_large_enough_to_be_halved_stands_upright_too(reader, orientation):
    turn = SAVING_TURNS[orientation]
    drawn = four_corners(4032, 3024)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    picture = reader.take_in(encoded(drawn.transpose(turn) if turn is not None else drawn, exif=exif))
    assert (picture.width_px, picture.height_px) == (2016, 1512)
    assert decoded(picture, "display").size == (1280, 960)
    assert decoded(picture, "thumb").size == (480, 360)
    assert_upright(decoded(picture))


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_turns_nothing(reader, orientation):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    assert_upright(decoded(reader.take_in(encoded(four_corners(), exif=exif))))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_nothing_but_pixels_survives(reader, form):
    exif = Image.Exif()
    exif[MAKER] = "SecretMaker"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (53.0, 54.0, 27.0)
    save = {"exif": exif, "icc_profile": display_p3_profile()}
    if form != "PNG":
        save["xmp"] = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>http://ns.adobe.com/ SecretMaker</x:xmpmeta>"
    if form == "JPEG":
        save["comment"] = b"<?php SecretMaker"
    data = encoded(four_corners(), form, **save) + b"<?php SecretMaker"
    picture = reader.take_in(data)
    assert b"SecretMaker" in data
    assert_bare(picture)
    for rendition in picture.renditions.values():
        for secret in SECRETS:
            assert secret not in rendition


def test_a_heic_with_gps_becomes_bare(reader):
    exif = Image.Exif()
    exif[MAKER] = "SecretMaker"
    data = heif(four_corners(), exif=exif.tobytes())
    assert b"SecretMaker" in data
    picture = reader.take_in(data)
    assert_bare(picture)
    assert_upright(decoded(picture))


def test_the_second_picture_of_a_phones_jpeg_is_left_behind(reader):
    other = Image.new("RGB", (160, 96), (250, 0, 250))
    data = encoded(four_corners(), "MPO", save_all=True, append_images=[other], quality=95)
    assert Image.open(io.BytesIO(data)).format == "MPO"
    picture = reader.take_in(data)
    assert_upright(decoded(picture))
    assert_bare(picture)


@pytest.mark.parametrize(
    "colour", [(200, 100, 50), (120, 180, 90), (90, 90, 200), (255, 255, 255), (64, 64, 64)]
)
@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_display_p3_becomes_srgb_by_the_numbers(reader, form, colour):
    drawn = Image.new("RGB", (64, 64), colour)
    data = encoded(drawn, form, icc_profile=display_p3_profile(), lossless=True)
    assert is_near(reader.take_in(data).average, p3_as_srgb(colour), 3)


def test_a_colour_outside_of_srgb_is_clipped_and_not_wrapped(reader):
    data = encoded(Image.new("RGB", (64, 64), (0, 255, 0)), "PNG", icc_profile=display_p3_profile())
    assert is_near(reader.take_in(data).average, (0, 255, 0), 6)


def test_an_srgb_profile_changes_nothing(reader):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    with_profile = reader.take_in(encoded(four_corners(), "PNG", icc_profile=profile))
    without = reader.take_in(encoded(four_corners(), "PNG"))
    assert with_profile.renditions == without.renditions


@pytest.mark.parametrize("profile", [b"nonsense", b"", display_p3_profile()[:200], bytes(4000)])
def test_a_profile_that_cannot_be_read_is_ignored(reader, profile):
    assert_upright(decoded(reader.take_in(encoded(four_corners(), "JPEG", icc_profile=profile, quality=95))))


@pytest.mark.parametrize("ink", [(0, 0, 0, 0), (255, 0, 0, 0), (40, 90, 130, 20), (0, 0, 0, 200)])
def test_cmyk_without_a_profile_becomes_rgb_by_the_numbers(reader, ink):
    cyan, magenta, yellow, black = ink
    expected = tuple((255 - value) * (255 - black) // 255 for value in (cyan, magenta, yellow))
    picture = reader.take_in(encoded(Image.new("CMYK", (64, 64), ink), "JPEG", quality=95))
    assert is_near(picture.average, expected, 4)


@pytest.mark.parametrize("ink", INKS)
def test_cmyk_with_a_profile_becomes_what_the_profile_says(reader, ink):
    drawn = Image.new("CMYK", (64, 64), ink)
    picture = reader.take_in(encoded(drawn, "JPEG", quality=98, icc_profile=cmyk_profile()))
    assert is_near(picture.average, lab_as_srgb(INKS[ink]), 6)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_what_is_transparent_shows_white_paper(reader, form):
    drawn = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    drawn.paste((*RED, 255), (0, 0, 32, 64))
    shown = decoded(reader.take_in(encoded(drawn, form, lossless=True)))
    assert is_near(shown.getpixel((12, 32)), RED, 8)  # type: ignore[arg-type]
    assert is_near(shown.getpixel((52, 32)), WHITE, 3)  # type: ignore[arg-type]


def test_half_transparent_ink_is_half_as_strong_at_any_size(reader):
    drawn = Image.new("RGBA", (2500, 300), (0, 0, 0, 128))
    assert is_near(reader.take_in(encoded(drawn, "PNG")).average, (127, 127, 127), 3)


def test_a_palette_keeps_its_colours_and_its_hole(reader):
    drawn = four_corners().quantize(8)
    assert_upright(decoded(reader.take_in(encoded(drawn, "PNG"))), 14)
    hole = drawn.getpixel((1, 1))
    shown = decoded(reader.take_in(encoded(drawn, "PNG", transparency=hole)))
    assert is_near(corner_colours(shown)[0], WHITE, 4)
    assert is_near(corner_colours(shown)[1], GREEN, 14)


@pytest.mark.parametrize(
    ("mode", "colour", "expected"), [("L", 77, 77), ("1", 1, 255), ("LA", (77, 255), 77)]
)
def test_grey_stays_grey(reader, mode, colour, expected):
    picture = reader.take_in(encoded(Image.new(mode, (40, 30), colour), "PNG"))
    assert is_near(picture.average, (expected,) * 3, 2)


@pytest.mark.parametrize("sample", [0, 257 * 40, 257 * 200, 65535])
def test_sixteen_bits_a_channel_become_eight(reader, sample):
    grey_row = b"\0" + struct.pack(">H", sample) * 20
    grey = reader.take_in(png(20, 20, 16, 0, grey_row * 20))
    assert is_near(grey.average, (sample // 257,) * 3, 2)
    colour_row = b"\0" + struct.pack(">HHH", sample, 257 * 100, 257 * 30) * 20
    colour = reader.take_in(png(20, 20, 16, 2, colour_row * 20))
    assert is_near(colour.average, (sample // 257, 100, 30), 4)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "AVIF"])
def test_of_an_animation_the_first_picture_is_taken(reader, form):
    later = [Image.new("RGB", (160, 96), (shade, 0, 250)) for shade in (0, 120, 240)]
    data = encoded(
        four_corners(), form, save_all=True, append_images=later, duration=100, lossless=True, quality=95
    )
    assert_upright(decoded(reader.take_in(data)), 14)


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
@pytest.mark.parametrize(
    "size_px", [(1, 1), (1, 700), (3000, 1), (2048, 2048), (2049, 17), (4097, 3), (3024, 4032), (5760, 90)]
)
def test_no_size_is_enlarged_or_lost(reader, form, size_px):
    """A little below 2048 px is taken gladly: 4032 px become 2016 without any resampling."""
    picture = reader.take_in(encoded(Image.new("RGB", size_px, RED), form))
    width_px, height_px = picture.width_px, picture.height_px
    assert decoded(picture).size == (width_px, height_px)
    assert min(max(size_px), LEAST_MASTER_EDGE_PX) <= max(width_px, height_px) <= 2048
    scale = max(width_px, height_px) / max(size_px)
    assert scale <= 1
    assert abs(width_px - size_px[0] * scale) <= 1
    assert abs(height_px - size_px[1] * scale) <= 1


def test_pure_noise_fits_through_every_bound(reader):
    drawn = Image.frombytes("RGB", (2048, 2048), os.urandom(2048 * 2048 * 3))
    assert_bare(reader.take_in(encoded(drawn, "JPEG", quality=90)))


def test_the_average_and_the_hash_tell_pictures_apart_and_sizes_not(reader):
    drawn = Image.linear_gradient("L").rotate(90).convert("RGB").resize((900, 600))
    drawn.paste(RED, (500, 100, 800, 400))
    large, small = (reader.take_in(encoded(drawn.resize(size))) for size in ((900, 600), (450, 300)))
    other = reader.take_in(encoded(drawn.transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
    assert (large.difference_hash ^ small.difference_hash).bit_count() <= 6
    assert (large.difference_hash ^ other.difference_hash).bit_count() >= 16
    assert is_near(large.average, small.average, 3)
    assert 0 <= large.difference_hash < 2**64


def test_a_file_may_come_as_bytes_a_view_or_an_open_file(reader):
    data = encoded(four_corners())
    from_bytes, from_view = reader.take_in(data), reader.take_in(memoryview(data))
    assert from_bytes == from_view == reader.take_in(io.BytesIO(data))


@pytest.mark.parametrize("name", ["HEIC", "AVIF"])
def test_the_formats_of_phones_come_in(reader, name):
    data = (
        heif(four_corners(), chroma="444") if name == "HEIC" else encoded(four_corners(), "AVIF", quality=95)
    )
    assert_upright(decoded(reader.take_in(data)), 14)


@pytest.mark.parametrize("cut", [(0.9, 0.5), (0.1, 0.02)])
def test_reading_the_same_file_twice_gives_the_same_bytes(reader, cut):
    drawn = four_corners(int(1000 * cut[0]), int(1000 * cut[1]))
    assert reader.take_in(encoded(drawn)) == reader.take_in(encoded(drawn))
