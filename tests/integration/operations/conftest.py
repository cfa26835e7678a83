"""One store for all tests of this folder that need a filled one, made anew for each."""

import pytest

from greetings.house import House
from greetings.submissions.rules import State
from tests.factories import make_action, make_greeting


@pytest.fixture
def filled(house_on_each_database: House) -> House:
    """A house with one action and a greeting in each state, three of them with pictures."""
    house = house_on_each_database
    with house.database.work() as session:
        action = make_action(session)
        for number, state in enumerate(State):
            make_greeting(house, session, action, state=state, photos=number % 2 + 1, name=f"Sender {state}")
    return house
