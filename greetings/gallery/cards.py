"""The cards that messengers and networks show with a link: a greeting as a picture of 1200 by 630 pixels.

They are drawn when asked for and never stored, so there is nothing to erase: a card is there exactly as long
as its greeting is public, and the pages kept ready in memory are forgotten with it.
"""

from typing import Any

from flask_babel import gettext, ngettext

from greetings.actions.rules import ActionState
from greetings.actions.service import ActionPage
from greetings.gallery.queries import PublicGreeting
from greetings.gallery.rules import card_class, stocks
from greetings.gallery.tiles import postmark_places, sender_of
from greetings.house import House
from greetings.submissions.excerpts import excerpt
from greetings.submissions.files import DISPLAY, public_key
from greetings.submissions.languages import text_language
from greetings.typesetting import at_the_press, drawable, is_legible, set_jpeg, with_breaks
from greetings.web.typography import typeset

CARD_WIDTH_PX, CARD_HEIGHT_PX = 1200, 630
LONGEST_ON_CARD, LONGEST_BESIDE_PICTURE = 220, 110


def draw_greeting(house: House, action: ActionPage, greeting: PublicGreeting) -> bytes:
    """The card of a public greeting, as JPEG: its first picture whole, or its words. Raises Unprintable."""
    picture = greeting.pictures[0] if greeting.pictures else None
    longest = LONGEST_BESIDE_PICTURE if picture else LONGEST_ON_CARD
    text = excerpt(greeting.text, longest).text
    language = text_language(greeting.text, greeting.language)
    name, place = sender_of(greeting, action.language)
    above, below = postmark_places(greeting, action.language)
    words = {
        **_frame(action),
        "lang": language,
        "text": _legible(typeset(text, language))
        or ("" if picture else typeset(action.title, action.language)),
        "name": with_breaks(_legible(name)),
        "place": with_breaks(_legible(place)),
        "stock": stocks([(greeting.id, card_class(text))])[0].replace("kr", "k1"),
        "town": _legible(above),
        "country": _legible(below),
        "day": f"{greeting.received_at.day}.{greeting.received_at.month:02}",
        "picture": picture is not None,
        "ratio": picture.width_px / picture.height_px if picture else 1,
    }
    laid_in = house.storage.read(public_key(picture.public_name, DISPLAY)) if picture else None
    with at_the_press():
        return set_jpeg("link", words, laid_in)


def draw_action(action: ActionPage) -> bytes:
    """The card of an action's own pages: what is called out on the birthday, or at the homecoming, which
    speaks of no prison any more. Raises Unprintable.
    """
    is_home = action.state is ActionState.RELEASED
    words = {
        **_frame(action),
        "lang": action.language,
        "text": _legible(typeset(action.title, action.language)),
        "title": "",
        "name": _legible(action.texts.prisoner_name),
        "place": "" if is_home else _legible(action.texts.eyebrow),
        "stock": "k1",
        "town": _legible(action.texts.first_name if is_home else action.texts.town),
        "country": "" if is_home else _legible(action.texts.country),
        "day": gettext("home") if is_home else f"{action.born_on.day}.{action.born_on.month:02}",
        "picture": False,
        "ratio": 1,
    }
    with at_the_press():
        return set_jpeg("link", words)


def _frame(action: ActionPage) -> dict[str, Any]:
    return {
        "title": _legible(action.title),
        "headline": [],
        "figure": 0 if action.state is ActionState.RELEASED else action.jubilee_age,
        "above": gettext("turning"),
        "below": ngettext("year old", "years old", action.jubilee_age),
    }


def _legible(text: str) -> str:
    """A line as our fonts can set it; nothing rather than half of its letters."""
    return drawable(text) if is_legible(text) else ""
