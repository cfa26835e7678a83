"""The reader that the tests trust: it finds whatever is hidden in a picture."""

import io

import pytest
from PIL import Image

from tests.pictures import assert_bare


def jpeg(**save) -> bytes:
    held = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(held, "JPEG", **save)
    return held.getvalue()


def webp(**save) -> bytes:
    held = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(held, "WEBP", **save)
    return held.getvalue()


EXIF = Image.Exif()
EXIF[0x010F] = "Maker"


def test_a_bare_picture_is_bare():
    assert assert_bare(jpeg(optimize=True)) == (256, 256)
    assert assert_bare(webp()) == (256, 256)


@pytest.mark.parametrize(
    "data",
    [
        jpeg(exif=EXIF),
        jpeg(comment=b"hello"),
        jpeg(icc_profile=b"p" * 200),
        jpeg(progressive=True),
        jpeg(dpi=(300, 300)),
        jpeg() + b"more",
        jpeg()[:-2],
        jpeg()[:2] + b"\xff\xe2\0\6MPF\0" + jpeg()[2:],
        jpeg().replace(b"JFIF\0\1\1\0\0\1\0\1\0\0", b"JFIF\0\1\1\0\0\1\0\1\1\1") + b"",
        jpeg().replace(b"\xff\xdb\0\x43", b"\xff\xdb\0\x45hi", 1),
        webp(exif=EXIF),
        webp(xmp=b"<x/>"),
        webp(lossless=True),
        webp() + b"more",
        webp()[:-1],
        b"GIF89a",
    ],
)
def test_whatever_is_in_it_besides_is_found(data):
    with pytest.raises((AssertionError, IndexError, ValueError)):
        assert_bare(data)


@pytest.mark.parametrize("payload", [b"<?php", b"<SCRIPT", b"alert("])
def test_a_payload_within_the_pixels_is_found(payload):
    data = jpeg()
    with pytest.raises(AssertionError, match="came through"):
        assert_bare(data[:-40] + payload + data[-40 + len(payload) :])
