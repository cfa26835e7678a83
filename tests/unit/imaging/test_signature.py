import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from greetings.imaging import PictureRefused, Refusal
from greetings.imaging.protocol import Formats
from greetings.imaging.signature import formats_of


def drawn(form: str) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (8, 8)).save(held, form)
    return held.getvalue()


@pytest.mark.parametrize(
    ("form", "formats"),
    [("JPEG", Formats.JPEG), ("PNG", Formats.PNG), ("WEBP", Formats.WEBP), ("AVIF", Formats.AVIF)],
)
def test_a_picture_says_what_it_is(form, formats):
    assert formats_of(memoryview(drawn(form))) == formats


@pytest.mark.parametrize(
    ("brand", "formats"),
    [
        (b"heic", Formats.HEIF),
        (b"heix", Formats.HEIF),
        (b"hevc", Formats.HEIF),
        (b"mif1", Formats.HEIF | Formats.AVIF),
        (b"avif", Formats.AVIF),
        (b"mif2", Formats.HEIF | Formats.AVIF),
        (b"avio", Formats.AVIF),
    ],
)
def test_the_family_of_heic_and_avif_is_told_by_its_brand(brand, formats):
    head = b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1" + brand + bytes(64)
    assert formats_of(memoryview(head)) == formats


@pytest.mark.parametrize(("brand", "formats"), [(b"avif", Formats.AVIF), (b"heix", Formats.HEIF)])
def test_a_first_brand_that_nobody_knows_is_passed_over_for_the_next(brand, formats):
    head = b"\0\0\0\x18ftyptmap\0\0\0\0tmap" + brand + bytes(64)
    assert formats_of(memoryview(head)) == formats


@pytest.mark.parametrize(
    ("untrusted", "code"),
    [
        (b"GIF89a\x01\0\x01\0\0\0\0;", Refusal.A_GIF),
        (drawn("TIFF"), Refusal.A_TIFF_OR_RAW),
        (drawn("BMP"), Refusal.FORMAT_NOT_SUPPORTED),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', Refusal.A_VECTOR_DRAWING),
        (b"\0\0\0\x18ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(64), Refusal.A_VIDEO),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + bytes(64), Refusal.A_VIDEO),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", Refusal.A_DOCUMENT),
        ("З днём нараджэння!\n".encode(), Refusal.A_DOCUMENT),
        (b"<!doctype html><title>x</title>", Refusal.A_DOCUMENT),
        (b"\x7fELF\2\1\1" + bytes(64), Refusal.NOT_A_PICTURE),
        (b"PK\3\4\x14\0\0\0\0\0" + bytes(64), Refusal.AN_ARCHIVE),
        (b"\0", Refusal.NOT_A_PICTURE),
    ],
)
def test_whatever_is_not_ours_is_refused_by_what_it_is(untrusted, code):
    with pytest.raises(PictureRefused) as caught:
        formats_of(memoryview(untrusted))
    assert caught.value.code is code


@given(st.binary(min_size=1, max_size=400))
def test_no_bytes_bring_the_sniffer_down(untrusted):
    try:
        assert formats_of(memoryview(untrusted))
    except PictureRefused as refused:
        assert refused.facts == {}
