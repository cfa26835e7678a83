"""In which language words are: claimed only when they say so themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.submissions.languages import description_language, text_language


@pytest.mark.parametrize(
    ("text", "form", "language"),
    [
        ("Трымайся, браце, усё будзе добра ў нас", "ru", "be"),
        ("З днём нараджэння, Алесь!", "be", "be"),
        ("Чакаем на гарбату з варэннем і мёдам", "en", "be"),
        ("С днём рождения! Обнимаем.", "be", "ru"),
        ("Здоровья и сил", "ru", "ru"),
        ("Вітаємо з днем народження!", "be", "uk"),
        ("Тримайся!", "en", ""),
        ("Sto lat, Aleś!", "en", ""),
        ("Joyeux anniversaire", "be", ""),
        ("Happy birthday from Cork", "en", "en"),
        ("Happy birthday from Cork", "be", ""),
        ("50!", "be", ""),
        ("", "ru", ""),
    ],
)
def test_a_language_is_claimed_only_when_its_letters_say_so(text: str, form: str, language: str) -> None:
    assert text_language(text, form) == language


@given(st.text(max_size=300), st.sampled_from(["be", "en", "ru"]))
def test_a_claimed_language_is_one_that_has_all_letters(text: str, form: str) -> None:
    language = text_language(text, form)
    letters = set(text.casefold())
    assert language in {"", "be", "en", "ru", "uk"}
    assert not (language == "be" and letters & set("иї"))
    assert not (language == "ru" and letters & set("іўї"))


@pytest.mark.parametrize(
    ("description", "form_language", "expected"),
    [
        ("Two people with a poster: “З днём нараджэння, Аўгіння!”", "en", "en"),
        ("Жанчына трымае аркуш: «Happy Birthday, Ales!»", "be", "be"),
        ("Женщина держит плакат «З днём нараджэння, Алесь, з любоўю!»", "ru", "ru"),
        ('A poster behind two hands: "Жыве надзея ў нас"', "en", "en"),
        ("Kobieta trzyma plakat „Жыве ўсё”", "en", ""),
        ("«Толькі словы»", "be", ""),
        ("", "be", ""),
    ],
)
def test_what_stands_on_a_poster_does_not_say_in_which_language_it_is_described(
    description: str, form_language: str, expected: str
):
    assert description_language(description, form_language) == expected
