"""The connection for looking only: one at a time, given back with the answer, and nothing done through it lasts."""

import pytest
from flask import Flask, g, request
from sqlalchemy import func, select, update

from greetings.actions.models import Action
from greetings.db.models import PublicChange
from greetings.house import House
from greetings.web.context import reading, session
from tests.factories import make_greeting
from tests.pages import PageClient, path_of_page

WALL = "/ales/en/greetings/"


def test_what_is_done_through_it_is_undone(app: Flask, house: House, action: Action) -> None:
    with app.test_request_context(WALL):
        reading().execute(update(Action).values(jubilee_age=99))
        assert reading().scalar(select(Action.jubilee_age)) == 99
        app.process_response(app.make_response("answered"))
    with house.database.reading() as fresh:
        assert fresh.scalar(select(Action.jubilee_age)) != 99


def test_a_request_holds_one_connection_at_most(app: Flask, house: House, action: Action) -> None:
    pool = house.database.engine.pool
    with app.test_request_context(WALL):
        reading().execute(select(func.count()).select_from(Action))
        assert pool.checkedout() == 1  # type: ignore[attr-defined]
        session().scalar(select(PublicChange.number))
        assert reading() is session().connection()
        assert pool.checkedout() == 1  # type: ignore[attr-defined]
    assert pool.checkedout() == 0  # type: ignore[attr-defined]


def test_it_is_given_back_before_the_answer_is_sent(app: Flask, house: House, action: Action) -> None:
    pool = house.database.engine.pool
    with app.test_request_context(WALL):
        app.preprocess_request()
        app.dispatch_request()
        assert "reading" not in g
        assert pool.checkedout() == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["greetings/?kind=photo", "greetings/{id}", "greetings/{id}/card.jpg"])
def test_what_visitors_read_needs_no_session(
    client: PageClient, house: House, action: Action, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    with house.database.work() as work:
        greeting = make_greeting(house, work, action, photos=1)
    client.get(WALL)  # the action's facts are read by a session, once a moment

    def none() -> object:
        raise AssertionError("a session")

    monkeypatch.setattr(house.database, "session", none)
    assert client.get(path_of_page(path.format(id=greeting.id))).status_code == 200


def test_asking_for_a_form_that_was_not_sent_undoes_nothing(app: Flask, house: House, action: Action) -> None:
    with app.test_request_context(WALL):
        session().execute(update(Action).values(jubilee_age=99))
        assert request.form.get("do") is None
        assert session().scalar(select(Action.jubilee_age)) == 99


def test_nothing_stands_open_while_a_body_is_read(app: Flask) -> None:
    """It may take its sender minutes. Where there is none to read, what was done so far stays."""
    typed = {"text": "Happy birthday!"}
    for data, stands in ((typed, False), (None, True)):
        with app.test_request_context("/ales/en/send", method="POST" if data else "GET", data=data):
            session().execute(update(Action).values(jubilee_age=99))
            assert request.form.to_dict() == (data or {})
            assert session().in_transaction() is stands
    with app.test_request_context("/ales/en/send", method="POST", data=typed):
        connection = reading()
        assert request.form.to_dict() == typed
        assert connection.closed
