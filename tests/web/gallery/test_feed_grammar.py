"""Feeds and sitemap against their grammars, written out as tables: which elements may stand where and how often,
which attributes they may have, and what each value must look like; also with the naughtiest words inside.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from greetings.actions.models import Action
from greetings.house import House
from greetings.web.cleaning import clean
from tests.factories import make_greeting
from tests.pages import PageClient
from tests.web.walk.naughty import WORDS

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
LANGUAGE_TAG = re.compile(r"|[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
DAY_OR_MOMENT = re.compile(rf"\d{{4}}(-\d\d(-\d\d)?)?|{MOMENT.pattern}")
LONGEST_LOC = 2048
MANY = 10**9

Check = Callable[[str], bool]


def is_address(value: str) -> bool:
    parts = urlsplit(value)
    return (
        parts.scheme in {"http", "https"} and bool(parts.netloc) and not re.search(r"[\s<>\"{}|\\^`]", value)
    )


def is_moment(value: str) -> bool:
    return bool(MOMENT.fullmatch(value)) and datetime.fromisoformat(value).tzinfo is not None


def is_words(value: str) -> bool:
    return bool(value.strip())


@dataclass(frozen=True)
class Rule:
    """One element: children as name -> (least, most), attributes as name -> check, those it must have, its text."""

    children: dict[str, tuple[int, int]] = field(default_factory=dict)
    attributes: dict[str, Check] = field(default_factory=dict)
    needed: frozenset[str] = frozenset()
    text: Check | None = None  # None: nothing but white space between children


LANG: dict[str, Check] = {XML_LANG: lambda value: bool(LANGUAGE_TAG.fullmatch(value))}
PLAIN = Rule(attributes={**LANG, "type": lambda value: value == "text"}, text=is_words)
PERSON = Rule({"name": (1, 1), "uri": (0, 1), "email": (0, 1)}, LANG)
# RFC 4287, 4.1 and 4.2, as far as a feed of text and pictures goes; whatever isn't here may not be there
ATOM_RULES = {
    "feed": Rule(
        {
            "id": (1, 1),
            "title": (1, 1),
            "updated": (1, 1),
            "subtitle": (0, 1),
            "author": (0, MANY),
            "link": (0, MANY),
            "entry": (0, MANY),
        },
        LANG,
    ),
    "entry": Rule(
        {
            "id": (1, 1),
            "title": (1, 1),
            "updated": (1, 1),
            "published": (0, 1),
            "author": (0, MANY),
            "link": (0, MANY),
            "content": (0, 1),
        },
        LANG,
    ),
    "id": Rule(text=is_address),
    "title": PLAIN,
    "subtitle": PLAIN,
    "updated": Rule(text=is_moment),
    "published": Rule(text=is_moment),
    "author": PERSON,
    "name": Rule(text=is_words),
    "content": Rule(attributes={**LANG, "type": lambda value: value == "html"}, text=lambda _value: True),
    "link": Rule(
        attributes={
            "href": is_address,
            "rel": lambda value: value in {"self", "alternate"},
            "type": lambda value: bool(MEDIA_TYPE.fullmatch(value)),
            "hreflang": lambda value: bool(LANGUAGE_TAG.fullmatch(value)),
        },
        needed=frozenset({"href"}),
    ),
}
# sitemaps.org 0.9, with the alternates that search engines read
SITEMAP_RULES = {
    f"{SITE}urlset": Rule({f"{SITE}url": (1, 50_000)}),
    f"{SITE}url": Rule({f"{SITE}loc": (1, 1), f"{SITE}lastmod": (0, 1), f"{XHTML}link": (0, MANY)}),
    f"{SITE}loc": Rule(text=lambda value: is_address(value) and len(value) < LONGEST_LOC),
    f"{SITE}lastmod": Rule(text=lambda value: bool(DAY_OR_MOMENT.fullmatch(value))),
    f"{XHTML}link": Rule(
        attributes={
            "rel": lambda value: value == "alternate",
            "hreflang": lambda value: bool(LANGUAGE_TAG.fullmatch(value)),
            "href": is_address,
        },
        needed=frozenset({"rel", "hreflang", "href"}),
    ),
}


def broken(element: ET.Element, rules: dict[str, Rule]) -> list[str]:
    """Everything that the grammar doesn't allow, from here down."""
    rule = rules.get(element.tag)
    if rule is None:
        return [f"{element.tag} is unknown"]
    found = Counter(child.tag for child in element)
    faults = [f"{element.tag}: no {tag} here" for tag in found.keys() - rule.children.keys()]
    for tag, (least, most) in rule.children.items():
        if not least <= found[tag] <= most:
            faults.append(f"{element.tag}: {found[tag]} of {tag}")
    faults += [f"{element.tag}: {name} is missing" for name in rule.needed - element.attrib.keys()]
    for name, value in element.attrib.items():
        if name not in rule.attributes or not rule.attributes[name](value):
            faults.append(f"{element.tag}: {name}={value!r}")
    text = (element.text or "") + "".join(child.tail or "" for child in element)
    if not (rule.text(text) if rule.text else not text.strip()):
        faults.append(f"{element.tag}: {text[:60]!r}")
    return faults + [fault for child in element for fault in broken(child, rules)]


ATOM_GRAMMAR = {
    f"{ATOM}{name}": replace(rule, children={f"{ATOM}{tag}": times for tag, times in rule.children.items()})
    for name, rule in ATOM_RULES.items()
}
JSON_FEED: dict[str, tuple[type, bool]] = {  # JSON Feed 1.1: name -> type, whether it must be there
    "version": (str, True),
    "title": (str, True),
    "items": (list, True),
    "description": (str, False),
    "home_page_url": (str, False),
    "feed_url": (str, False),
    "language": (str, False),
    "authors": (list, False),
}
JSON_ITEM: dict[str, tuple[type, bool]] = {
    "id": (str, True),
    "content_html": (str, True),
    "url": (str, False),
    "title": (str, False),
    "date_published": (str, False),
    "date_modified": (str, False),
    "language": (str, False),
    "authors": (list, False),
    "image": (str, False),
}


def must_be(part: dict[str, Any], names: dict[str, tuple[type, bool]]) -> None:
    assert part.keys() <= names.keys()
    for name, (kind, is_needed) in names.items():
        assert name in part or not is_needed, name
        assert isinstance(part.get(name, kind()), kind), name


@pytest.fixture
def naughty_wall(house: House, action: Action) -> None:
    with house.database.work() as session:
        here = session.get_one(Action, action.id)
        # all of them fit into one feed: as words, or as name and town
        for words, name in zip(WORDS[::2], WORDS[1::2], strict=True):
            line = clean(name)[:60]
            make_greeting(house, session, here, text=clean(words, lines=True), name=line, town=line)
        make_greeting(house, session, here, text="", name="", town="", country="", photos=2)


@pytest.mark.usefixtures("naughty_wall")
@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_a_feed_of_naughty_words_keeps_the_grammar(client: PageClient, language: str) -> None:
    root = ET.fromstring(client.get(f"/ales/{language}/feed.atom").data)
    assert root.tag == f"{ATOM}feed"
    assert broken(root, ATOM_GRAMMAR) == []
    assert root.findall(f"{ATOM}author"), "an entry without an author has the feed's (4.1.1)"
    feed = json.loads(client.get(f"/ales/{language}/feed.json").data)
    must_be(feed, JSON_FEED)
    for item in feed["items"]:
        must_be(item, JSON_ITEM)
        assert is_moment(item["date_published"])
        assert is_moment(item["date_modified"])
        assert LANGUAGE_TAG.fullmatch(item.get("language", ""))


@pytest.mark.usefixtures("naughty_wall")
def test_the_sitemap_keeps_the_grammar_and_its_alternates_agree(client: PageClient) -> None:
    root = ET.fromstring(client.get("/sitemap.xml").data)
    assert root.tag == f"{SITE}urlset"
    assert broken(root, SITEMAP_RULES) == []
    sets = {
        page.findtext(f"{SITE}loc"): frozenset(
            link.get("href") for link in page.findall(f"{XHTML}link") if link.get("hreflang") != "x-default"
        )
        for page in root
    }
    for address, alternates in sets.items():
        assert address in alternates, "a page is among its own alternates"
        assert all(sets[other] == alternates for other in alternates), "and every other says the same"
    assert len({urlsplit(address or "").netloc for address in sets}) == 1


@pytest.mark.parametrize(
    "document",
    [
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><updated>2026-01-01T00:00:00Z</updated></feed>",
        "<entry xmlns='http://www.w3.org/2005/Atom'><id>http://a.example/1</id><title>t</title><updated>2026-01-01</updated></entry>",
        "<link xmlns='http://www.w3.org/2005/Atom' rel='self'/>",
        "<title xmlns='http://www.w3.org/2005/Atom'>a<b xmlns=''>c</b></title>",
        "<author xmlns='http://www.w3.org/2005/Atom'><name> </name></author>",
    ],
)
def test_the_grammar_refuses_what_is_no_feed(document: str) -> None:
    assert broken(ET.fromstring(document), ATOM_GRAMMAR)
