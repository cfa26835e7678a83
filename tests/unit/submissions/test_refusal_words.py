"""Every refusal is said in words."""

import pytest
from flask import Flask
from flask_babel import Babel

from greetings.imaging import PictureRefused, Refusal
from greetings.submissions.refusal_words import about_file, sentence

FACTS = {
    Refusal.TOO_MANY_BYTES: {"max_bytes": 20_000_000},
    Refusal.TOO_MANY_PIXELS: {"max_pixels": 50_000_000},
    Refusal.EDGE_TOO_LONG: {"max_edge_px": 20_000},
    Refusal.TOOK_TOO_LONG: {"max_seconds": 10},
}


@pytest.fixture
def in_a_request():
    app = Flask("words")
    Babel(app)
    with app.test_request_context():
        yield


@pytest.mark.usefixtures("in_a_request")
@pytest.mark.parametrize("code", Refusal)
def test_every_code_has_a_sentence_that_says_what_to_do(code: Refusal):
    said = sentence(PictureRefused(code, FACTS.get(code, {})))
    assert said.endswith(".")
    assert "please" in said.lower()
    assert code.value not in said.split()


@pytest.mark.usefixtures("in_a_request")
def test_a_file_is_named_by_its_place_and_by_the_name_its_sender_knows():
    refused = PictureRefused(Refusal.EMPTY)
    assert about_file(2, "IMG_2041.HEIC", refused).startswith("Photo 2 (IMG_2041.HEIC): ")
    assert about_file(1, "", refused).startswith("Photo 1: ")
    assert about_file(1, "100%(name)s.jpg", refused).startswith("Photo 1 (100%(name)s.jpg): ")
