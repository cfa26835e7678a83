"""What a visitor chooses above the wall: read from the address, kept in it, shown as tabs and lists."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext
from markupsafe import Markup

from greetings.gallery.counts import (
    Matches,
    WallCounts,
    count,
    in_words,
    matches_in_words,
    matches_of,
    telling,
)
from greetings.gallery.queries import WallFilter
from greetings.gallery.rules import search_words
from greetings.gallery.tallies import Tallies
from greetings.languages import LANGUAGES, NAMES
from greetings.submissions.countries import country_name, place_in_alphabet
from greetings.submissions.rules import Kind
from greetings.web.templating import number

PLAIN_IN_QUERIES = "!$'()*,/:;?@"
CHOICES = frozenset({"kind", "country", "lang", "q"})
COUNTRY = re.compile(r"[A-Z]{2}")
LEAST_OF_A_NAME = 3


@dataclass(frozen=True, slots=True)
class Tab:
    """A kind as a tab above the wall."""

    label: str
    count: int | None
    url: str
    is_current: bool


class Choice(NamedTuple):
    """One line of a select; a page has dozens."""

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


def with_query(path: str, parts: Mapping[str, str]) -> str:
    """An address with parts of a filter behind it, spelled as `url_for` spells it: the router has
    nothing to say about them.
    """
    return f"{path}?{urlencode(parts, safe=PLAIN_IN_QUERIES)}" if parts else path


@dataclass(frozen=True)
class Choices:
    """What stands above the wall under a filter; counted only when a page draws that piece anew."""

    wanted: WallFilter
    address: Mapping[str, Any]
    language: str
    tallies: Tallies
    action_id: int

    @cached_property
    def matches(self) -> Matches | None:
        """What a search finds; None where nothing is looked for."""
        return matches_of(self.action_id, self.wanted) if self.wanted.words else None

    @cached_property
    def counts(self) -> WallCounts:
        """By each choice: of what was found, or of the whole wall."""
        return count((self.matches and self.matches.tallies) or self.tallies, self.wanted)

    @cached_property
    def total(self) -> int | None:
        """How many there are as chosen; None if they are more than a search counts."""
        return self.matches.total if self.matches else self.counts.total

    @property
    def are_counted(self) -> bool:
        """Whether each choice has its number. A search that finds nothing, or more than it counts, offers
        every choice of the wall and claims nothing about it.
        """
        return self.matches is None or bool(self.matches.tallies)

    @cached_property
    def offered(self) -> frozenset[str]:
        """What can be chosen, as it is named in an address: by what the greetings of the wall differ, and
        what is chosen, so that it can be taken off. Whoever finds nothing may try everything.
        """
        return CHOICES if self.total == 0 else telling(self.tallies) | self.address.keys()

    def headline(self) -> Markup | None:
        """How many there are, and of what; nothing about nothing."""
        if self.total == 0:
            return None
        if self.matches:
            return matches_in_words(self.address["q"], self.matches.total)
        return in_words(self.counts.total, 0 if self.wanted.country else len(self.counts.countries))

    def tabs(self) -> list[Tab]:
        """All, photos, written, drawings, each with its count under the other choices."""
        labels = {
            None: gettext("All"),
            Kind.PHOTO: gettext("Photos"),
            Kind.TEXT: gettext("Written"),
            Kind.DRAWING: gettext("Drawings"),
        }
        others = {name: value for name, value in self.address.items() if name != "kind"}
        by_kind = self.counts.kinds
        return [
            Tab(
                label=label,
                count=(by_kind[kind] if kind else by_kind.total()) if self.are_counted else None,
                url=url_for("gallery.wall", kind=kind.value if kind else None, **others),
                is_current=kind is self.wanted.kind,
            )
            for kind, label in labels.items()
        ]

    def countries(self) -> list[Choice]:
        """The countries that greetings came from, most first, as many by the alphabet of the page; what was
        chosen stays, even without any.
        """
        found = {self.wanted.country: 0} | self.counts.countries
        ordered = sorted(
            found.items(), key=lambda item: (-item[1], place_in_alphabet(item[0], self.language))
        )
        return [
            Choice(
                code,
                self._with_count(country_name(code, self.language), greetings),
                is_current=code == self.wanted.country,
            )
            for code, greetings in ordered
            if code
        ]

    def meant(self) -> list[Choice]:
        """The countries that were looked for by name, in any of our languages: greetings hold no such word,
        though the wall writes it below them.
        """
        return [country for country in self.countries() if _is_called(country.value, self.wanted.words)]

    def languages(self) -> list[Choice]:
        """The languages of the form that greetings were sent from."""
        found = self.counts.languages
        return [
            Choice(
                language,
                self._with_count(NAMES[language], found[language]),
                is_current=language == self.wanted.language,
            )
            for language in LANGUAGES
            if found[language] or language == self.wanted.language
        ]

    def _with_count(self, choice: str, count: int) -> str:
        return _counted(choice, count, self.language) if self.are_counted else choice


@lru_cache(maxsize=2048)
def _is_called(country: str, words: tuple[str, ...]) -> bool:
    """Whether each of these words begins one of a country's name."""
    names = [search_words(country_name(country, language)) for language in LANGUAGES]
    return all(len(word) >= LEAST_OF_A_NAME for word in words) and any(
        all(any(own.startswith(word) for own in name) for word in words) for name in names
    )


@lru_cache(maxsize=2048)
def _counted(choice: str, count: int, _language: str) -> str:
    return str(gettext("%(choice)s (%(count)s)", choice=choice, count=number(count)))
