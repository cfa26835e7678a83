"""Rules of the desk: covers, cursors, days."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.moderation.rules import (
    Cover,
    CoverUnclear,
    DecidedPlace,
    cover_from,
    number_from,
    place_from,
    whole_days,
)

shares = st.floats(0, 100)
edges = st.integers(1, 9000)
moments = st.integers(1, 10**17).map(
    lambda microseconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
)


@given(shares, shares, st.floats(0.01, 100), st.floats(0.01, 100), edges, edges)
def test_a_box_lies_inside_its_picture_and_is_never_empty(left, top, width, height, width_px, height_px):
    box = Cover(left, top, width, height).box_px(width_px, height_px)
    assert 0 <= box[0] < box[2] <= width_px
    assert 0 <= box[1] < box[3] <= height_px


@given(st.floats(0, 99), st.floats(0, 99), st.floats(0.01, 100), st.floats(0.01, 100), edges, edges)
def test_a_box_covers_at_least_what_was_drawn(left, top, width, height, width_px, height_px):
    box = Cover(left, top, width, height).box_px(width_px, height_px)
    slack = 1e-6
    assert box[0] <= left * width_px / 100 + slack
    assert box[1] <= top * height_px / 100 + slack
    assert box[2] >= min((left + width) * width_px / 100, width_px) - slack
    assert box[3] >= min((top + height) * height_px / 100, height_px) - slack


@given(st.tuples(*[st.text(max_size=30) | st.floats().map(str) for _ in range(4)]))
def test_whatever_is_typed_is_a_cover_or_nothing_or_unclear(typed):
    try:
        cover = cover_from(*typed)
    except CoverUnclear:
        return
    if cover is None:
        assert not any(text.strip() for text in typed)
    else:
        assert 0 <= cover.left < cover.left + cover.width <= 100 + 1e-9
        assert 0 <= cover.top < cover.top + cover.height <= 100 + 1e-9


@pytest.mark.parametrize(
    ("typed", "cover"),
    [
        (("10", "20", "30", "40"), Cover(10, 20, 30, 40)),
        ((" 10,5 ", "20", "30", "40"), Cover(10.5, 20, 30, 40)),
        (("-5", "-5", "10", "10"), Cover(0, 0, 5, 5)),
        (("95", "95", "10", "10"), Cover(95, 95, 5, 5)),
        (("", " ", "", ""), None),
    ],
)
def test_covers_are_read_as_people_type_them(typed, cover):
    assert cover_from(*typed) == cover


@pytest.mark.parametrize(
    "typed",
    [
        ("10", "", "", ""),
        ("a", "b", "c", "d"),
        ("0", "0", "0", "5"),
        ("0", "0", "-3", "5"),
        ("nan", "0", "5", "5"),
        ("inf", "0", "5", "5"),
        ("100", "0", "5", "5"),
        ("0", "0", "101", "5"),
    ],
)
def test_what_is_no_rectangle_is_not_guessed(typed):
    with pytest.raises(CoverUnclear):
        cover_from(*typed)


@given(st.none() | moments, st.integers(0, 2**63 - 1))
def test_a_cursor_leads_back_to_its_place(decided_at, sequence):
    place = DecidedPlace(decided_at, sequence)
    assert place_from(place.cursor()) == place


@given(st.text(max_size=60))
def test_any_text_is_a_place_or_nothing(untrusted):
    place = place_from(untrusted)
    assert place is None or 0 <= place.sequence < 2**63


@pytest.mark.parametrize(
    "untrusted", ["", "-", "1", "1-", "-1-1", "1-2-3", "٣-٣", "9" * 25 + "-1", "9" * 24 + "-1"]
)
def test_what_is_no_cursor_of_ours_is_nothing(untrusted):
    assert place_from(untrusted) is None


@given(st.text(max_size=30))
def test_a_number_out_of_an_address_fits_its_column(untrusted):
    number = number_from(untrusted)
    assert number is None or 0 <= number < 2**63


def test_days_are_counted_by_midnights():
    late = datetime(2026, 9, 18, 23, 0, tzinfo=UTC)
    assert whole_days(late, late) == 0
    assert whole_days(late, late + timedelta(hours=1)) == 1
    assert whole_days(late, late + timedelta(days=3)) == 3
    assert whole_days(late, late - timedelta(days=3)) == 0
