"""What an action's posters say in each language, taken from what its organisers wrote."""

import ipaddress
import re
from urllib.parse import urlsplit

from babel.dates import format_date
from babel.units import format_unit

from greetings.actions.rules import poster_rows
from greetings.actions.service import AnyAction, texts_of
from greetings.posters.rules import PosterWords
from greetings.web.typography import typeset

_FIGURES = re.compile(r"[\d\s]+")


def words_of(action: AnyAction, language: str, site_url: str) -> PosterWords:
    """The words of an action's posters."""
    texts = texts_of(action, language)
    return PosterWords(
        language=language,
        headline=tuple(typeset(row, language) for row in poster_rows(texts)),
        age=action.jubilee_age,
        stamp_above=format_date(action.born_on, "d MMMM", locale=language),
        stamp_below=years_word(action.jubilee_age, language),
        day=f"{action.born_on.day}.{action.born_on.month:02}",
        town=texts.town,
        country=texts.country,
        sender_label=texts.poster_from,
        foot=site_address(site_url, action.slug),
    )


def years_word(age: int, language: str) -> str:
    """The word that follows an age, in its right form: “гадоў” after 50, “гады” after 52."""
    return _FIGURES.sub("", format_unit(age, "duration-year", length="long", locale=language))


def site_address(site_url: str, slug: str) -> str:
    """Where to send the photo, as people type it; "" for a site that only its own network can reach."""
    host = urlsplit(site_url).hostname or ""
    if not _is_known_outside(host):
        return ""
    return f"{urlsplit(site_url).netloc}/{slug}"


def _is_known_outside(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal", ".lan"))
