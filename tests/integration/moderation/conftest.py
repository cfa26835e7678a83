"""Members of the team and greetings, for tests below the web."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.db.session import begin_writing
from greetings.house import House
from greetings.submissions.models import Greeting
from greetings.submissions.rules import State
from tests.factories import make_action, make_greeting


@pytest.fixture
def send() -> Callable[..., Greeting]:
    """Takes a house and facts, and gives a greeting that waits in it (or is in another state)."""

    def make(house: House, **facts: Any) -> Greeting:
        with house.database.session() as session:
            begin_writing(session)
            action = session.scalars(select(Action)).first() or make_action(session)
            greeting = make_greeting(house, session, action, **{"state": State.PENDING, **facts})
            session.commit()
            session.expunge_all()
            return greeting

    return make


@pytest.fixture
def stands() -> Callable[[House, Greeting], Greeting]:
    """Takes a house and a greeting, and gives it as it stands now."""

    def read(house: House, greeting: Greeting) -> Greeting:
        with house.database.reading() as session:
            fresh = session.get_one(Greeting, greeting.sequence)
            assert fresh.photos is not None
            session.expunge_all()
            return fresh

    return read
