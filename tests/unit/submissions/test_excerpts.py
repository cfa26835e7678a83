"""The beginning of a greeting's words."""

from hypothesis import given
from hypothesis import strategies as st

from greetings.submissions.excerpts import excerpt, set_width, whole_sentences

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


@given(st.lists(st.text("абв", min_size=1, max_size=9), min_size=1, max_size=40))
def test_what_is_told_of_a_page_ends_with_a_sentence(words: list[str]) -> None:
    text = "  ".join(f"{word} Мы разам." for word in words)
    told = whole_sentences(text, 60)
    assert len(told) <= 60
    assert " ".join(text.split()).startswith(told)
    assert told.endswith("Мы разам.")


def test_as_many_sentences_are_told_as_have_room() -> None:
    assert whole_sentences("Адзін. «Два!» Тры? Чатыры", 18) == "Адзін. «Два!» Тры?"
    assert whole_sentences("Адзін. «Два!» Тры? Чатыры", 17) == "Адзін. «Два!»"
    assert whole_sentences("Адзін. «Два!» Тры? Чатыры", 99) == "Адзін. «Два!» Тры? Чатыры"


def test_a_place_in_an_address_ends_no_sentence() -> None:
    assert (
        whole_sentences("Пішыце: г. Бабруйск, вул. Сікорскага, 1, Магілёўская вобл.", 30)
        == "Пішыце: г. Бабруйск, вул…"
    )


def test_of_a_sentence_too_long_the_beginning_is_told() -> None:
    assert whole_sentences("Мы пра Вас помнім і чакаем дома ў Вільні.", 20) == "Мы пра Вас помнім і…"
