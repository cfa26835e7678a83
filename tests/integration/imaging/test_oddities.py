"""Files that are odd and still to be seen in every viewer; and changed at random, whatever comes of it."""

import random
import zlib

import pytest
from PIL import Image

from greetings.imaging import PictureRefused, Refusal
from tests.integration.imaging.drawing import (
    RED,
    assert_bare,
    chunk,
    decoded,
    encoded,
    four_corners,
    is_near,
    png,
)
from tests.integration.imaging.test_take_in import heif

ROWS = (b"\0" + bytes(RED) * 20) * 20
# each with a true checksum: texts that are far too long, ways of packing that don't exist, nothing at all
REMARKS = {
    "a text that unpacks to 9 MB": chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(9_000_000))),
    "a text of 2 MB": chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + b"x" * 2_000_000),
    "a text packed in no known way": chunk(b"zTXt", b"a\0\7nonsense"),
    "a profile packed in no known way": chunk(b"iCCP", b"a\0\7nonsense"),
    "an empty gamma": chunk(b"gAMA", b""),
    "empty primaries": chunk(b"cHRM", b""),
    "an empty size": chunk(b"pHYs", b""),
}


@pytest.mark.parametrize("remark", REMARKS.values(), ids=REMARKS)
def test_a_remark_in_a_png_that_nobody_can_read_is_passed_over(reader, remark):
    picture = reader.take_in(png(20, 20, 8, 2, ROWS, remark))
    assert_bare(picture)
    assert is_near(picture.average, RED, 3)


@pytest.mark.parametrize("save", [{"quality": 80}, {"lossless": True}])
@pytest.mark.parametrize("lost_bytes", [1, 2, 13, 200])
def test_a_webp_that_lost_its_last_bytes_is_taken(reader, save, lost_bytes):
    noisy = Image.effect_noise((400, 300), 80).convert("RGB")
    whole = encoded(noisy, "WEBP", **save)
    picture = reader.take_in(whole[:-lost_bytes])
    assert_bare(picture)
    upper = (0, 0, 400, 270)
    assert decoded(picture).crop(upper).tobytes() == decoded(reader.take_in(whole)).crop(upper).tobytes()


@pytest.mark.parametrize("lost_bytes", [1, 12, 16, 60])
def test_a_png_that_lost_its_last_bytes_is_taken(reader, lost_bytes):
    whole = encoded(Image.effect_noise((400, 300), 80).convert("RGB"), "PNG")
    assert_bare(reader.take_in(whole[:-lost_bytes]))


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_one_that_lost_a_part_that_can_be_seen_is_refused(reader, form):
    data = encoded(Image.effect_noise((400, 300), 80).convert("RGB"), form)
    with pytest.raises(PictureRefused) as caught:
        reader.take_in(data[: int(len(data) * 0.95)])
    assert caught.value.code is Refusal.BROKEN


@pytest.mark.parametrize(("kind", "bits"), [(0xC1, 12), (0xC3, 8), (0xC3, 16)])
def test_a_jpeg_of_a_kind_that_hardly_any_program_opens_is_named_so(reader, kind, bits):
    data = bytearray(encoded(four_corners()))
    place = data.index(b"\xff\xc0")
    data[place + 1], data[place + 4] = kind, bits
    with pytest.raises(PictureRefused) as caught:
        reader.take_in(bytes(data))
    assert caught.value.code is Refusal.FORMAT_NOT_SUPPORTED


# ---- promises 2 and 3, by chance: the same files each time, changed in the same ways

PAYLOAD = b"<?php system($_GET[0]); ?><script>alert(1)</script>"
FORMS = {
    "JPEG": lambda: encoded(four_corners(), "JPEG"),
    "progressive JPEG": lambda: encoded(four_corners(), "JPEG", progressive=True),
    "PNG": lambda: encoded(four_corners(), "PNG"),
    "WebP": lambda: encoded(four_corners(), "WEBP"),
    "WebP without loss": lambda: encoded(four_corners(), "WEBP", lossless=True),
    "AVIF": lambda: encoded(four_corners(), "AVIF"),
    "HEIC": lambda: heif(four_corners()),
}
CHANGES = 12


@pytest.mark.parametrize("form", FORMS)
def test_whatever_is_changed_in_a_file_it_is_bare_or_refused(reader, form):
    whole, chance = FORMS[form](), random.Random(f"1962-09-25 {form}")
    for _ in range(CHANGES):
        with_payload = changed(whole, chance)
        try:
            picture = reader.take_in(with_payload)
        except PictureRefused as refused:
            assert refused.code is not Refusal.TOOK_TOO_LONG
            continue
        assert_bare(picture)
        for rendition in picture.renditions.values():
            assert not any(payload in rendition for payload in (b"<?php", b"<script", b"alert("))


def changed(whole: bytes, chance: random.Random) -> bytes:
    """Bits turned, a piece cut out or doubled, a payload put in, and sometimes one behind the end."""
    data = bytearray(whole)
    for _ in range(chance.randint(0, 6)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    start = chance.randrange(len(data))
    end = min(start + chance.randrange(200), len(data))
    match chance.randrange(4):
        case 0:
            del data[start:end]
        case 1:
            data[start:start] = data[start:end]
        case 2:
            data[start:start] = PAYLOAD
        case _:
            data += PAYLOAD
    return bytes(data)
