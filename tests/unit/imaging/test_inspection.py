import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from greetings.imaging.inspection import jpeg_size, webp_size
from greetings.imaging.protocol import Nonsense


def encoded(form: str, **save) -> bytes:
    held = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").resize((61, 37)).save(held, form, **save)
    return held.getvalue()


JPEG = encoded("JPEG", quality=85, optimize=True)
WEBP = encoded("WEBP", quality=80, method=2)
EXIF = Image.Exif()
EXIF[0x010F] = "Maker"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"


def test_what_our_encoders_write_is_let_through_with_its_size():
    assert jpeg_size(JPEG) == (61, 37)
    assert webp_size(WEBP) == (61, 37)


@pytest.mark.parametrize(
    "extra",
    [{"exif": EXIF}, {"icc_profile": PROFILE}, {"xmp": XMP}, {"comment": b"hello"}, {"progressive": True}],
)
def test_a_jpeg_that_carries_anything_else_is_nonsense(extra):
    with pytest.raises(Nonsense):
        jpeg_size(encoded("JPEG", **extra))


@pytest.mark.parametrize(
    "extra", [{"exif": EXIF}, {"icc_profile": PROFILE}, {"xmp": XMP}, {"lossless": True}]
)
def test_a_webp_that_carries_anything_else_is_nonsense(extra):
    with pytest.raises(Nonsense):
        webp_size(encoded("WEBP", **extra))


@pytest.mark.parametrize("trailer", [b"\0", b"<?php", JPEG])
def test_bytes_after_the_end_are_nonsense(trailer):
    with pytest.raises(Nonsense):
        jpeg_size(JPEG + trailer)
    with pytest.raises(Nonsense):
        webp_size(WEBP + trailer)


def test_a_thumbnail_in_the_head_of_a_jpeg_is_nonsense():
    assert JPEG[2:4] == b"\xff\xe0"
    assert JPEG[18:20] == b"\0\0", "no thumbnail of its own"
    with_one = JPEG[:4] + (19).to_bytes(2) + JPEG[6:18] + b"\1\1" + b"rgb" + JPEG[20:]
    with pytest.raises(Nonsense):
        jpeg_size(with_one)
    with pytest.raises(Nonsense):
        jpeg_size(JPEG[:18] + b"\1\1" + JPEG[20:])


@pytest.mark.parametrize("claimed_more", [-2, 2, 1000])
def test_a_webp_that_is_longer_or_shorter_than_it_says_is_nonsense(claimed_more):
    claimed = int.from_bytes(WEBP[4:8], "little") + claimed_more
    with pytest.raises(Nonsense):
        webp_size(WEBP[:4] + claimed.to_bytes(4, "little") + WEBP[8:])


def test_a_second_picture_within_the_scan_is_nonsense():
    with pytest.raises(Nonsense):
        jpeg_size(JPEG[:-2] + JPEG)


@given(st.integers(0, len(JPEG) - 1))
def test_a_jpeg_cut_anywhere_is_nonsense(length):
    with pytest.raises(Nonsense):
        jpeg_size(JPEG[:length])


@given(st.integers(0, len(WEBP) - 1))
def test_a_webp_cut_anywhere_is_nonsense(length):
    with pytest.raises(Nonsense):
        webp_size(WEBP[:length])


@given(st.integers(0, 700), st.integers(0, 255))
def test_no_changed_byte_makes_the_inspection_raise_anything_else(place, value):
    for data, inspect in ((JPEG, jpeg_size), (WEBP, webp_size)):
        with suppress(Nonsense):
            width_px, height_px = inspect(data[:place] + bytes([value]) + data[place + 1 :])
            assert width_px > 0
            assert height_px > 0


@given(st.binary(max_size=300))
def test_no_bytes_make_the_inspection_raise_anything_else(untrusted):
    for untrusted_data in (untrusted, b"\xff\xd8" + untrusted, b"RIFF" + untrusted):
        for inspect in (jpeg_size, webp_size):
            with suppress(Nonsense):
                inspect(untrusted_data)
