"""What can be seen in a photo is heard wherever the photo is, in the language it was written in, and once."""

import json
from xml.etree import ElementTree as ET

import html5lib
import pytest

from greetings.actions.models import Action
from greetings.house import House
from greetings.submissions.models import Greeting
from greetings.submissions.rules import Use
from tests.factories import make_greeting
from tests.pages import PageClient, tree_of

SEEN = "Жанчына трымае плакат «Happy Birthday, Ales!»"
SECOND = "Свечкі на падаконніку, а ўсё вакол цёмнае"
LONG = " ".join(["вельмі доўгае апісанне ўсяго"] * 10)
ATOM = "{http://www.w3.org/2005/Atom}"


def make(house: House, action: Action, **facts: object) -> Greeting:
    with house.database.work() as session:
        here = session.get_one(Action, action.id)
        return make_greeting(house, session, here, **{"photos": 2, "descriptions": [SEEN, SECOND], **facts})  # type: ignore[arg-type]


def told(page: ET.Element, words: str, language: str = "") -> list[tuple[str, str]]:
    """Where these words are told: the element, and the language it is in."""
    language = page.get("lang", language)
    own = [(page.tag, language)] if words in (page.text or "") else []
    return own + [one for child in page for one in told(child, words, language)]


@pytest.mark.parametrize("language", ["be", "en", "ru"])
@pytest.mark.parametrize(
    "path",
    [
        "/ales/{language}/",
        "/ales/{language}/greetings/",
        "/ales/{language}/greetings/?kind=photo&q=Алесь",
        "/embed/ales/{language}/strip",
        "/ales/{language}/greetings/{id}/report",
    ],
)
def test_the_first_photo_of_a_greeting_is_told_behind_it_and_not_seen(
    client: PageClient, house: House, action: Action, path: str, language: str
):
    greeting = make(house, action, text="Дарагі Алесь", search_text="дарагі алесь")
    page = tree_of(client.get(path.format(language=language, id=greeting.id)))
    assert told(page, SEEN) == [("span", "be")]
    (heard,) = (one for one in page.iter("span") if one.text == SEEN)
    assert heard.get("class") == "vh"
    assert told(page, SECOND) == [], "others have their own page"
    assert not [one for one in page.iter("img") if SEEN in (one.get("alt") or "")]


def test_on_the_wall_its_beginning_is_enough(client: PageClient, house: House, action: Action):
    make(house, action, descriptions=[LONG])
    (heard,) = (
        one.text or ""
        for one in tree_of(client.get("/ales/en/greetings/")).iter("span")
        if (one.text or "").startswith("вельмі доўгае")
    )
    assert len(heard) <= 150
    assert heard.endswith("…")


def test_on_its_own_page_each_photo_has_all_of_it_below(client: PageClient, house: House, action: Action):
    greeting = make(
        house, action, photos=3, descriptions=[LONG, "", "Two people with a “Жыве ўсё” poster"], language="en"
    )
    page = tree_of(client.get(f"/ales/ru/greetings/{greeting.id}"))
    figures = [one for one in page.iter("figure") if "picture" in (one.get("class") or "")]
    captions = [
        [(one.text, one.get("lang"), one.get("dir")) for one in figure.iter("figcaption")]
        for figure in figures
    ]
    assert captions == [
        [(LONG, "be", "auto")],
        [],
        [("Two people with a “Жыве ўсё” poster", "en", "auto")],
    ]


@pytest.mark.parametrize("language", ["be", "en", "ru"])
@pytest.mark.parametrize(
    ("facts", "alt"),
    [
        ({"text": "Трымайся!"}, SEEN),
        ({"text": ""}, SEEN),
        ({"text": "Трымайся!", "photos": 0, "descriptions": []}, "Трымайся!"),
    ],
    ids=["words-and-photo", "photo", "words"],
)
def test_a_card_for_links_is_told_in_one_language(
    client: PageClient, house: House, action: Action, language: str, facts: dict[str, object], alt: str
):
    """No part of an attribute can have a language of its own; who sent it stands in the title."""
    greeting = make(house, action, **facts)
    page = tree_of(client.get(f"/ales/{language}/greetings/{greeting.id}"))
    told = {one.get("property") or one.get("name"): one.get("content") for one in page.iter("meta")}
    assert told["og:image:alt"] == alt
    assert told["description"] == (facts["text"] or SEEN)
    assert "Ганна" in (told["og:title"] or "")


def test_of_a_photo_that_nobody_described_a_card_has_its_name(
    client: PageClient, house: House, action: Action
):
    greeting = make(house, action, text="Трымайся!", descriptions=[])
    page = tree_of(client.get(f"/ales/en/greetings/{greeting.id}"))
    (alt,) = [one.get("content") for one in page.iter("meta") if one.get("property") == "og:image:alt"]
    assert alt == "Photo from Ганна, Вільня, Lithuania"


def test_feeds_have_it_below_each_picture(client: PageClient, house: House, action: Action):
    make(house, action, text="", photos=3)
    html = json.loads(client.get("/ales/en/feed.json").data)["items"][0]["content_html"]
    figures = html5lib.parse(html, namespaceHTMLElements=False)
    said = [
        [(one.text, one.get("lang"), one.get("dir")) for one in figure.iter("figcaption")]
        for figure in figures.iter("figure")
    ]
    assert said == [[(SEEN, "be", "auto")], [(SECOND, "be", "auto")], []]
    atom = ET.fromstring(client.get("/ales/en/feed.atom").data)
    assert atom.findtext(f"{ATOM}entry/{ATOM}content") == html


def test_the_screen_tells_each_slide_what_is_on_it(client: PageClient, house: House, action: Action):
    make(house, action, text="", granted=frozenset({Use.EVENTS}))
    names = json.loads(client.get("/ales/en/screen.json").data)["slides"]
    pages = [tree_of(client.get(f"/ales/en/screen?show={name}")) for name in names]
    assert [told(page, SEEN) for page in pages] == [[("span", "be")], []]
    assert [told(page, SECOND) for page in pages] == [[], [("span", "be")]]


def test_without_a_description_nothing_is_told_and_no_place_is_left_for_it(
    client: PageClient, house: House, action: Action
):
    greeting = make(house, action, descriptions=[], text="")
    page = tree_of(client.get(f"/ales/en/greetings/{greeting.id}"))
    assert not list(page.iter("figcaption"))
    assert "<figcaption" not in client.get("/ales/en/feed.json").get_data(as_text=True)
    tile = next(
        one
        for one in tree_of(client.get("/ales/en/greetings/")).iter("a")
        if one.get("id") == f"g-{greeting.id}"
    )
    assert not [one for one in tile.iter() if one.get("lang") is not None]
