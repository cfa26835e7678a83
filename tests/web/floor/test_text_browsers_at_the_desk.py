"""The desk in browsers that show text only: nothing is read there that only scripts can mean or serve."""

from dataclasses import replace

import pytest
from flask import Flask

from greetings.accounts.rules import Role
from greetings.actions.models import Action
from greetings.house import House
from greetings.settings import Settings
from greetings.submissions.rules import State
from tests.factories import make_greeting
from tests.members import sign_in
from tests.pages import PageClient, tree_of
from tests.web.floor.test_text_browsers import for_scripts

PATHS = (
    "queue",
    "sheet",
    "greetings/{waits}/cover",
    "greetings/{waits}/edit",
    "greetings/{waits}/describe",
    "greetings/{waits}",
    "decided",
    "add",
    "account",
    "account/add-passkey",
    "people",
    "reasons",
    "figures",
    "exports",
    "log",
    "actions",
    "actions/ales",
)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A site with a name, as passkeys need one."""
    return replace(settings, url="http://localhost:8000")


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_read_at_the_desk_that_only_scripts_say(
    app: Flask, house: House, action: Action, path: str
) -> None:
    with house.database.work() as session:
        here = session.get_one(Action, action.id)
        waits = make_greeting(house, session, here, photos=1, state=State.PENDING).id
    client, _, _ = sign_in(app, house, Role.ORGANISER)
    page = client.get(f"/desk/{path.format(waits=waits)}", follow_redirects=True)
    assert page.status_code == 200
    assert for_scripts(tree_of(page)) == []


def test_nobody_is_offered_a_passkey_who_can_not_use_one(client: PageClient) -> None:
    read = tree_of(client.get("/desk/sign-in?lang=en"))
    assert "Password" in "".join(read.itertext())
    assert "passkey" not in "".join(read.itertext())
    assert for_scripts(read) == []
