"""What organisers write is on more pages than any greeting: their naughty words are as inert, in print as well."""

import io
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from greetings.actions.models import Action, ActionText
from greetings.actions.rules import OF_SEVERAL_LINES, TEXT_NAMES, ActionState
from greetings.house import House
from greetings.languages import LANGUAGES
from greetings.posters.rules import Design
from greetings.typesetting import drawable, is_legible
from greetings.web.cleaning import clean
from greetings.web.permissions import PERMISSIONS, Access
from tests.factories import make_greeting
from tests.pages import PageClient
from tests.web.walk.naughty import WORDS
from tests.web.walk.test_every_door_with_naughty_words import CONTROLS, assert_inert

KEPT = [word for word in map(clean, WORDS) if word]
ROUNDS = 7


def write_everywhere(house: House, action: Action, number: int) -> None:
    """Other words in each text of the action, and another state, in each round: as the form would keep them."""
    with house.database.work() as session:
        here = session.get_one(Action, action.id)
        here.state = list(ActionState)[number % len(ActionState)]
        for text in here.texts:
            shift = number * len(TEXT_NAMES) + LANGUAGES.index(text.language)
            text.words = {
                name: "\n".join(KEPT[(shift + place + line) % len(KEPT)] for line in range(lines))
                for place, name in enumerate(TEXT_NAMES)
                for lines in [2 if name in OF_SEVERAL_LINES else 1]
            }


def open_to_all(app: Flask, shown: str, language: str) -> Iterator[str]:
    """Every public page that needs no name of its own, and that of a greeting."""
    for rule in app.url_map.iter_rules():
        if (
            PERMISSIONS[rule.endpoint] is Access.PUBLIC
            and rule.arguments <= {"action_slug", "slug", "language", "greeting_id"}
            and "GET" in (rule.methods or ())
        ):
            known = {"action_slug": "ales", "slug": "ales", "language": language, "greeting_id": shown}
            yield re.sub(r"<(?:\w+:)?(\w+)>", lambda found, known=known: known[found[1]], rule.rule)  # type: ignore[misc]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_what_an_organiser_writes_is_inert_on_every_page_feed_card_and_sheet(
    app: Flask, client: PageClient, house: House, action: Action, number: int
) -> None:
    with house.database.work() as session:
        shown = make_greeting(house, session, session.scalars(select(Action)).one()).id
    write_everywhere(house, action, number)
    language = LANGUAGES[number % 3]
    paths = list(open_to_all(app, shown, language))
    assert len(paths) > 20
    for path in paths:
        answer = client.get(path)
        assert_inert(answer)
        if answer.mimetype not in {"application/pdf", "image/jpeg"}:
            assert not CONTROLS.search(answer.get_data(as_text=True)), path


def test_every_word_stands_in_many_texts() -> None:
    """Else more rounds are needed."""
    assert ROUNDS * len(TEXT_NAMES) >= 4 * len(KEPT)


@pytest.mark.parametrize("word", KEPT, ids=range(len(KEPT)))
def test_what_an_organiser_writes_is_but_words_on_paper(
    client: PageClient, house: House, action: Action, word: str
) -> None:
    with house.database.work() as session:
        for text in session.scalars(select(ActionText)):
            text.words = dict.fromkeys(TEXT_NAMES, word)
    design = list(Design)[KEPT.index(word) % len(Design)]
    for path in ("labels.pdf", f"{design}-be-a4.pdf", f"{design}-be-a3.pdf"):
        answer = client.get(f"/ales/be/posters/{path}")
        if drawable(word) if path == "labels.pdf" else is_legible(word):
            assert answer.status_code == 200, path
        if answer.status_code == 200:
            assert_only_words(answer.data, word)
        else:
            assert answer.status_code == 404, path


def assert_only_words(pdf: bytes, word: str) -> None:
    """One sheet, on which they can be read; nothing runs, leads anywhere or steers its neighbours."""
    sheet = PdfReader(io.BytesIO(pdf))
    (page,) = sheet.pages
    said = page.extract_text()
    assert not CONTROLS.search(said)
    if word.isascii():  # others are drawn by joining letters, and read back in other ways
        assert "".join(word.split()) in "".join(said.split())
    assert not {"/OpenAction", "/AA", "/Names", "/AcroForm"} & set(sheet.root_object)
    assert not {"/Annots", "/AA"} & set(page)
