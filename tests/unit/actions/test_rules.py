"""Birthdays, texts and names of actions."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.actions.rules import (
    MAY_BE_EMPTY,
    TEXT_NAMES,
    ActionState,
    age_at_next_birthday,
    dated_rows,
    days_left,
    is_accepting,
    is_slug,
    missing_texts,
    next_birthday,
    paragraphs,
)

SEPTEMBER = date(1962, 9, 25)
LEAP_DAY = date(1988, 2, 29)
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1))


@pytest.mark.parametrize(
    ("born", "today", "left"),
    [
        (SEPTEMBER, date(2026, 9, 25), 0),
        (SEPTEMBER, date(2026, 9, 24), 1),
        (SEPTEMBER, date(2026, 9, 26), 364),
        (SEPTEMBER, date(2027, 9, 26), 365),  # 2028 has a 29 February
        (date(1970, 1, 1), date(2026, 12, 31), 1),
        (date(1970, 12, 31), date(2027, 1, 1), 364),
        (LEAP_DAY, date(2027, 2, 28), 1),
        (LEAP_DAY, date(2027, 3, 1), 0),
        (LEAP_DAY, date(2028, 2, 28), 1),
        (LEAP_DAY, date(2028, 2, 29), 0),
        (LEAP_DAY, date(2028, 3, 1), 365),
    ],
)
def test_the_countdown_ends_on_the_birthday(born: date, today: date, left: int) -> None:
    assert days_left(born, today) == left


@given(born=days, today=days)
def test_the_next_birthday_is_less_than_a_leap_year_away_and_never_past(born: date, today: date) -> None:
    day = next_birthday(born, today)
    assert today <= day <= today + timedelta(days=366)
    assert (day.month, day.day) in {(born.month, born.day), (3, 1)}


@given(born=days, years=st.integers(min_value=1, max_value=110))
def test_everyone_turns_their_age_on_the_day_itself(born: date, years: int) -> None:
    day = next_birthday(born, date(born.year + years, 1, 1))
    assert age_at_next_birthday(born, day) == years


def test_greetings_are_taken_while_open_and_after_a_release() -> None:
    accepting = {state for state in ActionState if is_accepting(state)}
    assert accepting == {ActionState.OPEN, ActionState.RELEASED}


def test_a_text_of_spaces_counts_as_missing() -> None:
    texts = {**dict.fromkeys(TEXT_NAMES, "words"), "title": " \n ", "notice": ""}
    assert missing_texts(texts) == ["title"]


def test_what_may_be_empty_is_never_missed() -> None:
    assert set(missing_texts({})) == set(TEXT_NAMES) - MAY_BE_EMPTY


def test_an_empty_line_parts_paragraphs_and_a_single_one_does_not() -> None:
    assert paragraphs("one\nstill one\n\n \n two ") == ["one still one", "two"]


def test_rows_of_years_need_not_have_a_date() -> None:
    assert dated_rows("2014 | Free.\n\nAnd again.") == [("2014", "Free."), ("", "And again.")]


@pytest.mark.parametrize("name", ["ales", "ales-2027", "7", "desk-2027", "media-x"])
def test_names_that_can_stand_in_an_address(name: str) -> None:
    assert is_slug(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "-a",
        "Ales",
        "алесь",
        "a/b",
        "a.b",
        "a" * 41,
        "desk",
        "embed",
        "static",
        "media",
        "healthz",
        "metrics",
        "a\n",
    ],
)
def test_names_that_can_not(name: str) -> None:
    assert not is_slug(name)
