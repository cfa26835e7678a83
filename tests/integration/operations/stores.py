"""What tests of whole stores ask and do."""

from pathlib import Path

import pytest
from sqlalchemy import select

from greetings.house import House, open_house
from greetings.operations.integrity import examine
from greetings.settings import load_settings
from greetings.submissions.models import Greeting
from greetings.submissions.rules import State, Step
from greetings.submissions.steps import greeting_to_change, take_step
from tests.conftest import TestClock


def findings(house: House) -> list[str]:
    with house.database.reading() as session:
        return sorted(finding.code for finding in examine(house, session))


def ids(house: House, state: State) -> list[str]:
    with house.database.reading() as session:
        return list(session.scalars(select(Greeting.id).where(Greeting.state == state)))


def step(house: House, greeting_id: str, what: Step) -> None:
    with house.database.work() as session:
        take_step(house, session, greeting_to_change(session, greeting_id), what, actor="system")


def empty_house(filled: House, folder: Path, request: pytest.FixtureRequest, clock: TestClock) -> House:
    environ = {"GREETINGS_DATA": str(folder), "GREETINGS_RATE_LIMITS": "off"}
    if not filled.database.is_sqlite:
        environ["GREETINGS_DATABASE_URL"] = request.getfixturevalue("postgresql").new_database()
    return open_house(load_settings(environ), clock)
