"""The kept counts of a wall, turned the ways a page needs them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import gettext, ngettext
from markupsafe import Markup

from greetings.actions.service import ActionPage
from greetings.gallery.queries import WallFilter, tallies_found
from greetings.gallery.tallies import Tallies, Tally, tallies_of
from greetings.submissions.rules import Kind
from greetings.web.context import reading
from greetings.web.kept import in_this_moment
from greetings.web.templating import number

MOST_COUNTED = 100  # of what a search finds; whoever finds more looks for something narrower
SEEN_AT_A_GLANCE = 3  # greetings among which nobody has to choose


@dataclass(frozen=True, slots=True)
class WallCounts:
    """How many greetings a filter lets through, words apart: in all, and by each choice whatever is chosen
    of its sort. Those without a country have none.
    """

    total: int
    kinds: Counter[Kind]
    countries: Counter[str]
    languages: Counter[str]


def kept_tallies(action: ActionPage) -> Tallies:
    """How many greetings there are of each kind, country and language, read once a moment."""
    return in_this_moment("tallies", action.id, lambda: tallies_of(reading(), action.id))


def count(tallies: Iterable[Tally], wanted: WallFilter) -> WallCounts:
    """Everything in one pass: a page made anew counts hundreds of kinds, countries and languages."""
    total = 0
    kinds: Counter[Kind] = Counter()
    countries: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    for kind, country, language, greetings in tallies:
        is_kind = wanted.kind is None or wanted.kind is kind
        is_country = wanted.country in {"", country}
        is_language = wanted.language in {"", language}
        if is_country and is_language:
            kinds[kind] += greetings
        if is_kind and is_language and country:
            countries[country] += greetings
        if is_kind and is_country:
            languages[language] += greetings
            total += greetings if is_language else 0
    return WallCounts(total, kinds, countries, languages)


def telling(tallies: Sequence[Tally]) -> frozenset[str]:
    """By what the greetings of a wall can be told apart, as it is named in an address; nothing, where all of
    them are seen at a glance.
    """
    if sum(tally.greetings for tally in tallies) <= SEEN_AT_A_GLANCE:
        return frozenset()
    differing = {
        "kind": len({tally.kind for tally in tallies}) > 1,
        "country": len({tally.country for tally in tallies}) > 1,
        "lang": len({tally.language for tally in tallies}) > 1,
    }
    return frozenset({"q"} | {name for name, differs in differing.items() if differs})


class Matches(NamedTuple):
    """What a search finds: of each kind, country and language whatever is chosen, and in all as chosen.
    None where it is more than anybody counts.
    """

    tallies: Tallies | None
    total: int | None


def matches_of(action_id: int, wanted: WallFilter) -> Matches:
    """How many greetings have the words, counted so far that the search stays quick."""
    words_alone = WallFilter(words=wanted.words)
    found = tallies_found(reading(), action_id, words_alone, MOST_COUNTED)
    if found is not None:
        return Matches(Tallies(found), count(found, wanted).total)
    if wanted == words_alone:
        return Matches(None, None)
    chosen = tallies_found(reading(), action_id, wanted, MOST_COUNTED)
    return Matches(None, None if chosen is None else count(chosen, wanted).total)


def in_words(greetings: int, countries: int) -> Markup:
    """“1,284 greetings from 37 countries”, its figures in `b` so that they can be set in colour.

    All from one country is nothing to count: a wall begins with “1 greeting”.
    """
    said = ngettext("%(number)s greeting", "%(number)s greetings", greetings, number=_figure(greetings))
    if countries > 1:
        # translators: the second half of "1,284 greetings from 37 countries"
        origin = ngettext(
            "from %(number)s country", "from %(number)s countries", countries, number=_figure(countries)
        )
        said = gettext("%(greetings)s %(from_countries)s", greetings=said, from_countries=origin)
    return Markup(said)  # noqa: S704 - our own words and figures


def matches_in_words(query: str, total: int | None) -> Markup:
    """“7 greetings match “rowan””; what somebody typed can turn nothing around it."""
    words = Markup("<bdi>{}</bdi>").format(query)
    if total is None:
        said = gettext(
            "More than %(number)s greetings match “%(words)s”", number=_figure(MOST_COUNTED), words=words
        )
    else:
        said = ngettext(
            "%(number)s greeting matches “%(words)s”",
            "%(number)s greetings match “%(words)s”",
            total,
            number=_figure(total),
            words=words,
        )
    return Markup(said)  # noqa: S704 - our own words and figures, and theirs escaped


def in_figures(counts: WallCounts) -> list[tuple[str, str]]:
    """(figure, what it counts) of what came together; what is nothing is left out."""
    kinds, countries = counts.kinds, len(counts.countries)
    found = [
        (kinds[Kind.PHOTO], ngettext("photo", "photos", kinds[Kind.PHOTO])),
        (kinds[Kind.TEXT], ngettext("written greeting", "written greetings", kinds[Kind.TEXT])),
        (kinds[Kind.DRAWING], ngettext("drawing", "drawings", kinds[Kind.DRAWING])),
        (countries, ngettext("country", "countries", countries)),
    ]
    return [(number(count), words) for count, words in found if count]


def _figure(value: int) -> Markup:
    return Markup("<b>{}</b>").format(number(value))
