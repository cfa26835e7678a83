"""Text of others and our own, with spaces that hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.web.typography import NO_BREAK, typeset, whole_compounds


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("З днём нараджэння", "be", f"З{NO_BREAK}днём нараджэння"),
        ("Калі ласка, калі вы тут", "be", f"Калі{NO_BREAK}ласка, калі вы{NO_BREAK}тут"),
        ("Мы з вамі", "be", f"Мы{NO_BREAK}з{NO_BREAK}вамі"),
        ("37 краін", "be", f"37{NO_BREAK}краін"),
        ("атрад № 14", "be", f"атрад №{NO_BREAK}14"),
        ("С днём рождения", "ru", f"С{NO_BREAK}днём рождения"),
        ("I am a friend", "en", f"I{NO_BREAK}am a{NO_BREAK}friend"),
        ("we go on", "en", "we go on"),
        ("13 снежня 2025 года", "be", "13 снежня 2025 года".replace(" ", NO_BREAK)),
        ("Верасень 2012", "be", f"Верасень{NO_BREAK}2012"),
        ("13 декабря 2025 года", "ru", "13 декабря 2025 года".replace(" ", NO_BREAK)),
        ("25 September 1962.", "en", "25 September 1962.".replace(" ", NO_BREAK)),
        ("We may 100 times", "en", f"We may 100{NO_BREAK}times"),
        ("адрас пошты — не", "be", f"адрас пошты{NO_BREAK}— не"),
        ("кожны — за іншых", "be", f"кожны{NO_BREAK}— за{NO_BREAK}іншых"),
        ("свабода – гэта", "be", f"свабода{NO_BREAK}– гэта"),
        ("— Ales, friend", "en", "— Ales, friend"),
    ],
)
def test_short_words_stay_with_what_they_belong_to(text: str, language: str, wanted: str):
    assert typeset(text, language) == wanted


@given(st.text(max_size=200), st.sampled_from(["be", "en", "ru"]))
def test_setting_type_changes_nothing_but_spaces(text: str, language: str):
    assert typeset(text, language).replace(NO_BREAK, " ").replace(" ", "") == text.replace(
        NO_BREAK, " "
    ).replace(" ", "")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("па-беларуску", "па-\u2060беларуску"),
        ("ждёт согласия ещё кого-то.", "ждёт согласия ещё кого-\u2060то."),
        ("у 2022-м", "у 2022-\u2060м"),
        ("by e-mail", "by e-\u2060mail"),
        ("1962-09-25", "1962-\u206009-\u206025"),
        ("хто-небудзь", "хто-небудзь"),
        ("375-29-1234567", "375-29-1234567"),
    ],
)
def test_what_is_too_short_for_a_line_of_its_own_stays_with_its_hyphen(text: str, wanted: str):
    assert whole_compounds(text) == wanted
