"""What visitors have set at once: a poster with their own wish, and the prison's address as labels.

Nothing of it is kept. Few are at the press at a time, lengths are limited, and a sheet takes some
hundredths of a second, so that nobody can keep the press to themselves.
"""

from dataclasses import replace

from greetings.actions.rules import rows
from greetings.actions.service import AnyAction, texts_of
from greetings.languages import LANGUAGES
from greetings.posters.rules import OwnWish, PaperSize, PhonePoster
from greetings.posters.wording import words_of
from greetings.typesetting import at_the_press, drawable, set_pdf, set_png, with_breaks
from greetings.web.typography import typeset

Words = dict[str, object]
PREVIEW_DPI = 72
LATIN = "en"


def print_own(action: AnyAction, language: str, own: OwnWish, size: PaperSize, site_url: str) -> bytes:
    """The poster as a PDF. Raises Unprintable, PressBusy."""
    with at_the_press():
        return set_pdf("own", _words(action, language, own, site_url), size.value)


def draw_own(action: AnyAction, language: str, own: OwnWish, site_url: str) -> bytes:
    """A picture of it, 595 by 842 pixels. Raises Unprintable, PressBusy."""
    with at_the_press():
        return set_png("own", _words(action, language, own, site_url), PREVIEW_DPI)


def own_on_a_phone(action: AnyAction, language: str, own: OwnWish, site_url: str) -> PhonePoster:
    """The same for a screen that is held up."""
    foot = words_of(action, language, site_url).foot
    return PhonePoster((typeset(own.wish, language),), language, own.name, own.town, foot, own.look)


def print_labels(action: AnyAction, language: str) -> bytes:
    """The prison's address on eight labels: the language's own, and beside it in the other script."""
    own = [language, "be" if language == LATIN else LATIN]
    addresses = [{"language": one, "lines": _address(action, one)} for one in own]
    words = {
        "title": texts_of(action, language).prisoner_name,
        "language": language,
        "addresses": [address for address in addresses if address["lines"]],
    }
    with at_the_press():
        return set_pdf("labels", words)


def has_address(action: AnyAction) -> bool:
    """Whether there is anything to print on a label."""
    return any(_address(action, language) for language in LANGUAGES)


def _address(action: AnyAction, language: str) -> list[str]:
    lines = (drawable(line) for line in rows(texts_of(action, language).address))
    return [line for line in lines if line]


def _words(action: AnyAction, language: str, own: OwnWish, site_url: str) -> Words:
    own = replace(own, wish=typeset(own.wish, language))
    around = words_of(action, language, site_url)
    return {
        "language": language,
        "headline": [own.wish],
        "wish": with_breaks(own.wish),
        "name": own.name,
        "town": own.town,
        "look": own.look.value,
        "age": around.age,
        "stamp_above": around.stamp_above,
        "stamp_below": around.stamp_below,
        "foot": around.foot,
    }
