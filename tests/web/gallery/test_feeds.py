"""The wall in a feed reader: valid by the letter of RFC 4287 and JSON Feed 1.1, public, and only to the day."""

import json
import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import html5lib
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from greetings.actions.models import Action
from greetings.gallery.feeds import Entry, Feed, as_atom, as_json
from greetings.gallery.rules import PAGE_SIZE
from greetings.house import House
from greetings.submissions.correcting import correct_words
from greetings.submissions.models import Greeting
from greetings.submissions.rules import State, Step, Use
from greetings.submissions.steps import greeting_to_change, set_uses, take_step
from tests.conftest import TestClock
from tests.factories import make_greeting
from tests.pages import PageClient

ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RFC_3339 = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})")
DAY_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}T00:00:00Z")
ROBOTS = re.compile(r'<meta name="robots" content="([^"]+)">')


def make(house: House, action: Action, **facts: object) -> Greeting:
    with house.database.work() as session:
        return make_greeting(house, session, session.get_one(Action, action.id), **facts)  # type: ignore[arg-type]


def must_be_whole_address(address: str) -> None:
    parts = urlsplit(address)
    assert parts.scheme in {"http", "https"}, address
    assert parts.netloc, address


def must_be_html(fragment: str) -> None:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    parser.parseFragment(fragment)
    assert not parser.errors, (parser.errors[:3], fragment[:200])


def check_atom(document: bytes) -> ET.Element:
    """The rules of RFC 4287 that a feed like ours can break, section by section."""
    root = ET.fromstring(document)
    assert root.tag == f"{ATOM}feed"
    check_common(root)  # 4.1.1
    entries = root.findall(f"{ATOM}entry")
    for entry in entries:
        check_common(entry)  # 4.1.2
        assert entry.findall(f"{ATOM}author") or root.findall(f"{ATOM}author")
        published = entry.findall(f"{ATOM}published")
        assert len(published) <= 1
        assert all(RFC_3339.fullmatch(one.text or "") for one in published)
        contents = entry.findall(f"{ATOM}content")
        assert len(contents) == 1
        assert contents[0].get("type") == "html"  # 4.1.3.3: escaped HTML, no child elements
        assert not list(contents[0])
        must_be_html(contents[0].text or "")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids)), "two entries with one ID"
    return root


def check_common(element: ET.Element) -> None:
    for name in ("id", "title", "updated"):
        found = element.findall(f"{ATOM}{name}")
        assert len(found) == 1, f"{len(found)} of {name}"
        assert (found[0].text or "").strip(), name
    must_be_whole_address(element.findtext(f"{ATOM}id") or "")  # 4.2.6
    assert RFC_3339.fullmatch(element.findtext(f"{ATOM}updated") or "")  # 3.3
    for author in element.findall(f"{ATOM}author"):
        assert (author.findtext(f"{ATOM}name") or "").strip()  # 3.2.1
    links = element.findall(f"{ATOM}link")
    for link in links:
        must_be_whole_address(link.get("href") or "")
    alternates = [
        (link.get("type"), link.get("hreflang")) for link in links if link.get("rel") == "alternate"
    ]
    assert len(alternates) == len(set(alternates)) == 1  # 4.1.1: no two of one type and language


def check_json_feed(document: bytes) -> dict[str, Any]:
    """The rules of JSON Feed 1.1."""
    feed = json.loads(document)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    for name in ("home_page_url", "feed_url"):
        must_be_whole_address(feed[name])
    for authors in [feed["authors"], *(item.get("authors", []) for item in feed["items"])]:
        assert all(author.get("name") or author.get("url") for author in authors)
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["id"]
        assert "content_html" in item or "content_text" in item
        must_be_html(item.get("content_html", ""))
        assert RFC_3339.fullmatch(item["date_published"])
        datetime.fromisoformat(item["date_published"])
        for name in ("url", "image"):
            if name in item:
                must_be_whole_address(item[name])
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
    return feed


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_both_feeds_are_valid_in_every_language(
    client: PageClient, house: House, action: Action, language: str
) -> None:
    make(house, action, photos=2)
    make(house, action, name="", town="", country="", text="Адзін\nрадок\n\n<b>другі</b> & ]]>")
    atom = client.get(f"/ales/{language}/feed.atom")
    assert atom.content_type == "application/atom+xml; charset=utf-8"
    root = check_atom(atom.data)
    assert root.get(XML_LANG) == language
    assert len(root.findall(f"{ATOM}entry")) == 2
    answer = client.get(f"/ales/{language}/feed.json")
    assert answer.content_type == "application/feed+json; charset=utf-8"
    feed = check_json_feed(answer.data)
    assert feed["language"] == language
    assert [item["id"] for item in feed["items"]] == [
        entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")
    ]


@pytest.mark.parametrize(
    ("facts", "title"),
    [
        ({}, "Ганна (Вільня, Літва)"),
        ({"town": "", "country": ""}, "Ганна"),
        ({"name": ""}, "Віншаванне без імя (Вільня, Літва)"),
        ({"name": "", "town": "", "country": ""}, "Віншаванне без імя"),
    ],
)
def test_an_entry_is_called_by_its_sender_and_never_by_a_country_alone(
    client: PageClient, house: House, action: Action, facts: dict[str, Any], title: str
) -> None:
    make(house, action, **facts)
    assert [item["title"] for item in check_json_feed(client.get("/ales/be/feed.json").data)["items"]] == [
        title
    ]


def test_pictures_of_a_feed_do_not_tell_where_they_are_read(
    client: PageClient, house: House, action: Action
) -> None:
    make(house, action, photos=2)
    feed = check_json_feed(client.get("/ales/be/feed.json").data)
    pictures = re.findall("<img[^>]*>", feed["items"][0]["content_html"])
    assert len(pictures) == 2
    assert all(' referrerpolicy="no-referrer"' in picture for picture in pictures)


def test_feeds_of_an_empty_wall_are_valid_too(client: PageClient) -> None:
    check_atom(client.get("/ales/be/feed.atom").data)
    assert check_json_feed(client.get("/ales/be/feed.json").data)["items"] == []


def test_a_feed_tells_the_day_and_never_the_hour(client: PageClient, house: House, action: Action) -> None:
    make(house, action)
    answer = client.get("/ales/en/feed.atom")
    moments = [
        element.text
        for element in ET.fromstring(answer.data).iter()
        if element.tag in {f"{ATOM}updated", f"{ATOM}published"}
    ]
    assert moments
    assert all(DAY_ONLY.fullmatch(moment or "") for moment in moments)
    assert "14:" not in answer.get_data(as_text=True)
    assert "Last-Modified" not in answer.headers


def moments_of(client: PageClient, greeting: Greeting) -> list[str]:
    """When it was hung up and when it was mended, as both feeds say it."""
    root = check_atom(client.get("/ales/en/feed.atom").data)
    entry = next(one for one in root.iter(f"{ATOM}entry") if greeting.id in (one.findtext(f"{ATOM}id") or ""))
    atom = [entry.findtext(f"{ATOM}{name}") or "" for name in ("published", "updated")]
    feed = check_json_feed(client.get("/ales/en/feed.json").data)
    item = next(one for one in feed["items"] if greeting.id in one["id"])
    assert atom == [item["date_published"], item["date_modified"]]
    assert (root.findtext(f"{ATOM}updated") or "") >= atom[1]
    return atom


def test_a_greeting_is_as_new_as_its_place_on_the_wall_and_as_its_mended_words(
    client: PageClient, house: House, action: Action, clock: TestClock
) -> None:
    """Whoever asks for what is newer than last week misses none that waited two weeks at the desk."""
    received = clock()
    greeting = make(house, action, received_at=received - timedelta(days=14), state=State.PENDING)
    with house.database.work() as session:
        take_step(house, session, greeting_to_change(session, greeting.id), Step.APPROVE, actor="m")
    hung = f"{received.date()}T00:00:00Z"
    assert moments_of(client, greeting) == [hung, hung]
    clock.forward(days=2)
    with house.database.work() as session:
        row = greeting_to_change(session, greeting.id)
        set_uses(house, session, row, actor="sender", granted={Use.GALLERY})
    assert moments_of(client, greeting) == [hung, hung], "what its sender does is nobody's business"
    clock.forward(days=1)
    with house.database.work() as session:
        row = greeting_to_change(session, greeting.id)
        correct_words(house, session, row, {"text": "Без памылкі"}, actor="m")
    assert moments_of(client, greeting) == [hung, f"{(received + timedelta(days=3)).date()}T00:00:00Z"]


@pytest.mark.parametrize(
    "facts",
    [
        {"state": State.PENDING},
        {"state": State.REJECTED},
        {"granted": frozenset({Use.EVENTS, Use.POST})},
        {"disallowed": frozenset({Use.GALLERY})},
    ],
)
def test_only_what_is_public_is_in_a_feed(
    client: PageClient, house: House, action: Action, facts: dict[str, Any]
) -> None:
    make(house, action, text="не для ўсіх", photos=1, **facts)
    for name in ("feed.atom", "feed.json"):
        assert "не для ўсіх" not in client.get(f"/ales/be/{name}").get_data(as_text=True)


def test_a_greeting_taken_back_leaves_the_feeds(client: PageClient, house: House, action: Action) -> None:
    greeting = make(house, action, text="забяру")
    assert "забяру" in client.get("/ales/be/feed.atom").get_data(as_text=True)
    with house.database.work() as session:
        take_step(house, session, greeting_to_change(session, greeting.id), Step.WITHDRAW, actor="sender")
    for name in ("feed.atom", "feed.json"):
        assert "забяру" not in client.get(f"/ales/be/{name}").get_data(as_text=True)


def test_a_feed_is_as_long_as_a_page(client: PageClient, house: House, action: Action) -> None:
    for _ in range(PAGE_SIZE + 2):
        make(house, action)
    feed = check_json_feed(client.get("/ales/en/feed.json").data)
    assert len(feed["items"]) == PAGE_SIZE


def test_pages_name_their_feeds_and_the_wall_shows_them(
    client: PageClient, house: House, action: Action
) -> None:
    make(house, action)
    html = client.get("/ales/ru/greetings/").get_data(as_text=True)
    assert html.count('href="/ales/ru/feed.atom"') == 2
    assert html.count('href="/ales/ru/feed.json"') == 2
    assert 'rel="alternate" type="application/atom+xml"' in client.get("/ales/ru/").get_data(as_text=True)


def test_a_feed_that_has_not_changed_is_not_sent_again(client: PageClient) -> None:
    first = client.get("/ales/be/feed.atom")
    assert first.headers["Cache-Control"] == "public, max-age=0, s-maxage=1"
    again = client.get("/ales/be/feed.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_hidden_action_has_no_feed(client: PageClient, house: House, action: Action) -> None:
    with house.database.work() as session:
        session.get_one(Action, action.id).is_public = False
    assert client.get("/ales/be/feed.atom").status_code == 404
    assert "/ales/" not in client.get("/sitemap.xml").get_data(as_text=True)


@given(text=st.text(), name=st.text(max_size=40))
@example(text="\x00\x08\ufffe\uffff]]><script>alert(1)</script>", name="\ud800\x1b[31m")
@example(text="&#0;</content></entry>", name='" onload="x')
def test_no_words_break_a_feed(text: str, name: str) -> None:
    day = datetime(2026, 9, 18).date()  # noqa: DTZ001 - a day only
    title = name if name.strip() and name.isprintable() else "Без імя"
    entry = Entry("http://a.example/1", title, title, "be", day, day, ((text,),), ())
    feed = Feed("Т", "П", "А", "be", "http://a.example/", "http://a.example/f", day, [entry])
    root = ET.fromstring(as_atom(feed))
    content = root.find(f"{ATOM}entry/{ATOM}content")
    assert content is not None
    assert "<script" not in (content.text or "")
    assert json.loads(as_json(feed))["items"][0]["content_html"].count("<p") == 1


def test_a_feed_claims_no_language_for_words_of_which_nobody_knows_it(
    client: PageClient, house: House, action: Action
) -> None:
    with house.database.work() as session:
        here = session.get_one(Action, action.id)
        make_greeting(house, session, here, text="Sto lat!", language="en", photos=1)
        make_greeting(house, session, here, text="Sto lat!", language="en")
        make_greeting(house, session, here, text="Жыве Беларусь, ўсім!", language="en")
    root = check_atom(client.get("/ales/be/feed.atom").data)
    known, unknown, described = root.iter(f"{ATOM}content")
    assert (known.get(XML_LANG), unknown.get(XML_LANG)) == ("be", "")
    assert described.get(XML_LANG) is None, "what describes its picture is in the language of the feed"
    assert '<p lang="be" dir="auto">' in (known.text or "")
    for content in (unknown, described):
        assert '<p lang="" dir="auto">Sto lat!</p>' in (content.text or "")


def test_the_sitemap_lists_every_page_in_every_language(client: PageClient) -> None:
    answer = client.get("/sitemap.xml")
    assert answer.content_type == "application/xml; charset=utf-8"
    site = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    link = "{http://www.w3.org/1999/xhtml}link"
    pages = ET.fromstring(answer.data).findall(f"{site}url")
    addresses = [page.findtext(f"{site}loc") or "" for page in pages]
    assert len(addresses) == len(set(addresses)) == 18
    for page, address in zip(pages, addresses, strict=True):
        must_be_whole_address(address)
        assert client.get(urlsplit(address).path).status_code == 200, address
        others = {one.get("hreflang"): one.get("href") for one in page.findall(link)}
        assert others.keys() - {"x-default"} == {"be", "en", "ru"}
        assert address in others.values()
        html = client.get(urlsplit(address).path).get_data(as_text=True)
        said = re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', html)
        assert dict(said) == others, "the page itself says the same"


def test_single_greetings_are_not_listed_for_search_engines(
    client: PageClient, house: House, action: Action
) -> None:
    greeting = make(house, action)
    assert greeting.id not in client.get("/sitemap.xml").get_data(as_text=True)


def test_single_greetings_and_their_pictures_are_not_to_be_found_by_name(
    client: PageClient, house: House, action: Action
) -> None:
    greeting = make(house, action, photos=1)
    page = client.get(f"/ales/en/greetings/{greeting.id}").get_data(as_text=True)
    assert ROBOTS.findall(page) == ["noindex"]
    for path in ("", "greetings/"):
        html = client.get(f"/ales/en/{path}").get_data(as_text=True)
        assert ROBOTS.findall(html) == ["noarchive, noimageindex"]
    found = client.get("/ales/en/greetings/?q=Anna").get_data(as_text=True)
    assert ROBOTS.findall(found) == ["noindex, follow"], "what somebody looked for is no page of its own"
    picture = client.get(f"/media/{greeting.photos[0].public_name}-thumb.webp")
    assert picture.status_code == 200
    assert picture.headers["X-Robots-Tag"] == "noindex"


def test_forms_and_the_screen_are_not_to_be_found(client: PageClient, house: House, action: Action) -> None:
    greeting = make(house, action)
    for path in ("send", "receipt", "screen", f"greetings/{greeting.id}/report"):
        html = client.get(f"/ales/en/{path}").get_data(as_text=True)
        assert ROBOTS.findall(html) == ["noindex"], path


def test_robots_leave_alone_what_shows_people_at_an_address_that_tells_nothing(client: PageClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    lines = answer.get_data(as_text=True).splitlines()
    assert lines[0] == "User-agent: *"
    left_alone = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow")]
    assert left_alone == ["/*/*/screen", "/embed/*/*/strip"]
    assert lines[-1].startswith("Sitemap: http")
    assert lines[-1].endswith("/sitemap.xml")


def test_robots_may_read_that_a_page_is_not_to_be_found_where_its_address_tells_something(
    client: PageClient, house: House, action: Action
) -> None:
    """Whoever may not read a page never sees that it must not be listed, and lists its bare address: that of a
    greeting, or an invitation to the desk that somebody passed on.
    """
    greeting = make(house, action)
    told = client.get("/robots.txt").get_data(as_text=True)
    left_alone = [
        re.compile(re.escape(path).replace(r"\*", ".*")) for path in re.findall("Disallow: (.*)", told)
    ]
    for path in (
        f"/ales/en/greetings/{greeting.id}",
        f"/ales/en/greetings/{greeting.id}/report",
        "/ales/en/send",
        "/ales/en/receipt",
        "/desk/sign-in",
        "/desk/queue",
        "/desk/join/0a1b2c3d",
        "/desk/reset/0a1b2c3d",
        "/desk/digest/stop/0a1b2c3d",
    ):
        assert not [pattern for pattern in left_alone if pattern.match(path)], path
        answer = client.open(path, method="GET")
        said = answer.headers.get("X-Robots-Tag", "") + "".join(ROBOTS.findall(answer.get_data(as_text=True)))
        assert "noindex" in said, path
