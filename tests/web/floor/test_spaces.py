"""In Belarusian and Russian no line of a page ends in a word of one or two letters: typographic care for our own sentences."""

import re

import pytest

from tests.pages import PageClient, tree_of

SHORT_WORD = re.compile(r"(?<![\w’'\u2060-])[а-яёіў]{1,2} (?=\w)", re.IGNORECASE)
NEVER_SET = {"script", "style", "option", "textarea", "title"}


@pytest.mark.parametrize("language", ["be", "ru"])
@pytest.mark.parametrize("path", ["send", "receipt", "privacy", "greetings/"])
def test_a_short_word_stays_with_the_next_one(client: PageClient, language: str, path: str):
    main = tree_of(client.get(f"/ales/{language}/{path}")).find(".//main")
    assert main is not None
    torn = [
        text
        for element in main.iter()
        if element.tag not in NEVER_SET
        for text in (element.text or "", element.tail or "")
        if SHORT_WORD.search(text)
    ]
    assert not torn, torn
