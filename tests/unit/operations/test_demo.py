"""The demo is believable: varied, whole, and made of nothing but what the form would take."""

import io
from collections import Counter

import pytest
from PIL import Image

from greetings.operations.demo.catalogue import GREETINGS, catalogue
from greetings.operations.demo.pictures import SCENES, draw
from greetings.submissions.rules import MAX_NAME, MAX_PHOTOS, MAX_TEXT, MAX_TOWN, Kind, State


def test_there_are_two_hundred_in_all_languages_kinds_and_states():
    greetings = catalogue()
    assert len(greetings) == GREETINGS
    assert {greeting.language for greeting in greetings} == {"be", "en", "ru"}
    assert {greeting.kind for greeting in greetings} == set(Kind)
    assert {greeting.state for greeting in greetings} == {
        State.PENDING,
        State.APPROVED,
        State.REJECTED,
        State.WITHDRAWN,
    }


def test_nobody_says_the_same_and_everything_fits_the_form():
    texts = Counter(greeting.text for greeting in catalogue() if greeting.text)
    assert len(texts) >= 50
    assert set(texts.values()) == {1}
    for greeting in catalogue():
        assert greeting.text or greeting.pictures
        assert len(greeting.text) <= MAX_TEXT
        assert len(greeting.name) <= MAX_NAME
        assert len(greeting.town) <= MAX_TOWN
        assert len(greeting.pictures) <= MAX_PHOTOS
        assert not set(greeting.text) & set("\"'"), greeting.text


def test_no_picture_hangs_twice():
    pictures = [picture for greeting in catalogue() for picture in greeting.pictures]
    assert len(set(pictures)) == len(pictures)


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_is_drawn_the_same_each_time(scene: str):
    drawn = draw(scene, 3, "be")
    with Image.open(io.BytesIO(drawn)) as picture:
        assert max(picture.size) in {1440, 1600}
    assert draw(scene, 3, "be") == drawn
