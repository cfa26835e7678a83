"""Text of others beside our own: clean, and with spaces that hold."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.web.typography import NO_BREAK, clean, typeset


@given(st.text(max_size=300), st.booleans())
def test_clean_text_is_settled_and_harmless(text: str, lines: bool):
    kept = clean(text, lines=lines)
    assert clean(kept, lines=lines) == kept
    assert "\x00" not in kept
    categories = {unicodedata.category(letter) for letter in kept if letter not in "\n\u200c\u200d"}
    assert not categories & {"Cc", "Cf", "Cs", "Co", "Cn"}
    assert "\n\n\n" not in kept
    if not lines:
        assert "\n" not in kept
    kept.encode()


@given(st.text(alphabet="абвгдеёжзійклмнопрстуўфхцчшыьэюя ’«»,.!", max_size=200))
def test_belarusian_letters_pass_unharmed(text: str):
    assert clean(text) == " ".join(text.split())


def test_paragraphs_stay_where_lines_are_wanted():
    assert clean("Дарагі Алесь!\r\n\r\n\r\n\r\nЧакаем.  ", lines=True) == "Дарагі Алесь!\n\nЧакаем."


def test_an_override_cannot_turn_the_neighbour_around():
    assert clean("abc\u202egnp.exe\u2069") == "abcgnp.exe"


def test_stacks_of_marks_are_cut():
    assert len(clean("Z" + "\u0301" * 50)) < 8


def test_emoji_families_hold_together():
    assert clean("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("З днём нараджэння", "be", f"З{NO_BREAK}днём нараджэння"),
        ("Мы з вамі", "be", f"Мы{NO_BREAK}з{NO_BREAK}вамі"),
        ("37 краін", "be", f"37{NO_BREAK}краін"),
        ("атрад № 14", "be", f"атрад №{NO_BREAK}14"),
        ("С днём рождения", "ru", f"С{NO_BREAK}днём рождения"),
        ("I am a friend", "en", f"I{NO_BREAK}am a{NO_BREAK}friend"),
        ("we go on", "en", "we go on"),
    ],
)
def test_short_words_stay_with_what_they_belong_to(text: str, language: str, wanted: str):
    assert typeset(text, language) == wanted


@given(st.text(max_size=200), st.sampled_from(["be", "en", "ru"]))
def test_setting_type_changes_nothing_but_spaces(text: str, language: str):
    assert typeset(text, language).replace(NO_BREAK, " ").replace(" ", "") == text.replace(
        NO_BREAK, " "
    ).replace(" ", "")
