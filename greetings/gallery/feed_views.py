"""The wall for feed readers, and what search engines are told: where pages are, and which to leave alone."""

from datetime import date
from xml.etree import ElementTree as ET  # writes only; nothing is parsed here

from flask import Blueprint, Response, g, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from greetings.actions.queries import list_public_actions
from greetings.actions.service import ActionPage
from greetings.gallery.feeds import Entry, Feed, FeedPicture, as_atom, as_json
from greetings.gallery.queries import Days, PublicGreeting, WallFilter, days_of, page_of_greetings
from greetings.gallery.rules import paragraph_lines
from greetings.gallery.tiles import make_images, sender_of
from greetings.languages import LANGUAGES
from greetings.submissions.languages import text_language
from greetings.web.context import house, reading, session
from greetings.web.headers import cacheable

blueprint = Blueprint("feeds", __name__)

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
LISTED = ("actions.show", "gallery.wall", "posters.index", "posters.own", "posters.phone", "actions.privacy")
# Addresses that tell nothing of anybody, of pages that show people: not even read. Whatever else is not to be
# found says so itself, which only who reads it learns: what is left alone may be listed by its bare address.
LEFT_ALONE = ("/*/*/screen", "/embed/*/*/strip")


@blueprint.get("/<slug:action_slug>/<language:language>/feed.atom")
@cacheable
def atom() -> ResponseReturnValue:
    """The newest greetings for feed readers."""
    return Response(as_atom(_feed("feeds.atom")), content_type="application/atom+xml; charset=utf-8")


@blueprint.get("/<slug:action_slug>/<language:language>/feed.json")
@cacheable
def json() -> ResponseReturnValue:
    """The same for readers that like JSON better."""
    return Response(as_json(_feed("feeds.json")), content_type="application/feed+json; charset=utf-8")


@blueprint.get("/sitemap.xml")
@cacheable
def sitemap() -> ResponseReturnValue:
    """The pages of every public action in each language. Single greetings are not listed: whoever sent one
    shows it to visitors of the wall, and needn't be found by name.
    """
    ET.register_namespace("", SITEMAP)
    ET.register_namespace("xhtml", XHTML)
    root = ET.Element(f"{{{SITEMAP}}}urlset")
    for action in list_public_actions(session()):
        for endpoint in LISTED:
            _list_page(root, endpoint, action.slug)
    page = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(page, content_type="application/xml; charset=utf-8")


@blueprint.get("/robots.txt")
@cacheable
def robots() -> ResponseReturnValue:
    """What search engines leave alone altogether: the screen at events, and the strip in pages of others."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in LEFT_ALONE)]
    lines += ["", f"Sitemap: {house().settings.url}{url_for('feeds.sitemap')}", ""]
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")


def _list_page(root: ET.Element, endpoint: str, slug: str) -> None:
    urls = {
        language: house().settings.url + url_for(endpoint, action_slug=slug, language=language)
        for language in LANGUAGES
    }
    # what asks the visitor's browser; said by the page itself, too
    enter = house().settings.url + url_for("actions.enter", action_slug=slug)
    no_language = {"x-default": enter} if endpoint == "actions.show" else {}
    for url in urls.values():
        page = ET.SubElement(root, f"{{{SITEMAP}}}url")
        ET.SubElement(page, f"{{{SITEMAP}}}loc").text = url
        for other, other_url in (urls | no_language).items():
            alternate = {"rel": "alternate", "hreflang": other, "href": other_url}
            ET.SubElement(page, f"{{{XHTML}}}link", alternate)


def _feed(endpoint: str) -> Feed:
    action: ActionPage = g.action
    greetings = page_of_greetings(reading(), action.id, WallFilter())
    days = days_of(reading(), greetings)
    site = house().settings.url
    return Feed(
        title=action.title,
        subtitle=gettext("Photos, words and drawings that people sent. Newest first."),
        author=action.title,
        language=action.language,
        page_url=site + url_for("gallery.wall"),
        feed_url=site + url_for(endpoint),
        begun=date(action.today.year, 1, 1),
        entries=[_entry(action, greeting, days[greeting.id]) for greeting in greetings],
    )


def _entry(action: ActionPage, greeting: PublicGreeting, days: Days) -> Entry:
    site = house().settings.url
    name, place = sender_of(greeting, action.language)
    called = name or gettext("A greeting without a name")
    images = make_images(action, greeting)
    return Entry(
        url=site + url_for("gallery.greeting", greeting_id=greeting.id),
        title=gettext("%(name)s (%(place)s)", name=called, place=place) if place else called,
        author=name,
        language=text_language(greeting.text, greeting.language),
        hung=days.hung,
        mended=days.mended,
        paragraphs=tuple(tuple(lines) for lines in paragraph_lines(greeting.text)),
        pictures=tuple(
            FeedPicture(
                site + one.url, one.width, one.height, one.alt, one.description, one.description_language
            )
            for one in images
        ),
    )
