"""The wall, one greeting, reports and public pictures."""

import re
from dataclasses import dataclass

from flask import Blueprint, Response, g, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from greetings.actions.parts import add_page_part
from greetings.actions.service import ActionPage
from greetings.errors import Gone, NotFound
from greetings.gallery.counts import WallCounts, in_words
from greetings.gallery.queries import (
    PublicGreeting,
    WallFilter,
    find_newer,
    find_older,
    find_picture_digests,
    find_public_greeting,
    is_gone,
    is_gone_picture,
    page_of_greetings,
    pictures_of,
    tallies_of,
)
from greetings.gallery.rules import (
    LONGEST_QUERY,
    PAGE_SIZE,
    STRIP_CHOICE,
    decode_cursor,
    encode_cursor,
    excerpt,
    paragraph_lines,
    search_words,
    text_language,
)
from greetings.gallery.tiles import country_name, make_images, make_strip, make_tile, make_tiles, place
from greetings.ids import ALPHABET, ID_LENGTH, is_id
from greetings.submissions.files import PUBLIC_RENDITIONS, public_key
from greetings.submissions.rules import Kind
from greetings.web.context import house, session
from greetings.web.headers import MEDIA_CACHE, cacheable
from greetings.web.locale import LANGUAGES, NAMES

blueprint = Blueprint("gallery", __name__)
blueprint.add_app_template_filter(paragraph_lines, "paragraph_lines")

COUNTRY = re.compile(r"[A-Z]{2}")
MEDIA_NAME = re.compile(rf"(?P<name>[{ALPHABET}]{{{ID_LENGTH}}})-(?P<rendition>[a-z]+)\.webp")
RENDITION_OF = {rendition.name: rendition for rendition in PUBLIC_RENDITIONS}
DESCRIPTION_LENGTH = 160


@dataclass(frozen=True, slots=True)
class Tab:
    """A kind as a tab above the wall."""

    label: str
    count: int
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a select."""

    value: str
    label: str
    is_current: bool


@blueprint.record_once
def bring_the_strip(state: BlueprintSetupState) -> None:
    """The action's page shows the latest of the wall."""
    add_page_part(state.app, "wall", latest_strip)


def latest_strip(action: ActionPage) -> Markup:
    """How many greetings there are, and the latest of them as two rows."""
    greetings = page_of_greetings(session(), action.row.id, WallFilter(), size=STRIP_CHOICE)
    counts = WallCounts(tallies_of(session(), action.row.id))
    tiles = make_strip(action, greetings, pictures_of(session(), greetings))
    tally = in_words(counts.total(), len(counts.countries()))
    return Markup(render_template("gallery/strip.html", tiles=tiles, tally=tally))  # noqa: S704 - a template


@blueprint.get("/<slug:action_slug>/<language:language>/greetings/")
@cacheable
def wall() -> ResponseReturnValue:
    """Newest first, by kind, country, language and words; every choice stays in the address."""
    action: ActionPage = g.action
    untrusted_query = request.args.get("q", "")[:LONGEST_QUERY]
    wanted = read_filter(untrusted_query)
    before = decode_cursor(request.args.get("after", ""))
    found = page_of_greetings(session(), action.row.id, wanted, before, PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    counts = WallCounts(tallies_of(session(), action.row.id))
    kept = address_of(wanted, untrusted_query)
    older = {**kept, "after": encode_cursor(shown[-1].public_sequence)} if len(found) > PAGE_SIZE else None
    return render_template(
        "gallery/wall.html",
        tiles=make_tiles(action, shown, pictures_of(session(), shown)),
        older_url=url_for("gallery.wall", **older) if older else None,
        newest_url=url_for("gallery.wall", **kept) if before is not None else None,
        wanted=wanted,
        query=" ".join(untrusted_query.split()),
        total=counts.total(),
        headline=headline(wanted, counts),
        tabs=kind_tabs(wanted, counts, kept),
        countries=country_choices(wanted, counts, action.language),
        languages=language_choices(wanted, counts),
        canonical_url=house().settings.url + url_for("gallery.wall", **kept),
    )


def read_filter(untrusted_query: str) -> WallFilter:
    """What was chosen, as far as it is something that can be chosen; anything else counts as not chosen."""
    kind = request.args.get("kind", "")
    country = request.args.get("country", "").upper()
    language = request.args.get("lang", "")
    return WallFilter(
        kind=Kind(kind) if kind in set(Kind) else None,
        country=country if COUNTRY.fullmatch(country) and country_name(country, "en") else "",
        language=language if language in LANGUAGES else "",
        words=tuple(search_words(untrusted_query)),
    )


def address_of(wanted: WallFilter, untrusted_query: str) -> dict[str, str]:
    """A filter as it stands in an address."""
    parts = {
        "kind": wanted.kind.value if wanted.kind else "",
        "country": wanted.country,
        "lang": wanted.language,
        "q": " ".join(untrusted_query.split()) if wanted.words else "",
    }
    return {name: value for name, value in parts.items() if value}


def headline(wanted: WallFilter, counts: WallCounts) -> Markup | None:
    """How many there are; nobody counts the matches of a search."""
    if wanted.words:
        return None
    countries = 0 if wanted.country else len(counts.countries(wanted))
    return in_words(counts.total(wanted), countries)


def kind_tabs(wanted: WallFilter, counts: WallCounts, kept: dict[str, str]) -> list[Tab]:
    """All, photos, written, drawings, each with its count under the other choices."""
    labels = {
        None: gettext("All"),
        Kind.PHOTO: gettext("Photos"),
        Kind.TEXT: gettext("Written"),
        Kind.DRAWING: gettext("Drawings"),
    }
    by_kind = counts.kinds(wanted)
    others = {name: value for name, value in kept.items() if name != "kind"}
    return [
        Tab(
            label=label,
            count=by_kind[kind] if kind else by_kind.total(),
            url=url_for("gallery.wall", **others, **({"kind": kind.value} if kind else {})),
            is_current=kind is wanted.kind,
        )
        for kind, label in labels.items()
    ]


def country_choices(wanted: WallFilter, counts: WallCounts, language: str) -> list[Choice]:
    """The countries that greetings came from, most first."""
    found = counts.countries(wanted)
    found[wanted.country] += 0  # what was chosen stays on the list, even when nothing came from there
    ordered = sorted(found.items(), key=lambda item: (-item[1], country_name(item[0], language)))
    return [
        Choice(
            code,
            gettext("%(choice)s (%(count)s)", choice=country_name(code, language), count=count),
            is_current=code == wanted.country,
        )
        for code, count in ordered
        if code
    ]


def language_choices(wanted: WallFilter, counts: WallCounts) -> list[Choice]:
    """The languages of the form that greetings were sent from."""
    found = counts.languages(wanted)
    return [
        Choice(
            language,
            gettext("%(choice)s (%(count)s)", choice=NAMES[language], count=found[language]),
            is_current=language == wanted.language,
        )
        for language in LANGUAGES
        if found[language] or language == wanted.language
    ]


def get_shown(greeting_id: str) -> PublicGreeting:
    """The public greeting of that ID in this action; `Gone` when it was taken back, else `NotFound`."""
    action: ActionPage = g.action
    if is_id(greeting_id):
        greeting = find_public_greeting(session(), action.row.id, greeting_id)
        if greeting is not None:
            return greeting
        if is_gone(session(), action.row.id, greeting_id):
            raise Gone(greeting_id)
    raise NotFound(greeting_id)


@blueprint.get("/<slug:action_slug>/<language:language>/greetings/<greeting_id>")
@cacheable
def greeting(greeting_id: str) -> ResponseReturnValue:
    """One greeting as a postcard, with its neighbours on the wall."""
    action: ActionPage = g.action
    shown = get_shown(greeting_id)
    newer = find_newer(session(), action.row.id, shown.public_sequence)
    older = find_older(session(), action.row.id, shown.public_sequence)
    pictures = pictures_of(session(), [one for one in (shown, newer, older) if one])
    own_pictures = pictures.get(shown.sequence, [])
    return render_template(
        "gallery/greeting.html",
        greeting=shown,
        tile=make_tile(action, shown, own_pictures),
        images=make_images(action, shown, own_pictures),
        text_language=text_language(shown.text, shown.language),
        place=place(shown, action.language),
        summary=excerpt(shown.text, DESCRIPTION_LENGTH).text,
        newer=make_tile(action, newer, pictures.get(newer.sequence, [])) if newer else None,
        older=make_tile(action, older, pictures.get(older.sequence, [])) if older else None,
        canonical_url=house().settings.url + url_for("gallery.greeting", greeting_id=shown.id),
    )


@blueprint.get("/media/<name>")
def media(name: str) -> ResponseReturnValue:
    """A picture of a public greeting, reduced; nothing else lives here."""
    parts = MEDIA_NAME.fullmatch(name)
    rendition = RENDITION_OF.get(parts["rendition"]) if parts else None
    if parts is None or rendition is None:
        raise NotFound(name)
    digests = find_picture_digests(session(), parts["name"])
    if digests is None:
        if is_gone_picture(session(), parts["name"]):
            raise Gone(name)
        raise NotFound(name)
    data = house().storage.read(public_key(parts["name"], rendition))
    response = Response(data, content_type=rendition.content_type)
    response.headers["Cache-Control"] = MEDIA_CACHE
    digest = digests.get(rendition.name)
    if digest:
        response.set_etag(digest)
    else:
        response.add_etag()
    return response.make_conditional(request)
