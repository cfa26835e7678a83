"""The demo is believable: varied, whole, and made of nothing but what the form would take."""

import io
from collections import Counter
from importlib.resources import files

import pytest
from PIL import Image

from greetings.operations.demo.catalogue import GREETINGS, catalogue
from greetings.operations.demo.descriptions import seen_in
from greetings.operations.demo.pictures import SCENES, draw, wish_on
from greetings.operations.demo.words import BELARUSIAN, ENGLISH, ORGANISATIONS, OTHER, RUSSIAN
from greetings.submissions.languages import description_language
from greetings.submissions.rules import (
    MAX_DESCRIPTION,
    MAX_NAME,
    MAX_PHOTOS,
    MAX_TEXT,
    MAX_TOWN,
    Kind,
    State,
    Use,
)
from greetings.web.cleaning import clean


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
    assert len(texts) >= 100
    assert set(texts.values()) == {1}
    for greeting in catalogue():
        assert greeting.text or greeting.pictures
        assert len(greeting.text) <= MAX_TEXT
        assert len(greeting.name) <= MAX_NAME
        assert len(greeting.town) <= MAX_TOWN
        assert len(greeting.pictures) <= MAX_PHOTOS
        assert not set(greeting.text) & set("\"'"), greeting.text


def test_every_picture_is_described_in_its_senders_language_with_what_stands_in_it():
    for greeting in catalogue():
        for picture in greeting.pictures:
            said = seen_in(picture, greeting.language)
            assert said == clean(said)
            assert 0 < len(said) <= MAX_DESCRIPTION
            assert "%" not in said
            assert not set(said) & set("\"'"), said
            assert ("«" in said) <= (greeting.language != "en")
            assert ("“" in said) <= (greeting.language == "en")
            assert description_language(said, greeting.language) in {greeting.language, ""}, said
            wish = wish_on(picture.scene, picture.seed, picture.language) if picture.scene else ""
            assert wish in said or picture.scene in {"balloons", "letters", "windows"}


def test_neighbours_on_the_wall_never_look_alike():
    """No two pictures of one family side by side, nor with one greeting between them."""
    wall = [
        greeting
        for greeting in catalogue()
        if greeting.state is State.APPROVED and Use.GALLERY in greeting.uses
    ]
    families = [
        greeting.pictures[0].family if greeting.pictures else f"words {place}"
        for place, greeting in enumerate(wall)
    ]
    alike = [
        place
        for distance in (1, 2)
        for place in range(len(wall) - distance)
        if families[place] == families[place + distance]
    ]
    assert not alike


def test_children_painted_forty_cards_in_four_sendings():
    sendings = [greeting for greeting in catalogue() if greeting.office == "Children’s workshop"]
    assert [len(greeting.pictures) for greeting in sendings] == [10, 10, 10, 10]
    assert {greeting.kind for greeting in sendings} == {Kind.DRAWING}


def test_everything_that_was_written_is_sent():
    sent = {greeting.text for greeting in catalogue()}
    written = {
        *BELARUSIAN,
        *ENGLISH,
        *RUSSIAN,
        *(row[0] for row in OTHER),
        *(row[5] for row in ORGANISATIONS),
    }
    assert not written - sent
    names = {picture.name for greeting in catalogue() for picture in greeting.pictures if picture.name}
    assert names == {
        path.name.removesuffix(".webp")
        for path in files("greetings.operations.demo").joinpath("photographs").iterdir()
    }


def test_no_picture_hangs_twice():
    pictures = [picture for greeting in catalogue() for picture in greeting.pictures]
    assert len(set(pictures)) == len(pictures)


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_is_drawn_the_same_each_time(scene: str):
    drawn = draw(scene, 3, "be")
    with Image.open(io.BytesIO(drawn)) as picture:
        assert max(picture.size) in {1120, 1280, 1440, 1600}
    assert draw(scene, 3, "be") == drawn
