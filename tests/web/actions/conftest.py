"""The action that ships, for all who look at its pages or set it up anew."""

import pytest

from greetings.actions.models import Action
from greetings.actions.queries import find_action
from greetings.actions.service import load_default_actions
from greetings.house import House


@pytest.fixture
def action(house: House) -> Action:
    """The action that ships, so that its real texts are looked at."""
    with house.database.work() as session:
        load_default_actions(session)
        action = find_action(session, "ales")
        assert action is not None
        return action
