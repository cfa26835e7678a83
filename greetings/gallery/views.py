"""The wall, one greeting, reports and public pictures."""

import re

from flask import Blueprint, Response, current_app, g, make_response, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from greetings.actions.parts import add_page_part
from greetings.actions.service import ActionPage
from greetings.errors import Gone, NotFound
from greetings.gallery.albums import album_rows, is_album
from greetings.gallery.counts import count, in_figures, in_words, kept_tallies
from greetings.gallery.cursors import EXTENSION as CURSORS
from greetings.gallery.cursors import Cursors
from greetings.gallery.filters import Choices, address_of, read_filter, with_query
from greetings.gallery.forms import ReportForm
from greetings.gallery.fragments import EXTENSION as FRAGMENTS
from greetings.gallery.fragments import MOST_TILES, in_lines, strip_texts, wall_texts
from greetings.gallery.queries import (
    PublicGreeting,
    WallFilter,
    find_newer,
    find_newest,
    find_older,
    find_oldest,
    find_picture_digests,
    find_public_greeting,
    get_row,
    is_gone,
    is_gone_picture,
    page_of_greetings,
    place_of,
)
from greetings.gallery.rules import (
    LONGEST_QUERY,
    PAGE_SIZE,
    STRIP_CHOICE,
    STRIP_SIZE,
    paragraph_lines,
)
from greetings.gallery.tiles import is_set_alike, make_images, make_tile
from greetings.house import House
from greetings.ids import ALPHABET, ID_LENGTH, is_id
from greetings.moderation.rules import Concern
from greetings.moderation.service import report as bring_to_the_desk
from greetings.submissions.excerpts import excerpt
from greetings.submissions.files import PUBLIC_RENDITIONS, public_key
from greetings.submissions.languages import text_language
from greetings.web.cleaning import clean
from greetings.web.context import EXTENSION as HOUSE
from greetings.web.context import house, reading, session
from greetings.web.headers import MEDIA_CACHE, cacheable, shown_elsewhere
from greetings.web.kept import Kept, in_this_moment
from greetings.web.limits import REPORTS, REPORTS_WIDELY, asking_wide_network, limiter
from greetings.web.typography import typeset

blueprint = Blueprint("gallery", __name__)
blueprint.add_app_template_filter(paragraph_lines, "paragraph_lines")
blueprint.add_app_template_filter(in_lines, "in_lines")

MEDIA_NAME = re.compile(rf"(?P<name>[{ALPHABET}]{{{ID_LENGTH}}})-(?P<rendition>[a-z]+)\.webp")
RENDITION_OF = {rendition.name: rendition for rendition in PUBLIC_RENDITIONS}
DESCRIPTION_LENGTH = 160
MOST_PLACES = 500  # places are counted so far down the wall; below, nobody misses the number
UNPROCESSABLE = 422


@blueprint.record_once
def bring_cursors(state: BlueprintSetupState) -> None:
    """Addresses of older pages are sealed with a key of this house."""
    parts: House = state.app.extensions[HOUSE]
    state.app.extensions[CURSORS] = Cursors(parts.keys)


@blueprint.record_once
def keep_tiles(state: BlueprintSetupState) -> None:
    """Tiles are kept ready, and let go of whenever the house settles."""
    fragments = state.app.extensions[FRAGMENTS] = Kept(MOST_TILES)
    parts: House = state.app.extensions[HOUSE]
    parts.when_settling.append(fragments.settle)


@blueprint.record_once
def bring_the_strip(state: BlueprintSetupState) -> None:
    """The action's page shows the latest of the wall."""
    add_page_part(state.app, "wall", latest_strip)
    add_page_part(state.app, "figures", what_came)


def latest_strip(action: ActionPage) -> Markup:
    """How many greetings there are, and the latest of them as two rows."""
    greetings = page_of_greetings(reading(), action.id, WallFilter(), size=STRIP_CHOICE)
    counts = count(kept_tallies(action), WallFilter())
    tiles = strip_texts(action, greetings)
    tally = in_words(counts.total, len(counts.countries))
    page = render_template(
        "gallery/strip.html",
        tiles=tiles,
        tally=tally,
        is_chosen=len(greetings) > STRIP_SIZE,
        more=counts.total - len(tiles),
    )
    return Markup(page)  # noqa: S704 - a template


def what_came(action: ActionPage) -> Markup:
    """Photos, letters, drawings and countries, each with its number: an action that is over looks back."""
    counts = count(kept_tallies(action), WallFilter())
    return Markup(render_template("gallery/figures.html", pairs=in_figures(counts)))  # noqa: S704 - a template


@blueprint.get("/<slug:action_slug>/<language:language>/greetings/")
@cacheable
def wall() -> ResponseReturnValue:
    """Newest first, by kind, country, language and words; every choice stays in the address."""
    action: ActionPage = g.action
    query = clean(request.args.get("q", ""))[:LONGEST_QUERY].strip()
    wanted = read_filter(query)
    before = _cursors().read(action.id, request.args.get("after", ""))
    tallies = kept_tallies(action)
    found = page_of_greetings(reading(), action.id, wanted, before, PAGE_SIZE + 1, tallies)
    shown = found[:PAGE_SIZE]
    kept = address_of(wanted, query)
    choices = in_this_moment(
        "choices",
        (action.id, action.language, wanted, query),
        lambda: Choices(wanted, kept, action.language, tallies, action.id),
    )
    here = url_for("gallery.wall")
    ends_at = _cursors().write(action.id, shown[-1].public_sequence) if len(found) > PAGE_SIZE else None
    older = {**kept, "after": ends_at} if ends_at else None
    return render_template(
        "gallery/wall.html",
        tiles=wall_texts(action, shown),
        older_url=with_query(here, older) if older else None,
        older_count=choices.total - PAGE_SIZE if choices.total and before is None else None,
        newest_url=with_query(here, kept) if before is not None else None,
        is_chosen=bool(kept),
        wanted=wanted,
        query=query,
        tallies=tallies,
        choices=choices,
        canonical_url=house().settings.url + with_query(here, kept),
    )


def get_shown(greeting_id: str) -> PublicGreeting:
    """The public greeting of that ID in this action; `Gone` when it was taken back, else `NotFound`."""
    action: ActionPage = g.action
    if is_id(greeting_id):
        greeting = find_public_greeting(reading(), action.id, greeting_id)
        if greeting is not None:
            return greeting
        if is_gone(reading(), action.id, greeting_id):
            raise Gone(greeting_id)
    raise NotFound(greeting_id)


@blueprint.get("/<slug:action_slug>/<language:language>/greetings/<greeting_id>")
@cacheable
def greeting(greeting_id: str) -> ResponseReturnValue:
    """One greeting as a postcard, with its neighbours on the wall."""
    action: ActionPage = g.action
    shown = get_shown(greeting_id)
    newer = find_newer(reading(), action.id, shown.public_sequence)
    older = find_older(reading(), action.id, shown.public_sequence)
    place_on_wall = place_of(reading(), action.id, shown.public_sequence, MOST_PLACES)
    language = text_language(shown.text, shown.language)
    tile, images = make_tile(action, shown), make_images(action, shown)
    summary = excerpt(shown.text, DESCRIPTION_LENGTH).text
    sizes = [(image.width, image.height) for image in images]
    rows = album_rows([width / height for width, height in sizes]) if is_album(sizes) else []
    return render_template(
        "gallery/greeting.html",
        greeting=shown,
        is_kept_together=is_set_alike(typeset(shown.text, language), shown.text),
        tile=tile,
        images=images,
        rows=[images[row] for row in rows],
        text_language=language,
        summary=summary,
        card_alt=tile.description or (tile.image_alt if images else summary),
        newer=make_tile(action, newer) if newer else None,
        older=make_tile(action, older) if older else None,
        place_on_wall=place_on_wall,
        total=count(kept_tallies(action), WallFilter()).total,
        wall_url=_wall_around(action, shown, newer, place_on_wall),
        ends=_ends(action, shown),
        canonical_url=house().settings.url + url_for("gallery.greeting", greeting_id=shown.id),
    )


def _wall_around(
    action: ActionPage, shown: PublicGreeting, newer: PublicGreeting | None, place_on_wall: int | None
) -> str:
    """The page of the wall on which this greeting hangs, at its tile. It begins behind the one before it: a
    cursor of its own place and one more would tell whether anything hung between them.
    """
    is_first_page = place_on_wall is not None and place_on_wall <= PAGE_SIZE
    after = None if is_first_page or newer is None else _cursors().write(action.id, newer.public_sequence)
    return url_for("gallery.wall", after=after, _anchor=f"g-{shown.id}")


def _cursors() -> Cursors:
    cursors: Cursors = current_app.extensions[CURSORS]
    return cursors


def _ends(action: ActionPage, shown: PublicGreeting) -> dict[str, str]:
    """The addresses of the newest and of the oldest greeting, where this one isn't it."""
    ends = {
        "first": find_newest(reading(), action.id),
        "last": find_oldest(reading(), action.id),
    }
    return {
        rel: url_for("gallery.greeting", greeting_id=end.id)
        for rel, end in ends.items()
        if end and end.id != shown.id
    }


@blueprint.get("/media/<name>")
@shown_elsewhere
def media(name: str) -> ResponseReturnValue:
    """A picture of a public greeting, reduced; nothing else lives here."""
    parts = MEDIA_NAME.fullmatch(name)
    rendition = RENDITION_OF.get(parts["rendition"]) if parts else None
    if parts is None or rendition is None:
        raise NotFound(name)
    digests = find_picture_digests(reading(), parts["name"])
    if digests is None:
        if is_gone_picture(reading(), parts["name"]):
            raise Gone(name)
        raise NotFound(name)
    data = house().storage.read(public_key(parts["name"], rendition))
    response = Response(data, content_type=rendition.content_type)
    response.headers["Cache-Control"] = MEDIA_CACHE
    response.headers["X-Robots-Tag"] = "noindex"
    digest = digests.get(rendition.name)
    if digest:
        response.set_etag(digest)
    else:
        response.add_etag()
    return response.make_conditional(request)


@blueprint.route(
    "/<slug:action_slug>/<language:language>/greetings/<greeting_id>/report", methods=["GET", "POST"]
)
@limiter.limit(REPORTS, methods=["POST"])
@limiter.limit(REPORTS_WIDELY, key_func=asking_wide_network, methods=["POST"])
def report(greeting_id: str) -> ResponseReturnValue:
    """Bring a greeting back to the desk. Nothing about whoever tells is kept."""
    action: ActionPage = g.action
    shown = get_shown(greeting_id)
    form = ReportForm()
    if request.method == "POST" and form.validate():
        bring_to_the_desk(
            session(),
            get_row(session(), shown),
            Concern(form.concern.data),
            form.note.data or "",
            house().clock,
        )
        return render_template("gallery/report.html", is_sent=True)
    page = render_template(
        "gallery/report.html",
        is_sent=False,
        form=form,
        tile=make_tile(action, shown),
    )
    return make_response(page, UNPROCESSABLE if form.errors else 200)
