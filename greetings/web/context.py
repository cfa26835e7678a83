"""What a view reaches for while it answers: the house, and the request's one database session."""

from typing import cast

from flask import Flask, Response, current_app, g
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from greetings.house import House
from greetings.web.moments import Moment, Moments

EXTENSION = "greetings"
MOMENTS = "greetings.moments"


def house() -> House:
    """The parts of this installation."""
    return cast(House, current_app.extensions[EXTENSION])


def moment() -> Moment | None:
    """The moment this request belongs to: see `moments`. Taken before its session begins, so that nothing
    older is read under it.
    """
    if "moment" not in g:
        moments: Moments = current_app.extensions[MOMENTS]
        g.moment = moments.now()
    return cast("Moment | None", g.moment)


def session() -> Session:
    """The request's database session; committed once, when the view has answered."""
    if "session" not in g:
        moment()
        _stop_reading()  # one connection a request, so that requests never wait for one another's second
        g.session = house().database.session()
    return cast(Session, g.session)


def reading() -> Connection:
    """A connection for looking only, at half of what a session costs: the session's own where there is one.
    Nothing done through it lasts.
    """
    if "session" in g:
        return session().connection()
    if "reading" not in g:
        moment()
        g.reading = house().database.engine.connect()
    return cast(Connection, g.reading)


def _stop_reading() -> None:
    if "reading" in g:
        g.pop("reading").close()


def roll_back() -> None:
    """Drop what this request changed: called before an error page is made."""
    _stop_reading()
    if "session" in g:
        g.session.rollback()


def _commit() -> None:
    _stop_reading()
    if "session" in g and g.session.in_transaction():
        g.session.commit()


def install_context(app: Flask, parts: House, moments: Moments) -> None:
    """Give the application its house, and every request its moment and one commit."""
    app.extensions[EXTENSION] = parts
    app.extensions[MOMENTS] = moments
    answer = app.dispatch_request

    def answer_and_commit() -> ResponseReturnValue:
        """A commit that fails is a failure to answer: a full disk has its page."""
        given = answer()
        _commit()
        return given

    app.dispatch_request = answer_and_commit  # type: ignore[method-assign]

    @app.after_request
    def commit(response: Response) -> Response:
        _commit()  # what was done where no view was asked
        return response

    @app.teardown_appcontext
    def close(_error: BaseException | None) -> None:
        _stop_reading()
        if "session" in g:
            g.pop("session").close()
