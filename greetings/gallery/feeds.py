"""The wall as feeds: Atom (RFC 4287) and JSON Feed 1.1, from the same entries.

Times are days, as everywhere, and those of the wall: when a greeting was hung up, and when its words were
last mended. Readers that ask only for what is newer than before miss none that waited long at the desk. A
slip mended on the day of hanging, or a new cover, changes an entry and not its time, as RFC 4287 leaves to
us: a finer time would tell when somebody was at the desk, and what is covered is gone from its old address
anyway. What people wrote becomes text nodes and escaped HTML, never mark-up of the feed.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET  # writes only; nothing is parsed here

from markupsafe import Markup

ATOM = "http://www.w3.org/2005/Atom"
JSON_FEED = "https://jsonfeed.org/version/1.1"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# what XML 1.0 has no way to write, not even escaped
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class FeedPicture:
    """A picture of an entry; its address is whole. `description`: what can be seen, in `language`, "" when
    that is unknown.
    """

    url: str
    width: int
    height: int
    alt: str
    description: str
    language: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One greeting in a feed. `language` is that of its words, "" when unknown."""

    url: str
    title: str
    author: str
    language: str
    hung: date
    mended: date
    paragraphs: tuple[tuple[str, ...], ...]
    pictures: tuple[FeedPicture, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """A wall's newest entries, in the language of its page. `begun` stands in for a day while it is empty."""

    title: str
    subtitle: str
    author: str
    language: str
    page_url: str
    feed_url: str
    begun: date
    entries: Sequence[Entry]


def as_atom(feed: Feed) -> bytes:
    """The feed as Atom, in UTF-8."""
    ET.register_namespace("", ATOM)
    root = ET.Element(_atom("feed"), {_XML_LANG: feed.language})
    _add(root, "id", feed.feed_url)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.subtitle)
    _add(root, "updated", _moment(max((entry.mended for entry in feed.entries), default=feed.begun)))
    _add(_add(root, "author"), "name", feed.author)
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.feed_url)
    _add(root, "link", rel="alternate", type="text/html", hreflang=feed.language, href=feed.page_url)
    for entry in feed.entries:
        _add_entry(root, entry)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def as_json(feed: Feed) -> bytes:
    """The feed as JSON Feed, in UTF-8."""
    whole = {
        "version": JSON_FEED,
        "title": feed.title,
        "description": feed.subtitle,
        "home_page_url": feed.page_url,
        "feed_url": feed.feed_url,
        "language": feed.language,
        "authors": [{"name": feed.author}],
        "items": [_json_item(entry) for entry in feed.entries],
    }
    return json.dumps(whole, ensure_ascii=False).encode("utf-8", "replace")


def html_of(entry: Entry) -> str:
    """The entry's pictures and words as HTML; everything a person wrote is escaped. Words in a language that
    nobody knows say so: they are not in that of the feed. Pictures are asked for without telling us by whom.
    """
    parts = [_html_of_picture(picture) for picture in entry.pictures]
    parts += [
        Markup('<p lang="{}" dir="auto">{}</p>').format(entry.language, Markup("<br>").join(lines))
        for lines in entry.paragraphs
    ]
    return str(Markup("\n").join(parts))


def _html_of_picture(picture: FeedPicture) -> Markup:
    """A picture, and below it what can be seen in it, in a language of its own: an attribute has none."""
    said = Markup('<figcaption lang="{}" dir="auto">{}</figcaption>').format(
        picture.language, picture.description
    )
    return Markup(
        '<figure><img src="{}" width="{}" height="{}" alt="{}" referrerpolicy="no-referrer">{}</figure>'
    ).format(picture.url, picture.width, picture.height, picture.alt, said if picture.description else "")


def _add_entry(root: ET.Element, entry: Entry) -> None:
    made = _add(root, "entry")
    _add(made, "id", entry.url)
    _add(made, "title", entry.title)
    _add(made, "updated", _moment(entry.mended))
    _add(made, "published", _moment(entry.hung))
    if entry.author:
        _add(_add(made, "author"), "name", entry.author)
    _add(made, "link", rel="alternate", type="text/html", href=entry.url)
    content = _add(made, "content", html_of(entry), type="html")
    if not entry.pictures:  # their descriptions are in the language of the feed
        content.set(_XML_LANG, entry.language)


def _json_item(entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.url,
        "url": entry.url,
        "title": entry.title,
        "content_html": html_of(entry),
        "date_published": _moment(entry.hung),
        "date_modified": _moment(entry.mended),
    }
    if entry.language:
        item["language"] = entry.language
    if entry.author:
        item["authors"] = [{"name": entry.author}]
    if entry.pictures:
        item["image"] = entry.pictures[0].url
    return item


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, _atom(tag), {name: _xml(value) for name, value in attributes.items()})
    made.text = None if text is None else _xml(text)
    return made


def _atom(tag: str) -> str:
    return f"{{{ATOM}}}{tag}"


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text)


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
