"""The desk in tests: members of the team, each with a browser of their own, and greetings in the queue."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from greetings.accounts.rules import Role
from greetings.actions.models import Action
from greetings.db.session import begin_writing
from greetings.house import House
from greetings.submissions.models import Greeting
from greetings.submissions.rules import State
from greetings.web.typography import NO_BREAK
from tests.factories import make_greeting
from tests.members import sign_in
from tests.pages import PageClient

THEN = "18 September 2026, 14:27 UTC".replace(" ", NO_BREAK).replace(
    f",{NO_BREAK}", ", "
)  # of the test's clock
THEN_ON_A_PAGE = f'<time datetime="2026-09-18T14:27+00:00" data-clock="long">{THEN}</time>'


class Desk:
    """One member of the team at their browser."""

    def __init__(self, client: PageClient, moderator_id: str, name: str, csrf_token: str) -> None:
        self.client = client
        self.id = moderator_id
        self.name = name
        self.csrf_token = csrf_token

    def get(self, path: str, **facts: Any) -> TestResponse:
        return self.client.get(path, **facts)

    def post(self, path: str, *, json: bool = False, **fields: Any) -> TestResponse:
        headers = {"Accept": "application/json"} if json else {}
        data = {"csrf_token": self.csrf_token, **fields}
        return self.client.post(path, data=data, headers=headers)

    def do(self, what: str, greeting: Greeting, **fields: Any) -> TestResponse:
        """One act on a greeting as it was when the test made it, unless `version` is given."""
        return self.post(f"/desk/greetings/{greeting.id}/{what}", **{"version": greeting.version, **fields})


@pytest.fixture
def seat(app: Flask, house: House) -> Callable[..., Desk]:
    """Takes a name and a role, and gives a member who is signed in."""

    def take(name: str = "Volha", role: Role = Role.MODERATOR, language: str = "en") -> Desk:
        client, moderator_id, csrf_token = sign_in(
            app, house, role, name=name, email=f"{name.lower()}@desk.example", language=language
        )
        assert isinstance(client, PageClient)
        return Desk(client, moderator_id, name, csrf_token)

    return take


@pytest.fixture
def volha(seat: Callable[..., Desk]) -> Desk:
    return seat("Volha")


@pytest.fixture
def jan(seat: Callable[..., Desk]) -> Desk:
    return seat("Jan")


@pytest.fixture
def organiser(seat: Callable[..., Desk]) -> Desk:
    return seat("Maryna", Role.ORGANISER)


@pytest.fixture
def sent(house: House, action: Action) -> Callable[..., Greeting]:
    """Takes facts of a greeting, and gives one that waits (or in another state), oldest first."""

    with house.database.reading() as session:
        action_id = session.scalars(select(Action.id)).one()

    def make(**facts: Any) -> Greeting:
        with house.database.session() as session:
            begin_writing(session)
            here = session.get_one(Action, action_id)
            greeting = make_greeting(house, session, here, **{"state": State.PENDING, **facts})
            session.commit()
            session.expunge_all()
            return greeting

    return make


@pytest.fixture
def now_of(house: House) -> Callable[[Greeting], Greeting]:
    """Takes a greeting, and gives it as it stands in the database now."""

    def read(greeting: Greeting) -> Greeting:
        with house.database.reading() as session:
            fresh = session.get_one(Greeting, greeting.sequence)
            assert fresh.photos is not None
            session.expunge_all()
            return fresh

    return read
