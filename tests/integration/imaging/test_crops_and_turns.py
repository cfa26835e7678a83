"""What the boxes of AVIF and HEIC say: a crop hides what was cropped away, a turn is made once."""

import io

import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from greetings.imaging import PictureRefused, Refusal
from greetings.imaging.boxes import BadBoxes, tell
from tests.integration.imaging.drawing import (
    BLUE,
    GREEN,
    RED,
    WHITE,
    box,
    clap,
    corner_colours,
    decoded,
    encoded,
    four_corners,
    is_near,
    with_boxes,
)

SECRET = (250, 0, 250)


def avif(picture: Image.Image, **save) -> bytes:
    return encoded(picture, "AVIF", quality=95, subsampling="4:4:4", **save)


def heic(picture: Image.Image, **save) -> bytes:
    held = io.BytesIO()
    pillow_heif.from_pillow(picture).save(held, format="HEIF", quality=95, chroma="444", **save)
    return held.getvalue()


both = pytest.mark.parametrize("make", [avif, heic])


def framed() -> Image.Image:
    """Four corners within a frame of a colour that must not be seen."""
    picture = Image.new("RGB", (256, 192), SECRET)
    picture.paste(four_corners(), (64, 32))
    return picture


def shown(picture) -> list[tuple[int, ...]]:
    return corner_colours(decoded(picture))


def assert_upright(picture, size_px=(160, 96)) -> None:
    assert (picture.width_px, picture.height_px) == size_px
    for found, expected in zip(shown(picture), (RED, GREEN, BLUE, WHITE), strict=True):
        assert is_near(found, expected, 14)


@both
def test_what_was_cropped_away_is_not_shown(reader, make):
    # the frame is 64 wide at the left and 32 at the right: the middle of what is left lies 16 px to the right
    picture = reader.take_in(with_boxes(make(framed()), clap(160, 96, across=32, down=-32)))
    assert_upright(picture)
    for name in ("master", "display", "thumb"):
        image = decoded(picture, name)
        colours = image.getcolors(image.width * image.height) or []
        assert not any(is_near(colour, SECRET, 90) for _, colour in colours)  # type: ignore[arg-type]


@both
def test_the_crop_comes_before_the_turn(reader, make):
    turned = framed().transpose(Image.Transpose.ROTATE_270)
    data = with_boxes(make(turned), clap(96, 160, across=32, down=32), box(b"irot", b"\1"))
    assert_upright(reader.take_in(data))


@pytest.mark.parametrize(
    "crop",
    [clap(300, 96), clap(160, 96, across=200), clap(0, 10), box(b"clap", bytes(32)), box(b"clap", b"")],
)
def test_an_avif_with_a_crop_that_cannot_be_made_is_refused(reader, crop):
    with pytest.raises(PictureRefused) as caught:
        reader.take_in(with_boxes(avif(framed()), crop))
    assert caught.value.code is Refusal.BROKEN


UPRIGHT = b"\x01\x12\0\3\0\0\0\1\0\1"
UPRIGHT_EXIF = b"Exif\0\0MM\0*\0\0\0\x08\0\1" + UPRIGHT + bytes(6)
ANGLES = {0: None, 1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}
MIRRORS = {None: None, 0: Image.Transpose.FLIP_TOP_BOTTOM, 1: Image.Transpose.FLIP_LEFT_RIGHT}


@both
@pytest.mark.parametrize("angle", ANGLES)
@pytest.mark.parametrize("mirror", MIRRORS)
@pytest.mark.parametrize("orientation", [1, 6])
def test_every_turn_and_mirror_is_made_once_whatever_the_exif_says(reader, make, angle, mirror, orientation):
    drawn = four_corners()
    if MIRRORS[mirror] is not None:
        drawn = drawn.transpose(MIRRORS[mirror])
    if ANGLES[angle] is not None:
        drawn = drawn.transpose(ANGLES[angle])
    boxes = [box(b"irot", bytes([angle]))]
    if mirror is not None:
        boxes.append(box(b"imir", bytes([mirror])))
    data = with_boxes(make(drawn, exif=UPRIGHT_EXIF), *boxes)
    # written afterwards: the encoders would turn an orientation into boxes of their own
    assert_upright(reader.take_in(data.replace(UPRIGHT, UPRIGHT[:-1] + bytes([orientation]))))


@pytest.mark.parametrize("brand", [b"mif1", b"msf1", b"mif2", b"miaf", b"tmap"])
@both
def test_a_file_under_a_brand_that_both_share_is_opened_by_what_is_in_it(reader, make, brand):
    data = make(four_corners())
    assert_upright(reader.take_in(data[:8] + brand + data[12:]))


def test_a_crop_of_half_a_pixel_shows_less_and_never_more():
    assert tell(with_boxes(avif(framed()), clap(99, 51)), 256, 192).crop == (79, 71, 177, 121)


def test_without_boxes_nothing_is_told():
    assert tell(avif(four_corners()), 160, 96).crop is None
    assert tell(b"", 1, 1).crop is None


WHOLE = with_boxes(avif(four_corners(32, 32)), clap(16, 16))


@given(st.data())
def test_boxes_that_were_tampered_with_are_read_or_refused(data):
    changed = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 6))):
        changed[data.draw(st.integers(0, len(WHOLE) - 1))] = data.draw(st.integers(0, 255))
    try:
        crop = tell(bytes(changed), 32, 32).crop
    except BadBoxes:
        return
    if crop is not None:
        left, top, right, bottom = crop
        assert 0 <= left < right <= 32
        assert 0 <= top < bottom <= 32
