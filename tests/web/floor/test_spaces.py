"""In Belarusian and Russian no line of a page ends in a word of one or two letters: typographic care for our own sentences."""

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.pages import PageClient, tree_of

SHORT_WORD = re.compile(r"(?<![\w’'\u2060-])[а-яёіў]{1,2} (?=\w)", re.IGNORECASE)
NEVER_SET = {"script", "style", "option", "textarea", "title"}


@pytest.mark.parametrize("language", ["be", "ru"])
@pytest.mark.parametrize("path", ["send", "receipt", "privacy", "greetings/"])
def test_a_short_word_stays_with_the_next_one(client: PageClient, language: str, path: str):
    assert not torn(client.get(f"/ales/{language}/{path}"), SHORT_WORD)


@pytest.mark.parametrize("language", ["be", "ru"])
def test_also_where_a_greeting_is_refused(client: PageClient, language: str):
    assert not torn(client.post(f"/ales/{language}/send", data={"children": "1"}), SHORT_WORD)


def test_a_size_stays_with_its_unit_in_english_too(app: Flask):
    with app.test_request_context("/ales/en/send"):
        said = app.jinja_env.filters["unbroken"]("The file is larger than 20 MB.")
    assert "20\u00a0MB" in said


def torn(page: TestResponse, pattern: re.Pattern[str]) -> list[str]:
    main = tree_of(page).find(".//main")
    assert main is not None
    texts = (
        text
        for element in main.iter()
        if element.tag not in NEVER_SET
        for text in (element.text or "", element.tail or "")
    )
    return [text for text in texts if pattern.search(text)]
