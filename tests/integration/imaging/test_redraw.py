import pytest
from PIL import Image

from greetings.imaging import PictureRefused, Refusal
from tests.integration.imaging.drawing import (
    BLUE,
    GREEN,
    RED,
    WHITE,
    assert_bare,
    corner_colours,
    decoded,
    encoded,
    four_corners,
    is_near,
)

INK = (23, 20, 18)


@pytest.fixture(scope="module")
def master(reader) -> bytes:
    """A master as `take_in` makes it: 160 by 96 px, four colours."""
    data: bytes = reader.take_in(encoded(four_corners(), "PNG")).renditions["master"]
    return data


def colours(picture) -> list[tuple[int, ...]]:
    return corner_colours(decoded(picture))


def assert_colours(found, expected) -> None:
    for one, other in zip(found, expected, strict=True):
        assert is_near(one, other, 14), f"{found} where {expected} should be"


def test_a_cover_is_solid_ink_in_every_rendition(reader, master):
    picture = reader.redraw(master, covers=[(0, 0, 80, 48)])
    assert_bare(picture)
    for name in ("master", "display", "thumb"):
        shown = decoded(picture, name).crop((3, 3, 70, 40))
        for low, high in shown.getextrema():  # type: ignore[misc]
            assert high - low <= 6, "nothing may shine through"
        assert is_near(shown.getpixel((30, 20)), INK, 6)  # type: ignore[arg-type]
    assert_colours(colours(picture)[1:], [GREEN, BLUE, WHITE])


def test_several_covers_may_overlap_and_reach_over_the_edge(reader, master):
    picture = reader.redraw(master, covers=[(-50, -50, 80, 48), (60, 0, 5000, 48), (10**12, 0, 10**13, 9)])
    assert_colours(colours(picture), [INK, INK, BLUE, WHITE])


def test_a_cover_turned_inside_out_covers_nothing(reader, master):
    assert_colours(colours(reader.redraw(master, covers=[(80, 48, 0, 0)])), [RED, GREEN, BLUE, WHITE])


@pytest.mark.parametrize(
    ("quarter_turns", "expected", "size_px"),
    [
        (0, [RED, GREEN, BLUE, WHITE], (160, 96)),
        (1, [BLUE, RED, WHITE, GREEN], (96, 160)),
        (2, [WHITE, BLUE, GREEN, RED], (160, 96)),
        (3, [GREEN, WHITE, RED, BLUE], (96, 160)),
        (-1, [GREEN, WHITE, RED, BLUE], (96, 160)),
        (5, [BLUE, RED, WHITE, GREEN], (96, 160)),
    ],
)
def test_quarter_turns_go_with_the_clock(reader, master, quarter_turns, expected, size_px):
    picture = reader.redraw(master, quarter_turns=quarter_turns)
    assert (picture.width_px, picture.height_px) == size_px
    assert_colours(colours(picture), expected)


def test_a_crop_keeps_what_is_inside_and_is_clamped(reader, master):
    picture = reader.redraw(master, crop=(80, -5, 900, 48))
    assert (picture.width_px, picture.height_px) == (80, 48)
    assert_colours(colours(picture), [GREEN] * 4)


def test_covers_come_first_then_the_crop_then_the_turn(reader, master):
    picture = reader.redraw(master, covers=[(0, 0, 80, 48)], crop=(0, 0, 160, 48), quarter_turns=1)
    assert (picture.width_px, picture.height_px) == (48, 160)
    assert_colours(colours(picture), [INK, INK, GREEN, GREEN])


@pytest.mark.parametrize("crop", [(10, 10, 10, 20), (50, 50, 40, 60), (160, 0, 200, 96), (-9, -9, 0, 0)])
def test_a_crop_that_leaves_nothing_is_an_error_of_ours(reader, master, crop):
    with pytest.raises(ValueError, match="Nothing would be left"):
        reader.redraw(master, crop=crop)


def test_too_many_covers_are_an_error_of_ours(reader, master):
    with pytest.raises(ValueError, match="covers"):
        reader.redraw(master, covers=[(0, 0, 1, 1)] * 501)


@pytest.mark.parametrize("damage", [b"", b"GIF89a", b"\xff\xd8\xff\xd9"])
def test_a_master_that_is_none_is_refused(reader, damage):
    with pytest.raises(PictureRefused) as caught:
        reader.redraw(damage)
    assert caught.value.code is Refusal.BROKEN


def test_only_what_we_drew_ourselves_is_redrawn(reader):
    with pytest.raises(PictureRefused):
        reader.redraw(encoded(four_corners(), "JPEG", comment=b"not ours"))


def test_a_full_master_is_redrawn_at_its_size(reader):
    full = reader.take_in(encoded(Image.linear_gradient("L").resize((2600, 2000)).convert("RGB")))
    picture = reader.redraw(full.renditions["master"], covers=[(0, 0, 100, 100)])
    assert (picture.width_px, picture.height_px) == (full.width_px, full.height_px) == (2048, 1575)
