from datetime import date

import pytest

from greetings.actions.models import Action, ActionText
from greetings.posters.wording import site_address, words_of, years_word


def action(**words: str) -> Action:
    texts = {
        "title": "З днём нараджэння!",
        "poster_lines": "З днём\nнараджэння,\nАлесь!",
        "poster_from": "Ад каго",
        "town": "Бабруйск",
        "country": "Беларусь",
        **words,
    }
    return Action(
        slug="ales",
        born_on=date(1962, 9, 5),
        jubilee_age=50,
        texts=[ActionText(language="be", words=texts)],
    )


@pytest.mark.parametrize(
    ("age", "be", "ru", "en"),
    [
        (1, "год", "год", "year"),
        (22, "гады", "года", "years"),
        (50, "гадоў", "лет", "years"),
        (101, "год", "год", "years"),
    ],
)
def test_years_stand_in_the_form_their_figure_asks_for(age, be, ru, en):
    assert (years_word(age, "be"), years_word(age, "ru"), years_word(age, "en")) == (be, ru, en)


def test_the_words_are_the_organisers_own():
    words = words_of(action(), "be", "https://birthday.example")
    assert words.headline == ("З\u00a0днём", "нараджэння,", "Алесь!")
    assert (words.stamp_above, words.age, words.stamp_below) == ("5 верасня", 50, "гадоў")
    assert (words.town, words.country, words.day) == ("Бабруйск", "Беларусь", "5.09")
    assert words.sender_label == "Ад каго"
    assert words.foot == "birthday.example/ales"


def test_without_a_headline_the_title_stands_there():
    assert words_of(action(poster_lines=""), "be", "").headline == ("З\u00a0днём нараджэння!",)


def test_more_than_four_rows_are_not_a_headline():
    assert len(words_of(action(poster_lines="а\nб\nв\nг\nд\nе"), "be", "").headline) == 4


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://birthday.example", "birthday.example/ales"),
        ("https://birthday.example:8443", "birthday.example:8443/ales"),
        ("http://expyuzz4wqqyqhjn.onion", "expyuzz4wqqyqhjn.onion/ales"),
        ("http://9.9.9.9:8000", "9.9.9.9:8000/ales"),
        ("http://127.0.0.1:8000", ""),
        ("http://[::1]:8000", ""),
        ("http://192.168.1.20", ""),
        ("http://localhost:8000", ""),
        ("http://server.local", ""),
        ("", ""),
    ],
)
def test_only_an_address_that_leads_somewhere_stands_on_paper(url, address):
    assert site_address(url, "ales") == address
