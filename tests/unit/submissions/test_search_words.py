"""By which words a greeting is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.submissions.rules import search_text
from greetings.submissions.search_words import WORD_LETTERS, choice_words, fts5_query, split_words, tsquery


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Дарагі Алесь, трымайся!", ["дарагі", "алесь", "трымайся"]),
        ("Сям’я і сям'я", ["сямя", "і"]),
        ("па-беларуску", ["па", "беларуску"]),
        ("нараджэння нараджэнне", ["нараджэння", "нараджэнне"]),
        ("солідарнасць солідарнасьць", ["солідарнас"]),
        ("🎂 50!", ["50"]),
        ("生日快乐 Alès", ["生", "日", "快", "乐", "ales"]),
        ("", []),
        ("…—«»", []),
    ],
)
def test_a_text_has_the_words_a_reader_sees(text: str, words: list[str]) -> None:
    assert split_words(search_text(text)) == words


@pytest.mark.parametrize(
    ("written", "looked_for"),
    [
        ("Мінск", "Минск"),
        ("Ніна і Віктар", "нина и виктар"),
        ("Київ", "киів"),
        ("ґанак", "ганак"),
        ("за\u0301мак", "замак"),
        ("Łódź", "Lodz"),
        ("Kraków", "krakow"),
        ("Zürich", "Zurich"),
        ("Vilnius, Šnipiškės", "vilnius snipiskes"),
        ("Tromsø", "tromso"),
        ("Nguyễn", "nguyen"),
        ("Straße", "strasse"),
        ("Reykjavík", "Reykjavi\u0301k"),
    ],
)
def test_a_word_is_found_from_a_keyboard_that_has_not_all_of_its_letters(
    written: str, looked_for: str
) -> None:
    assert split_words(search_text(written)) == split_words(search_text(looked_for))


def test_a_letter_of_our_alphabets_is_no_other_with_an_accent() -> None:
    assert split_words(search_text("мой")) != split_words(search_text("мои"))


@given(st.text(max_size=300))
def test_words_are_short_letters_and_never_a_sign_that_means_something(text: str) -> None:
    words = split_words(search_text(text))
    assert len(words) == len(set(words))
    for word in words:
        assert 0 < len(word) <= WORD_LETTERS
        assert not set(word) & set("\"'\\*()&|!:=<> \n\0")


@given(st.text(max_size=100))
def test_splitting_words_that_were_split_changes_nothing(text: str) -> None:
    words = split_words(search_text(text))
    assert split_words(" ".join(words)) == words


def test_nobody_can_type_a_choice() -> None:
    (choice,) = choice_words(country="LT")
    assert choice not in split_words(search_text(choice))


def test_each_database_is_asked_for_beginnings_of_short_words_and_for_whole_long_ones() -> None:
    words = ["раб", "нараджэння", "=clt"]
    assert fts5_query(words) == '"раб"* "нараджэння" "=clt"'
    assert tsquery(words) == "'раб':* & 'нараджэння' & '=clt'"
