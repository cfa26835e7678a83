"""Pieces of pages and facts kept ready: the same pages as drawn anew, in whatever order they are asked for."""

import random
from dataclasses import replace
from functools import partial

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from sqlalchemy import update

from greetings.actions.models import Action
from greetings.actions.rules import ActionState
from greetings.app import create_app
from greetings.gallery.cursors import EXTENSION as CURSORS
from greetings.gallery.fragments import EXTENSION as TILES
from greetings.house import House
from greetings.submissions.rules import Kind
from greetings.web.kept import EXTENSION, Kept
from greetings.web.moments import Moments
from tests.conftest import TestClock
from tests.factories import make_action, make_greeting
from tests.pages import path_of_page
from tests.web.floor.test_page_cache import work_counted

WALL = "/ales/be/greetings/"


@pytest.fixture
def plain(house: House, action: Action) -> Flask:
    """The application without whole pages in memory: each is put together anew."""
    return create_app(replace(house.settings, page_cache_bytes=0), house)


@pytest.fixture
def greetings(house: House, action: Action) -> list[str]:
    """Enough for two pages, of every kind, from two countries; with another action beside."""
    with house.database.work() as session:
        here = session.get_one(Action, action.id)
        made = [
            make_greeting(
                house,
                session,
                here,
                kind=list(Kind)[number % 3],
                country=("LT", "PL")[number % 2],
                language=("be", "en", "ru")[number % 3],
            ).id
            for number in range(30)
        ]
        make_action(session, slug="nasta", state=ActionState.ANNOUNCED)
    return made


def older(app: Flask, place: int) -> str:
    """The cursor of the pages behind a place of the first action."""
    return str(app.extensions[CURSORS].write(1, place))


def test_a_page_of_kept_pieces_is_the_page_drawn_anew(plain: Flask, greetings: list[str]) -> None:
    """Every page after every other: a piece whose key forgets something it shows is found out here."""
    queries = [
        "",
        "?kind=text",
        "?country=PL",
        "?lang=ru",
        "?country=PL&lang=ru&kind=photo",
        "?q=дзень",
        "?q=%3Cb",
    ]
    queries += [f"?after={older(plain, 20)}", f"?kind=text&after={older(plain, 9)}", "?country=DE"]
    paths = [f"greetings/{query}" for query in queries] + [f"greetings/{one}" for one in greetings[:3]]
    paths += ["", "privacy", "posters/", "strip", "receipt", "nothing", "greetings/nothing"]
    addresses = [
        path_of_page(path, language, slug)
        for slug in ("ales", "nasta")
        for language in ("be", "en")
        for path in paths
    ]
    client = plain.test_client()
    alone = {}
    for address in addresses:
        _forget(plain)
        alone[address] = client.get(address).data
    random.Random(7).shuffle(addresses)
    for address in addresses * 2:
        assert client.get(address).data == alone[address], address


def _forget(app: Flask) -> None:
    for kept in (app.extensions[EXTENSION], app.extensions[TILES]):
        for _ in range(2):
            kept.settle()


def test_another_page_of_a_wall_asks_for_its_tiles_and_nothing_else(
    plain: Flask, house: House, greetings: list[str]
) -> None:
    client = plain.test_client()
    client.get(WALL)
    with work_counted(plain, house) as done:
        client.get(f"{WALL}?after={older(plain, 20)}")
    statements = [one for one in done if one.lower().startswith("select") and "public_change" not in one]
    assert len(statements) == 1, statements  # greetings with their pictures
    assert not any("action_text" in one or "wall_tally" in one for one in statements)


def test_counts_and_words_follow_every_change(plain: Flask, house: House, action: Action) -> None:
    client = plain.test_client()
    for number in range(1, 4):
        with house.database.work() as session:
            make_greeting(house, session, session.get_one(Action, action.id))
        assert f"<b>{number}</b>" in client.get("/ales/en/greetings/").get_data(as_text=True)
    with house.database.work() as session:
        session.get_one(Action, action.id).is_public = False
    assert client.get("/ales/en/greetings/").status_code == 404


def test_what_changed_while_a_page_was_made_is_on_the_next(
    plain: Flask, house: House, action: Action
) -> None:
    """What was read before the change belongs to the moment before it."""
    changes = iter([True])

    @template_rendered.connect_via(plain)
    def change(_app, **_more) -> None:
        if next(changes, False):
            with house.database.work() as session:
                make_greeting(house, session, session.get_one(Action, action.id))

    client = plain.test_client()
    assert "<b>1</b>" not in client.get("/ales/en/greetings/").get_data(as_text=True)
    assert "<b>1</b>" in client.get("/ales/en/greetings/").get_data(as_text=True)


def test_an_own_change_begins_one_moment_at_once(house: House, action: Action) -> None:
    """Not a second one half a second later, when the number is read: everything would be made twice."""
    seconds = [0.0]
    moments = Moments(house.database, house.clock, lambda: seconds[0])
    before = moments.now()
    with house.database.work() as session:
        make_greeting(house, session, session.get_one(Action, action.id))
    at_once = moments.now()
    seconds[0] += 1
    assert before != at_once == moments.now()
    house.database.note_public_change()  # a file that pages tell of
    assert moments.now() != at_once


def test_a_moment_that_nobody_can_tell_keeps_nothing(
    plain: Flask, house: House, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written past every session, as no program of ours does: without the number only a new look shows it."""
    client = plain.test_client()
    client.get("/ales/en/privacy")
    moments = plain.extensions["greetings.moments"]
    monkeypatch.setattr(moments, "now", lambda: None)
    with house.database.engine.begin() as connection:
        connection.execute(update(Action).values(is_public=False))
    assert client.get("/ales/en/privacy").status_code == 404


def test_what_is_kept_is_bounded() -> None:
    kept = Kept(most=10)
    for number in range(100):
        assert kept.get(number, partial(list, (number,))) == [number]
    assert len(kept.everything()) <= 20


def test_what_nobody_asks_for_is_let_go_after_two_settlings() -> None:
    kept = Kept(most=10)
    asked, other = kept.get("asked", object), kept.get("other", object)
    for _ in range(3):
        kept.settle()
        assert kept.get("asked", object) is asked
    assert kept.get("other", object) is not other


def test_days_go_on_in_pieces_too(plain: Flask, clock: TestClock) -> None:
    client: FlaskClient = plain.test_client()
    before = client.get("/ales/en/").data
    clock.forward(days=1)
    assert client.get("/ales/en/").data != before
