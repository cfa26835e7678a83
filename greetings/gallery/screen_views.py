"""The screen for events: one greeting after another, for a beamer and for hours.

A greeting stands here by its sender's consent to events, not to the gallery. So its pictures don't come from
the public store: a view asks the rows each time, and the page is neither linked from public pages nor
offered to search engines.
"""

from dataclasses import dataclass

import segno
from flask import Blueprint, Response, g, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from greetings.actions.service import ActionPage
from greetings.errors import NotFound
from greetings.gallery.queries import PublicGreeting
from greetings.gallery.rules import stocks
from greetings.gallery.screen_queries import find_screen_greeting, find_screen_picture, slides_of
from greetings.gallery.screening import (
    SlideName,
    find_slide_name,
    next_slide,
    screen_words,
    seconds_to_read,
    size_class,
)
from greetings.gallery.tiles import image_alt, isolated_place, make_tile, shape_classes
from greetings.imaging.renditions import fitted
from greetings.submissions.files import DISPLAY, private_key
from greetings.submissions.languages import description_language, text_language
from greetings.web.context import house, session
from greetings.web.headers import MEDIA_CACHE
from greetings.web.typography import typeset

blueprint = Blueprint("screen", __name__)

# not the pages' own second at a proxy: what was taken back leaves the wall of a hall at once
ASK_EACH_TIME = "no-cache"


@dataclass(frozen=True, slots=True)
class Slide:
    """One greeting as the room sees it: a picture, or words, or both. `image_url` is "" for words alone."""

    name: str
    sender: str
    place: str
    words: str
    language: str
    size: str
    stock: str
    seconds: int
    image_url: str
    image_width: int
    image_height: int
    image_alt: str
    description: str
    description_language: str
    ratio_class: str
    town_upper: str
    country_upper: str
    day_month: str
    year: str
    turn: str

    @property
    def is_tall(self) -> bool:
        return self.image_height > self.image_width


@blueprint.get("/<slug:action_slug>/<language:language>/screen")
def show() -> ResponseReturnValue:
    """One slide and, without JavaScript, the way to the next; the script takes its slides from here, too."""
    slides = _slides()
    asked = request.args.get("show", "")
    shown = asked if asked in slides else next_slide(slides, None)
    page = render_template(
        "gallery/screen.html",
        slide=_slide(shown) if shown else None,
        next_url=url_for("screen.show", show=next_slide(slides, shown)) if shown else url_for("screen.show"),
        still_url=url_for("screen.show", show=shown, still=1) if shown else "",
        is_still="still" in request.args,
        frame=_frame(),
        take_part=_address(),
        code=_code(),
    )
    response = make_response(page)
    response.headers["Cache-Control"] = ASK_EACH_TIME
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/<slug:action_slug>/<language:language>/screen.json")
def slides() -> ResponseReturnValue:
    """The names of all slides, newest first, and of the frame around them: a new frame asks for a reload."""
    response = jsonify(frame=_frame(), slides=_slides())
    response.headers["Cache-Control"] = ASK_EACH_TIME
    response.add_etag()
    return response.make_conditional(request)


@blueprint.get("/<slug:action_slug>/<language:language>/screen/<name>.webp")
def picture(name: str) -> ResponseReturnValue:
    """A picture, as long as its sender's consent to events, the moderators and the action say so."""
    action: ActionPage = g.action
    wanted = find_slide_name(name)
    found = wanted and find_screen_picture(session(), action.id, wanted.greeting_id, wanted.position)
    if not found:
        raise NotFound(name)
    response = Response(
        house().storage.read(private_key(found.private_name, DISPLAY)), content_type=DISPLAY.content_type
    )
    response.headers["Cache-Control"] = MEDIA_CACHE
    response.headers["X-Robots-Tag"] = "noindex"
    response.add_etag()
    return response.make_conditional(request)


def _slides() -> list[str]:
    action: ActionPage = g.action
    return [str(SlideName(*slide)) for slide in slides_of(session(), action.id)]


def _slide(name: str) -> Slide | None:
    """The slide of a name from `_slides`; None when it was taken back a moment ago."""
    action: ActionPage = g.action
    wanted = find_slide_name(name)
    greeting = wanted and find_screen_greeting(session(), action.id, wanted.greeting_id)
    return _fill(action, wanted, greeting) if wanted and greeting else None


def _fill(action: ActionPage, wanted: SlideName, greeting: PublicGreeting) -> Slide:
    tile = make_tile(action, greeting)
    image = find_screen_picture(session(), action.id, greeting.id, wanted.position)
    words = screen_words(greeting.text, beside_picture=image is not None)
    language = text_language(greeting.text, greeting.language)
    width, height = fitted(image.width_px, image.height_px, DISPLAY.edge_px) if image else (0, 0)
    version = image.digests.get(DISPLAY.name, "")[:12] if image else ""
    return Slide(
        name=str(wanted),
        sender=tile.name,
        place=isolated_place(greeting, action.language),
        words=typeset(words, language),
        language=language,
        size=size_class(words),
        stock=stocks([(greeting.id, "c2")])[0],
        seconds=seconds_to_read(words),
        image_url=url_for("screen.picture", name=str(wanted), v=version) if image else "",
        image_width=width,
        image_height=height,
        image_alt=image_alt(greeting, action.language),
        description=image.description if image else "",
        description_language=description_language(image.description, greeting.language) if image else "",
        ratio_class=shape_classes(width, height) if image else "",
        town_upper=tile.town_upper,
        country_upper=tile.country_upper,
        day_month=tile.day_month,
        year=tile.year,
        turn=tile.turn,
    )


def _frame() -> str:
    """Changes whenever the page around the slides does: with the action's words, and at midnight."""
    action: ActionPage = g.action
    return f"{action.version}-{action.state.value}-{action.today.isoformat()}"


def _address() -> str:
    """Where one takes part, as it is typed: without the scheme."""
    action: ActionPage = g.action
    return f"{house().settings.url.partition('://')[2]}/{action.slug}"


def _code() -> Markup:
    """The same address for a telephone to read, as a drawing."""
    url = house().settings.url + url_for("actions.show")
    look = {"border": 2, "dark": "#221d19", "light": "#fffcf6", "omitsize": True, "svgclass": "qr"}
    drawn = segno.make(url, error="m", micro=False).svg_inline(lineclass=None, **look)
    return Markup(drawn)  # noqa: S704 - drawn by us, from our own address
