"""Faces are found in the sandbox, as boxes in the picture and nothing else; without the extra none are."""

import importlib.util
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PIL import Image

from greetings.imaging import PictureReader, PictureRefused, Refusal
from tests.conftest import must_not_skip
from tests.integration.imaging.conftest import PATIENT
from tests.integration.imaging.drawing import encoded, four_corners

ASTRONAUT = "skimage/src/_skimage2/data/astronaut.png"
HER_FACE = (185, 75, 274, 184)


class LyingReader(PictureReader):
    """A reader whose finder of faces has been taken over."""

    face_finder_module = "tests.integration.imaging.lying_finder"


@pytest.fixture(autouse=True)
def _opencv() -> None:
    if importlib.util.find_spec("cv2") is None:
        must_not_skip("OpenCV is not installed: requirements/faces.txt brings it.")


@pytest.fixture(scope="module")
def finder() -> Iterator[PictureReader]:
    reader = PictureReader(PATIENT)
    yield reader
    reader.close()


def is_inside(inner, outer) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.corpus
def test_a_face_is_covered_with_hair_and_chin(finder, corpus, thorough):
    master = finder.take_in((corpus / ASTRONAUT).read_bytes()).renditions["master"]
    boxes = finder.find_faces(master, thorough=thorough)
    assert is_inside(HER_FACE, boxes[0])
    assert all(is_inside(box, (0, 0, 512, 512)) for box in boxes)


@pytest.mark.corpus
def test_a_tilted_face_is_found_when_it_is_looked_for_thoroughly(finder, corpus):
    with Image.open(corpus / ASTRONAUT) as picture:
        tilted = picture.convert("RGB").crop((60, 0, 400, 340)).rotate(38, Image.Resampling.BICUBIC)
    master = encoded(tilted, "JPEG", quality=90, optimize=True)
    assert any(is_inside((150, 100, 190, 140), box) for box in finder.find_faces(master, thorough=True))


def test_where_nobody_is_no_cover_is_proposed(finder):
    master = finder.take_in(encoded(four_corners(900, 600))).renditions["master"]
    assert finder.find_faces(master, thorough=True) == ()


@pytest.mark.parametrize("size_px", [(1, 1), (1, 2048), (2048, 3), (19, 19)])
def test_a_picture_of_any_size_can_be_looked_at(finder, size_px):
    assert finder.find_faces(encoded(Image.new("RGB", size_px)), thorough=True) == ()


def test_what_is_no_master_is_refused(finder):
    cut_short = encoded(four_corners(400, 300))[:-300]
    for nonsense in (b"", b"no picture", encoded(four_corners(), "PNG"), cut_short):
        with pytest.raises(PictureRefused):
            finder.find_faces(nonsense, thorough=False)


def test_a_finder_that_was_taken_over_can_only_fail():
    reader = LyingReader(PATIENT)
    try:
        for thorough in (False, True):
            with pytest.raises(PictureRefused) as refused:
                reader.find_faces(encoded(four_corners()), thorough=thorough)
            assert refused.value.code is Refusal.READER_FAILED
    finally:
        reader.close()


def test_the_finder_is_locked_in_like_the_decoder(finder):
    assert [name for name, holds in finder.protections().items() if not holds] == []


def test_the_finder_starts_only_when_faces_are_asked_for():
    reader = PictureReader(PATIENT)
    try:
        reader.take_in(encoded(four_corners()))
        assert reader._face_link._parent is None
    finally:
        reader.close()


def test_without_the_extra_nothing_is_found_and_nothing_fails(monkeypatch):
    monkeypatch.setattr("greetings.imaging.reader.find_spec", lambda _: None)
    reader = PictureReader(PATIENT)
    try:
        assert not reader.can_find_faces
        assert reader.find_faces(encoded(four_corners()), thorough=True) == ()
        assert all(reader.protections().values())
    finally:
        reader.close()


def test_the_server_never_loads_opencv():
    look = "import sys, greetings.app, greetings.imaging; sys.exit('cv2' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0
