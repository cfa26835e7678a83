"""What a visitor chooses above the wall: read from the address, kept in it, shown as tabs and lists."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import request, url_for
from flask_babel import gettext
from markupsafe import Markup

from greetings.gallery.counts import WallCounts, in_words
from greetings.gallery.queries import WallFilter
from greetings.gallery.rules import search_words
from greetings.gallery.tiles import country_name
from greetings.submissions.rules import Kind
from greetings.web.locale import LANGUAGES, NAMES
from greetings.web.templating import number

COUNTRY = re.compile(r"[A-Z]{2}")


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


def read_filter(query: str) -> WallFilter:
    """What was chosen, as far as it is something that can be chosen; anything else counts as not chosen."""
    kind = request.args.get("kind", "")
    country = request.args.get("country", "").upper()
    language = request.args.get("lang", "")
    return WallFilter(
        kind=Kind(kind) if kind in set(Kind) else None,
        country=country if COUNTRY.fullmatch(country) and country_name(country, "en") else "",
        language=language if language in LANGUAGES else "",
        words=tuple(search_words(query)),
    )


def address_of(wanted: WallFilter, query: str) -> dict[str, Any]:
    """A filter as it stands in an address."""
    parts = {
        "kind": wanted.kind.value if wanted.kind else "",
        "country": wanted.country,
        "lang": wanted.language,
        "q": query if wanted.words else "",
    }
    return {name: value for name, value in parts.items() if value}


def headline(wanted: WallFilter, counts: WallCounts) -> Markup | None:
    """How many there are; nobody counts the matches of a search."""
    if wanted.words:
        return None
    countries = 0 if wanted.country else len(counts.countries(wanted))
    return in_words(counts.total(wanted), countries)


def kind_tabs(wanted: WallFilter, counts: WallCounts, kept: dict[str, Any]) -> list[Tab]:
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
            url=url_for("gallery.wall", kind=kind.value if kind else None, **others),
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
            _counted(country_name(code, language), count, language),
            is_current=code == wanted.country,
        )
        for code, count in ordered
        if code
    ]


@lru_cache(maxsize=2048)
def _counted(choice: str, count: int, _language: str) -> str:
    return str(gettext("%(choice)s (%(count)s)", choice=choice, count=number(count)))


def language_choices(wanted: WallFilter, counts: WallCounts) -> list[Choice]:
    """The languages of the form that greetings were sent from."""
    found = counts.languages(wanted)
    return [
        Choice(
            language,
            gettext("%(choice)s (%(count)s)", choice=NAMES[language], count=number(found[language])),
            is_current=language == wanted.language,
        )
        for language in LANGUAGES
        if found[language] or language == wanted.language
    ]
