"""The strings that break other people's programs, hung on the wall: inert in pages, feeds, cards and on the screen."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from greetings.actions.models import Action
from greetings.house import House
from greetings.web.cleaning import clean
from tests.factories import make_greeting
from tests.pages import PageClient

pytestmark = pytest.mark.corpus

OLDER = re.compile(r'href="([^"]+)" rel="next"')
PERMALINK = re.compile(r'href="(/ales/be/greetings/[a-z0-9]{20})"')
EVERY = 12  # of the single pages and cards


@pytest.fixture
def naughty(corpus: Path) -> list[str]:
    strings = json.loads((corpus / "blns" / "blns.json").read_text(encoding="utf-8"))
    return [text for text in (clean(one, lines=True) for one in strings) if text]


@pytest.fixture
def hanging(house: House, action: Action, naughty: list[str]) -> int:
    """All of them as greetings: as words, and as much of each as fits into name, town, organisation and what can be
    seen in a photo.
    """
    with house.database.work() as session:
        here = session.get_one(Action, action.id)
        for place, text in enumerate(naughty):
            line = " ".join(text.split())[:60]
            said = " ".join(text.split())[:300]
            make_greeting(
                house, session, here, photos=place % 5 == 0, descriptions=[said], text=text[:2000],
                name=line, town=line, organisation=line,
            )  # fmt: skip
    return len(naughty)


def test_naughty_strings_are_inert_on_the_wall_alone_in_feeds_cards_and_a_hall(
    client: PageClient, hanging: int
) -> None:
    path: str | None = "/ales/be/greetings/"
    found: list[str] = []
    while path:
        html = client.get(path).get_data(as_text=True)  # the client reads it as a strict browser would
        found += PERMALINK.findall(html)
        older = OLDER.search(html)
        path = older[1].replace("&amp;", "&") if older else None
    assert len(found) == hanging
    for place, address in enumerate(found[::EVERY]):
        assert client.get(address).status_code == 200
        if place % 3 == 0:
            assert client.get(f"/embed{address}/card.jpg").mimetype == "image/jpeg"
    ET.fromstring(client.get("/ales/be/feed.atom").data)
    assert client.get("/ales/be/feed.json").json
    answer = client.get("/ales/be/screen.json").json
    assert answer
    for name in answer["slides"][::EVERY]:
        page = client.get(f"/ales/be/screen?show={name}").get_data(as_text=True)
        assert f'data-slide="{name}"' in page
