"""Pages in browsers that show text only: they know neither styles nor `hidden`, `template` or `dialog`."""

from xml.etree.ElementTree import Element

import pytest

from greetings.actions.models import Action
from greetings.house import House
from tests.factories import make_greeting
from tests.pages import PageClient, tree_of

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


def words_of(part: Element) -> str:
    """What is read there; a button that only a script shows is at worst one that does nothing."""
    if part.tag == "button":
        return ""
    return (part.text or "") + "".join(words_of(child) + (child.tail or "") for child in part)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_nothing_is_read_that_only_scripts_say(
    client: PageClient, house: House, action: Action, path: str, language: str
) -> None:
    """A text browser would say that a greeting is on its way before it is written, or that there is no network."""
    with house.database.work() as session:
        make_greeting(house, session, session.get_one(Action, action.id), photos=1)
    page = tree_of(client.get(f"/ales/{language}/{path}"))
    unseen = [part for part in page.iter() if part.tag in NEVER_SEEN or part.get("hidden") is not None]
    assert [said for part in unseen if (said := words_of(part).strip())] == []


@pytest.mark.parametrize("path", ["screen", "greetings/"])
def test_name_and_place_do_not_run_together(
    client: PageClient, house: House, action: Action, path: str
) -> None:
    with house.database.work() as session:
        here = session.get_one(Action, action.id)
        make_greeting(house, session, here, name="Ганна", town="Вільня", country="LT")
    read = "".join(tree_of(client.get(f"/ales/be/{path}")).itertext())
    assert "Ганна, Вільня" in read
