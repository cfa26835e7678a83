"""The action that ships with the program."""

import re
from datetime import date

import pytest

from greetings.actions.defaults import DefaultActionBroken, default_actions, parse
from greetings.actions.rules import TEXT_NAMES, ActionState, dated_rows, rows
from greetings.languages import LANGUAGES

ALES = next(action for action in default_actions() if action.slug == "ales")
ALLOWED_LATIN = {"FIDH", "Libereco"}
SOURCE = """
slug = "x"
state = "open"
is_public = true
born_on = 1962-09-25
jubilee_age = 50
"""


def all_texts() -> list[tuple[str, str, str]]:
    return [(language, name, text) for language in LANGUAGES for name, text in ALES.texts[language].items()]


def test_the_action_ales_is_open_for_its_birthday() -> None:
    assert (ALES.state, ALES.is_public) == (ActionState.OPEN, True)
    assert (ALES.born_on, ALES.jubilee_age) == (date(1962, 9, 25), 50)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there(language: str) -> None:
    assert [name for name in TEXT_NAMES if not ALES.texts[language][name]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_says_that_it_is_an_example_and_that_he_is_free(language: str) -> None:
    notice = ALES.texts[language]["notice"]
    assert "2012" in notice
    assert re.search(r"13 (снежня|December|декабря) 2025", notice)


@pytest.mark.parametrize(("language", "name", "text"), all_texts())
def test_quotes_and_apostrophes_are_typographic(language: str, name: str, text: str) -> None:
    assert not set(text) & set("\"'`"), (language, name)
    if language != "en":
        assert not set(text) & set("“”"), (language, name)


@pytest.mark.parametrize(("language", "name", "text"), all_texts())
def test_letters_belong_to_the_language(language: str, name: str, text: str) -> None:
    letters = set(text.casefold())
    if language == "be":
        assert not letters & set("ищъ"), name
    if language == "ru":
        assert not letters & set("іў"), name
    latin = set(re.findall(r"[A-Za-z]+", text))
    if language == "en":
        assert not any("а" <= letter <= "я" for letter in letters), name
    else:
        assert latin <= ALLOWED_LATIN, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_address_is_one_that_fits_an_envelope(language: str) -> None:
    address = rows(ALES.texts[language]["address"])
    assert len(address) == 5
    assert any("213807" in row for row in address)
    assert all(len(row) <= 40 for row in address)


def test_the_years_are_told_alike_in_all_languages() -> None:
    told = {
        language: [re.findall(r"\d{4}", when) for when, _ in dated_rows(ALES.texts[language]["years"])]
        for language in LANGUAGES
    }
    assert told["be"] == told["en"] == told["ru"] == [["2012"], ["2014"], ["2021"], ["2022"], ["2025"]]


def test_a_data_file_without_texts_is_refused() -> None:
    with pytest.raises(DefaultActionBroken, match="title"):
        parse(SOURCE)


def test_a_data_file_with_an_unknown_text_is_refused() -> None:
    words = "\n".join(f'{name} = "x"' for name in TEXT_NAMES)
    sections = "\n".join(f"[{language}]\n{words}" for language in LANGUAGES)
    assert parse(f"{SOURCE}\n{sections}").slug == "x"
    with pytest.raises(DefaultActionBroken, match="subtitle"):
        parse(f'{SOURCE}\n{sections}\nsubtitle = "x"')
