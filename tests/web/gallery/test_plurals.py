"""Figures with their nouns, in languages that have three forms of them."""

import re
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string
from wtforms import ValidationError

from greetings.gallery.counts import in_words
from greetings.submissions.forms import AtMost
from greetings.web.templating import number, percent
from tests.conftest import must_not_skip

TAGS = re.compile(r"<[^>]+>|[\d\s\u00a0,]+")


def words(app: Flask, language: str, greetings: int, countries: int = 0) -> str:
    """What is said besides the figures."""
    with app.test_request_context(f"/ales/{language}/"):
        app.preprocess_request()
        return " ".join(TAGS.sub(" ", in_words(greetings, countries)).split())


@pytest.mark.parametrize("language", ["be", "ru"])
def test_one_few_and_many_have_their_own_form(app: Flask, language: str) -> None:
    if words(app, language, 5) == words(app, "en", 5):
        must_not_skip(f"Nobody has translated these words into {language} yet.")
    one = {words(app, language, count) for count in (1, 21, 101)}
    few = {words(app, language, count) for count in (2, 3, 4, 22, 1284)}
    many = {words(app, language, count) for count in (5, 11, 12, 14, 111, 1000)}
    assert [len(form) for form in (one, few, many)] == [1, 1, 1]
    assert len(one | few | many) == 3
    assert words(app, language, 1284, 37) != words(app, language, 1284, 21)


def test_english_has_one_and_many(app: Flask) -> None:
    assert words(app, "en", 1, 0) == "greeting"
    assert words(app, "en", 1284, 37) == "greetings from countries"


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_one_country_is_not_counted(app: Flask, language: str) -> None:
    """A wall begins with “1 greeting”, not with “1 greeting from 1 country”."""
    for greetings in (1, 12):
        assert words(app, language, greetings, 1) == words(app, language, greetings, 0)
    assert words(app, language, 12, 2) != words(app, language, 12, 0)


@pytest.mark.parametrize(
    ("language", "figure"), [("be", "1\u00a0284"), ("ru", "1\u00a0284"), ("en", "1,284")]
)
def test_thousands_are_grouped_as_the_language_does(app: Flask, language: str, figure: str) -> None:
    with app.test_request_context(f"/ales/{language}/"):
        app.preprocess_request()
        assert number(1284) == figure


def test_too_much_by_thousands_is_said_so(app: Flask) -> None:
    with app.test_request_context("/ales/be/"):
        app.preprocess_request()
        with pytest.raises(ValidationError, match="не больш за 2\u00a0000 знакаў, а тут 1\u00a0284 лішнія"):
            AtMost(2000)(None, SimpleNamespace(data="я" * 3284))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "decimal", "share"),
    [("be", "48,7", "43\u00a0%"), ("ru", "48,7", "43\u00a0%"), ("en", "48.7", "43%")],
)
def test_decimals_and_shares_are_written_as_the_language_does(
    app: Flask, language: str, decimal: str, share: str
) -> None:
    with app.test_request_context(f"/ales/{language}/"):
        app.preprocess_request()
        assert number(48.7) == decimal
        assert percent(0.43) == share


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_a_size_stays_with_its_unit(app: Flask, language: str) -> None:
    sentence = "{{ _('This file is too large: %(size)s MB at most.', size=20) }}"
    with app.test_request_context(f"/ales/{language}/"):
        app.preprocess_request()
        assert re.search("20\u00a0[MМ][BБ]", render_template_string(sentence))
