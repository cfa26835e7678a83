"""What a view reaches for while it answers: the house, and the request's one database session."""

from typing import cast

from flask import Flask, Response, current_app, g
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from greetings.house import House

EXTENSION = "greetings"


def house() -> House:
    """The parts of this installation."""
    return cast(House, current_app.extensions[EXTENSION])


def session() -> Session:
    """The request's database session; committed once, when the view has answered."""
    if "session" not in g:
        g.session = house().database.session()
    return cast(Session, g.session)


def roll_back() -> None:
    """Drop what this request changed: called before an error page is made."""
    if "session" in g:
        g.session.rollback()


def _commit() -> None:
    if "session" in g:
        g.session.commit()


def install_context(app: Flask, parts: House) -> None:
    """Give the application its house, and every request one commit."""
    app.extensions[EXTENSION] = parts
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
        if "session" in g:
            g.pop("session").close()
