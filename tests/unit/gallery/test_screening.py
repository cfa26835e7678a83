"""Slides for a hall: names read strictly, every slide comes round, words fit their card."""

from hypothesis import given
from hypothesis import strategies as st

from greetings.gallery.screening import (
    LEAST_SECONDS,
    MOST_SECONDS,
    WORDS,
    SlideName,
    find_slide_name,
    next_slide,
    screen_words,
    seconds_to_read,
    size_class,
)
from greetings.ids import ALPHABET, ID_LENGTH

ids = st.text(ALPHABET, min_size=ID_LENGTH, max_size=ID_LENGTH)


@given(greeting_id=ids, position=st.integers(WORDS, 9))
def test_a_name_is_read_as_it_was_written(greeting_id: str, position: int) -> None:
    name = SlideName(greeting_id, position)
    assert find_slide_name(str(name)) == name


@given(untrusted_name=st.text())
def test_any_other_name_is_no_slide(untrusted_name: str) -> None:
    found = find_slide_name(untrusted_name)
    assert found is None or str(found) == untrusted_name or untrusted_name.partition("-")[2].startswith("0")


@given(slides=st.lists(st.uuids().map(str), min_size=1, max_size=30, unique=True))
def test_every_slide_comes_round_before_one_comes_again(slides: list[str]) -> None:
    shown = next_slide(slides, None)
    seen = []
    for _ in slides:
        assert shown is not None
        seen.append(shown)
        shown = next_slide(slides, shown)
    assert seen == slides
    assert shown == slides[0]


def test_a_slide_taken_back_leads_to_the_newest() -> None:
    assert next_slide(["new", "old"], "gone") == "new"
    assert next_slide([], "gone") is None


@given(text=st.text(max_size=2000))
def test_words_are_short_enough_to_be_read_and_stay_long_enough(text: str) -> None:
    words = screen_words(text, beside_picture=False)
    assert size_class(words) in {"s1", "s2", "s3", "s4", "s5"}
    assert LEAST_SECONDS <= seconds_to_read(words) <= MOST_SECONDS
    assert len(screen_words(text, beside_picture=True)) <= len(words)


def test_longer_words_are_set_smaller() -> None:
    assert [size_class("а" * length) for length in (10, 60, 150, 300, 600)] == ["s1", "s2", "s3", "s4", "s5"]
