"""The beginning of a greeting's words."""

from hypothesis import given
from hypothesis import strategies as st

from greetings.submissions.excerpts import excerpt, set_width

LONGEST = 290


@given(st.text(min_size=1, max_size=700))
def test_an_excerpt_fits_its_place_and_is_the_beginning_of_the_text(text: str) -> None:
    cut = excerpt(text, LONGEST)
    assert set_width(cut.text) <= LONGEST
    flat = " ".join(text.split())
    assert flat.startswith(cut.text.removesuffix("…") if cut.is_cut else cut.text)
    assert cut.is_cut == (cut.text != flat)


@given(st.lists(st.text("абвгдежз", min_size=1, max_size=9), min_size=80, max_size=120))
def test_an_excerpt_ends_behind_a_whole_word(words: list[str]) -> None:
    cut = excerpt(" ".join(words), LONGEST)
    if cut.is_cut:
        assert cut.text.removesuffix("…").split() == words[: len(cut.text.split())]


def test_an_excerpt_that_ends_with_a_sentence_has_three_dots_and_not_four() -> None:
    assert excerpt("Мы разам. " * 100, 40).text == "Мы разам. Мы разам. Мы разам. Мы разам…"


def test_a_word_without_end_is_cut_all_the_same() -> None:
    cut = excerpt("ы" * 2000, LONGEST)
    assert cut.is_cut
    assert len(cut.text) == LONGEST
