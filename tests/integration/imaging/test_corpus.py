"""Real awkward files of others: phone photos come in whole, whatever else gets a clear answer."""

import random

import pytest
from PIL import Image

from greetings.imaging import PictureRefused, Refusal
from tests.integration.imaging.conftest import cpu_seconds
from tests.integration.imaging.drawing import assert_bare, decoded, encoded, four_corners

pytestmark = pytest.mark.corpus

UPRIGHT = {
    "iphone-5-gps-orientation-3.jpg": (2048, 1536),
    "iphone-6-gps.jpg": (2048, 1536),
    "iphone-8-gps.heic": (2016, 1512),
    "iphone-xr-gps-rotated.heic": (1512, 2016),
    "samsung-s10-rotated.heic": (1512, 2016),
    "samsung-s7-gps.jpg": (2016, 1512),
}
SAMPLE = 60


@pytest.mark.parametrize("name", UPRIGHT)
def test_a_phone_photo_comes_in_upright_and_bare(reader, corpus, name):
    picture = reader.take_in((corpus / "phones" / name).read_bytes())
    assert (picture.width_px, picture.height_px) == UPRIGHT[name]
    assert_bare(picture)
    for rendition in picture.renditions.values():
        for trace in (b"Exif", b"Apple", b"iPhone", b"SAMSUNG", b"GPSLatitude"):
            assert trace not in rendition


@pytest.mark.parametrize("number", range(9))
def test_the_same_portrait_stands_upright_from_every_orientation(reader, corpus, number):
    folder = corpus / "exif-orientation"
    picture = reader.take_in((folder / f"Portrait_{number}.jpg").read_bytes())
    upright = reader.take_in((folder / "Portrait_1.jpg").read_bytes())
    assert (picture.width_px, picture.height_px) == (1200, 1800)
    # the number written on it differs, the rest does not
    assert (picture.difference_hash ^ upright.difference_hash).bit_count() <= 4
    tiny, other = (
        decoded(each, "thumb").resize((12, 18), Image.Resampling.BOX) for each in (picture, upright)
    )
    furthest = max(abs(one - two) for one, two in zip(tiny.tobytes(), other.tobytes(), strict=True))
    assert furthest <= 40


def test_a_sample_of_hostile_files_all_get_a_clear_answer(reader, corpus):
    files = sorted(
        path for path in corpus.rglob("*") if path.is_file() and path.suffix not in {".txt", ".md"}
    )
    reader.take_in(encoded(four_corners()))  # the first one also starts its process
    answers = set()
    for path in random.Random(1).sample(files, SAMPLE):
        before = cpu_seconds(reader)
        try:
            assert_bare(reader.take_in(path.read_bytes()))
            answers.add("taken")
        except PictureRefused as refused:
            assert refused.code is not Refusal.READER_FAILED, path.name
            answers.add(refused.code.value)
        assert cpu_seconds(reader) - before < 15, path.name
    assert {"taken", "broken", "format_not_supported"} <= answers
