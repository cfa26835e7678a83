import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.imaging import DISPLAY, MASTER, RENDITIONS, THUMB, fitted
from greetings.imaging.renditions import LEAST_MASTER_EDGE_PX, jpeg_divisor, whole_divisor

lengths_px = st.integers(1, 60_000)


@given(lengths_px, lengths_px, st.integers(1, 4096))
def test_a_fitted_picture_is_never_enlarged_never_empty_and_never_too_long(width_px, height_px, edge_px):
    width, height = fitted(width_px, height_px, edge_px)
    assert 1 <= width <= min(width_px, edge_px)
    assert 1 <= height <= min(height_px, edge_px)
    assert max(width, height) == min(max(width_px, height_px), edge_px)


@given(lengths_px, lengths_px, st.integers(1, 4096))
def test_fitting_keeps_the_proportions_to_half_a_pixel(width_px, height_px, edge_px):
    width, height = fitted(width_px, height_px, edge_px)
    scale = max(width, height) / max(width_px, height_px)
    assert abs(width - width_px * scale) <= 0.5 or width == 1
    assert abs(height - height_px * scale) <= 0.5 or height == 1


@given(lengths_px, lengths_px, st.integers(1, 4096))
def test_fitting_twice_changes_nothing(width_px, height_px, edge_px):
    once = fitted(width_px, height_px, edge_px)
    assert fitted(*once, edge_px) == once


@pytest.mark.parametrize(
    ("long_edge_px", "divisor"),
    [(480, 1), (3264, 1), (3839, 1), (3840, 2), (4032, 2), (7679, 2), (8160, 4), (15360, 8), (65500, 8)],
)
def test_the_decoder_halves_only_while_the_master_stays_worth_printing(long_edge_px, divisor):
    assert jpeg_divisor(long_edge_px) == divisor


@given(lengths_px)
def test_shrinking_by_a_whole_number_leaves_enough_to_print_and_less_than_twice_that(long_edge_px):
    left_px = long_edge_px / whole_divisor(long_edge_px)
    assert left_px >= min(long_edge_px, LEAST_MASTER_EDGE_PX)
    assert left_px < LEAST_MASTER_EDGE_PX * 2


def test_the_three_renditions_are_what_the_printer_the_page_and_the_wall_need():
    assert [(each.name, each.edge_px, each.format, each.quality, each.suffix) for each in RENDITIONS] == [
        ("master", 2048, "JPEG", 85, ".jpg"),
        ("display", 1280, "WEBP", 80, ".webp"),
        ("thumb", 480, "WEBP", 80, ".webp"),
    ]
    assert (MASTER, DISPLAY, THUMB) == RENDITIONS
