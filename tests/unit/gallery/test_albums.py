"""Several pictures of one greeting, in rows across its sheet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.gallery.albums import album_rows, is_album

ACROSS, UPRIGHT, SQUARE = 1.5, 2 / 3, 1.0
ratios = st.lists(st.floats(0.05, 20.0), min_size=2, max_size=10)


@pytest.mark.parametrize(
    ("shapes", "rows"),
    [
        ([ACROSS, ACROSS], [2]),
        ([ACROSS, UPRIGHT, SQUARE], [3]),
        ([UPRIGHT, UPRIGHT, UPRIGHT], [3]),
        ([ACROSS, ACROSS, ACROSS, ACROSS], [2, 2]),
        ([UPRIGHT, ACROSS, ACROSS, ACROSS, SQUARE], [3, 2]),
        ([ACROSS, UPRIGHT, ACROSS, SQUARE, UPRIGHT, ACROSS], [3, 3]),
    ],
)
def test_rows_are_about_equally_high(shapes: list[float], rows: list[int]) -> None:
    assert [len(shapes[row]) for row in album_rows(shapes)] == rows


@given(ratios)
def test_every_picture_is_shown_once_and_in_its_order(shapes: list[float]) -> None:
    assert [shape for row in album_rows(shapes) for shape in shapes[row]] == shapes


@pytest.mark.parametrize(
    ("shapes", "is_one"),
    [
        ([], False),
        ([ACROSS], False),
        ([2.5], True),
        ([UPRIGHT, UPRIGHT], False),
        ([UPRIGHT, SQUARE], False),
        ([ACROSS, UPRIGHT], True),
        ([ACROSS, ACROSS], True),
        ([UPRIGHT, UPRIGHT, UPRIGHT], True),
    ],
)
def test_one_or_two_upright_ones_stand_beside_the_words(shapes: list[float], is_one: bool) -> None:
    assert is_album([(round(shape * 900), 900) for shape in shapes]) == is_one


def test_few_pixels_are_not_stretched_over_a_whole_sheet() -> None:
    assert not is_album([(200, 60)])
    assert not is_album([(60, 40), (60, 40)])
    assert is_album([(60, 40)] * 3)
