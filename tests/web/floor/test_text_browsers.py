"""Pages in browsers that show text only: they know neither styles nor `hidden`, `template` or `dialog`."""

from xml.etree.ElementTree import Element

import pytest

from greetings.actions.models import Action
from greetings.house import House
from tests.factories import make_greeting
from tests.pages import PageClient, path_of_page, tree_of
from tests.web.submissions.sender import Sender

PAGES = (
    "",
    "send",
    "receipt",
    "greetings/",
    "posters/",
    "posters/own",
    "posters/phone",
    "privacy",
    "screen",
    "strip",
)
NEVER_SEEN = {"template", "dialog"}


def for_scripts(page: Element) -> list[str]:
    """What would be read there though only scripts can mean or serve it."""
    unseen = [part for part in page.iter() if part.tag in NEVER_SEEN or part.get("hidden") is not None]
    said = [words for part in unseen if (words := "".join(part.itertext()).strip())]
    # a button that sends no form does nothing by itself
    return said + ["".join(part.itertext()) for part in page.iter("button") if part.get("type") == "button"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_nothing_is_read_that_only_scripts_say(
    client: PageClient, house: House, action: Action, path: str, language: str
) -> None:
    """A text browser would say that a greeting is on its way before it is written, or that there is no network."""
    with house.database.work() as session:
        make_greeting(house, session, session.get_one(Action, action.id), photos=1)
    assert for_scripts(tree_of(client.get(path_of_page(path, language)))) == []


def test_no_button_that_only_scripts_serve_is_read_beside_a_greeting_or_a_code(
    client: PageClient, house: House, action: Action
) -> None:
    with house.database.work() as session:
        greeting = make_greeting(house, session, session.get_one(Action, action.id))
    for page in (client.get(f"/ales/en/greetings/{greeting.id}"), Sender(client, "en").send()):
        read = tree_of(page)
        assert "".join(read.itertext()).count("Pass it on") == 1
        assert for_scripts(read) == []


@pytest.mark.parametrize("path", ["screen", "greetings/"])
def test_name_and_place_do_not_run_together(
    client: PageClient, house: House, action: Action, path: str
) -> None:
    with house.database.work() as session:
        here = session.get_one(Action, action.id)
        make_greeting(house, session, here, name="Ганна", town="Вільня", country="LT")
    read = "".join(tree_of(client.get(f"/ales/be/{path}")).itertext())
    assert "Ганна, Вільня" in read
