import io
import random
import struct
from dataclasses import replace

import pillow_heif
import pytest
from PIL import Image

from greetings.imaging import PictureReader, PictureRefused, Refusal
from tests.integration.imaging.conftest import PATIENT, cpu_seconds
from tests.integration.imaging.drawing import assert_bare, chunk, decoded, encoded, four_corners, png


def refusal(reader: PictureReader, data: bytes) -> PictureRefused:
    with pytest.raises(PictureRefused) as caught:
        reader.take_in(data)
    assert all(isinstance(fact, int) for fact in caught.value.facts.values())
    return caught.value


@pytest.fixture(scope="module")
def small():
    """A reader for which a tenth of a megapixel is a lot."""
    reader = PictureReader(replace(PATIENT, max_pixels=100_000, max_bytes=100_000))
    yield reader
    reader.close()


def test_an_empty_file_is_refused(reader):
    assert refusal(reader, b"").code is Refusal.EMPTY


def test_a_file_over_the_bytes_is_refused_unread(small):
    class Endless(io.RawIOBase):
        asked_bytes = 0

        def read(self, size: int = -1) -> bytes:
            assert size > 0, "never everything"
            self.asked_bytes += size
            return bytes(size)

    endless = Endless()
    with pytest.raises(PictureRefused) as caught:
        small.take_in(endless)  # type: ignore[arg-type]
    assert caught.value.code is Refusal.TOO_MANY_BYTES
    assert caught.value.facts == {"max_bytes": 100_000}
    assert endless.asked_bytes <= 100_001


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"Hello, Ales!", Refusal.A_DOCUMENT),
        (b"%PDF-1.4\n", Refusal.A_DOCUMENT),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", Refusal.A_VECTOR_DRAWING),
        (encoded(four_corners(), "GIF"), Refusal.A_GIF),
        (encoded(four_corners(), "TIFF"), Refusal.A_TIFF_OR_RAW),
        (encoded(four_corners(), "PPM"), Refusal.FORMAT_NOT_SUPPORTED),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", Refusal.A_DOCUMENT),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(99), Refusal.A_VIDEO),
        (b"\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x82\x84webm" + bytes(99), Refusal.A_VIDEO),
        (b"PK\3\4\x14\0\0\0\0\0" + bytes(99), Refusal.AN_ARCHIVE),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\3" + bytes(99), Refusal.AN_ARCHIVE),
        (b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0" + bytes(99), Refusal.A_SOUND),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom" + bytes(99), Refusal.A_TIFF_OR_RAW),
        (b"\0\0\0\x18ftypxxxx\0\0\0\0yyyyzzzz" + bytes(99), Refusal.NOT_A_PICTURE),
        (random.Random(7).randbytes(500), Refusal.NOT_A_PICTURE),
    ],
)
def test_what_is_not_a_photo_is_refused_by_what_it_is(reader, data, code):
    assert refusal(reader, data).code is code


def test_too_many_pixels_are_refused_from_the_header_alone(reader):
    reader.take_in(encoded(four_corners()))  # the first one also starts its process
    before = cpu_seconds(reader)
    refused = refusal(reader, png(10_000, 6_000, 8, 2, b"\0"))
    assert refused.code is Refusal.TOO_MANY_PIXELS
    assert refused.facts == {"width_px": 10_000, "height_px": 6_000, "frames": 1, "max_pixels": 50_000_000}
    assert cpu_seconds(reader) - before < 10


@pytest.mark.parametrize("size_px", [(100_000, 100), (100, 100_000), (20_001, 1)])
def test_each_edge_is_bounded_by_itself(reader, size_px):
    refused = refusal(reader, png(*size_px, 8, 0, b"\0"))
    assert refused.code is Refusal.EDGE_TOO_LONG
    assert refused.facts["max_edge_px"] == 20_000


def test_a_webp_is_refused_before_its_canvas_is_made(reader):
    body = b"VP8X" + struct.pack("<I", 10) + bytes([2, 0, 0, 0]) + (16382).to_bytes(3, "little") * 2
    body += b"ANIM" + struct.pack("<I", 6) + bytes(6)
    data = b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
    assert refusal(reader, data).code is Refusal.TOO_MANY_PIXELS


@pytest.mark.parametrize("size_px", [(7100, 7100), (12_000, 9_000), (16_320, 12_240)])
def test_the_photo_of_a_camera_that_is_too_good_is_told_its_size(reader, size_px):
    width_px, height_px = size_px
    data = encoded(four_corners())
    place = data.index(b"\xff\xc0") + 5
    claimed = data[:place] + struct.pack(">HH", height_px, width_px) + data[place + 4 :]
    refused = refusal(reader, claimed)
    assert refused.code is Refusal.TOO_MANY_PIXELS
    assert (refused.facts["width_px"], refused.facts["height_px"]) == size_px


@pytest.mark.parametrize("form", ["PNG", "WEBP", "AVIF"])
def test_frames_are_counted(small, form):
    # stripes that change much: an encoder joins frames that look alike to it
    frames = [
        Image.linear_gradient("L").resize((100, 100)).rotate(90 * (number % 4)).convert("RGB")
        for number in range(16)
    ]
    data = encoded(frames[0], form, save_all=True, append_images=frames[1:], duration=50, quality=30)
    refused = refusal(small, data)
    assert refused.code is Refusal.TOO_MANY_PIXELS
    assert refused.facts["frames"] == 16


def test_the_same_picture_with_few_frames_is_taken(small):
    frames = [Image.new("RGB", (100, 100), (shade, 0, 99)) for shade in (0, 90, 180)]
    data = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=50)
    assert small.take_in(data).width_px == 100


def test_a_bomb_of_zeros_costs_no_more_than_its_limits(small):
    data = png(2_000_000, 2_000_000, 1, 0, bytes(50_000_000))
    small.take_in(encoded(four_corners()))  # the first one also starts its process
    before = cpu_seconds(small)
    assert refusal(small, data).code is Refusal.EDGE_TOO_LONG
    assert cpu_seconds(small) - before < 15


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF"])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.9])
def test_a_truncated_file_is_refused_and_never_a_grey_half(reader, form, part):
    noisy = Image.effect_noise((300, 200), 80).convert("RGB")
    if form == "HEIF":
        held = io.BytesIO()
        pillow_heif.from_pillow(noisy).save(held, format="HEIF")
        data = held.getvalue()
    else:
        data = encoded(noisy, form)
    refused = refusal(reader, data[: int(len(data) * part)])
    assert refused.code in {Refusal.BROKEN, Refusal.DISAGREEING, Refusal.NOT_A_PICTURE}


@pytest.mark.parametrize("save", [{}, {"progressive": True}, {"quality": 100, "subsampling": 0}])
@pytest.mark.parametrize("lost_bytes", [1, 2, 12])
def test_a_jpeg_that_lost_its_last_bytes_is_taken_as_every_viewer_takes_it(reader, save, lost_bytes):
    noisy = Image.effect_noise((1200, 900), 80).convert("RGB")
    whole = encoded(noisy, **save)
    picture = reader.take_in(whole[:-lost_bytes])
    assert (picture.width_px, picture.height_px) == (1200, 900)
    assert_bare(picture)


@pytest.mark.parametrize("size_px", [(1200, 900), (4032, 3024)])
def test_a_jpeg_that_lost_a_part_that_can_be_seen_is_refused(reader, size_px):
    noisy = Image.effect_noise(size_px, 80).convert("RGB")
    data = encoded(noisy, quality=50)
    assert refusal(reader, data[: int(len(data) * 0.95)]).code is Refusal.BROKEN


def test_a_remark_in_a_png_with_a_wrong_checksum_is_passed_over_and_pixels_are_not(reader):
    row = (b"\0" + bytes([200, 100, 50]) * 20) * 20
    remark = chunk(b"cLLI", bytes(8))[:-4] + b"\0\1\2\3"
    assert reader.take_in(png(20, 20, 8, 2, row, remark)).width_px == 20
    whole = png(20, 20, 8, 2, row)
    assert refusal(reader, whole[:29] + b"\0\1\2\3" + whole[33:]).code is Refusal.BROKEN


def test_a_file_that_is_only_a_signature_is_broken(reader):
    for head in (b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"RIFF\x20\0\0\0WEBPVP8 "):
        assert refusal(reader, head + bytes(40)).code is Refusal.BROKEN


def test_a_brand_that_lies_about_the_picture_is_refused(reader):
    avif = encoded(four_corners(), "AVIF")
    as_heic = avif.replace(b"ftypavif", b"ftypheic", 1)
    assert refusal(reader, as_heic).code in {Refusal.DISAGREEING, Refusal.BROKEN}


@pytest.mark.parametrize(
    "payload",
    [
        b"<?php system($_GET['c']); ?>",
        b"<script>alert(1)</script>",
        b"PK\3\4 a zip at the end",
        b"%PDF-1.4 1 0 obj",
        b"GIF89a/*",
        b"#!/bin/sh",
    ],
)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_payload_in_a_true_picture_does_not_come_through(reader, form, payload):
    save = {"comment": payload} if form == "JPEG" else {"exif": b"Exif\0\0" + payload}
    picture = reader.take_in(encoded(four_corners(), form, **save) + payload)
    assert_bare(picture)
    for rendition in picture.renditions.values():
        assert payload not in rendition


def test_a_page_with_a_picture_behind_it_is_no_picture(reader):
    assert refusal(reader, b"<html><body>" + encoded(four_corners())).code in {
        Refusal.A_DOCUMENT,
        Refusal.NOT_A_PICTURE,
    }


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_damaged_file_gets_an_answer(reader, form, seed):
    chance = random.Random(f"{form} {seed}")
    data = bytearray(encoded(four_corners(), form))
    for _ in range(chance.randint(1, 12)):
        data[chance.randrange(16, len(data))] = chance.randrange(256)
    try:
        picture = reader.take_in(bytes(data))
    except PictureRefused as refused:
        assert refused.code is not Refusal.READER_FAILED
        return
    assert_bare(picture)
    assert decoded(picture).size == (picture.width_px, picture.height_px)
